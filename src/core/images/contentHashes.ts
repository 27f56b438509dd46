/**
 * SHA-256 of image files, memoised by path, size and times in `content-hashes.jsonl` of the project's part of the
 * user's cache, so that a second run asks the file system for 112,120 stats and reads no pixels. It is not in the
 * project: a memo that came with one could pass one image's thumbnail and features off as another's.
 *
 * The file is a cache: one line `[path, size, mtime, ctime, hash]` per file, appended only, the last line of a path
 * counts. Lines that cannot be read (torn by a kill) are skipped, and a file that is mostly outdated is written
 * anew.
 */
import * as fs from 'node:fs';
import * as path from 'node:path';
import { appendToFile, normalisePath, readTextIfPresent, writeFileAtomic } from '../base/files';
import { throwIfCancelled } from '../base/errors';
import { splitFrame } from './frameReference';

/**
 * What tells that a file's content is still the one that was hashed. The time of change is in it because images
 * of one archive often share size and modification time, and one copied over another keeps both.
 */
export interface FileStamp {
  readonly size: number;
  /** Time of modification, nanoseconds since 1970, as text: beyond the exact integers of a number. */
  readonly mtime: string;
  /** Time of the last change to the file or its entry, likewise; no program can set it back. */
  readonly ctime: string;
}

/** Whether two stamps are of the same content. A file that is not there has none. */
export function sameStamp(a: FileStamp | null | undefined, b: FileStamp | null | undefined): boolean {
  if (!a || !b) return false;
  return a.size === b.size && a.mtime === b.mtime && a.ctime === b.ctime;
}

interface Entry extends FileStamp {
  readonly hash: string;
}

const fileName = 'content-hashes.jsonl';
/** Lines are collected and written in blocks of this many. */
const blockLines = 512;
/** Outdated lines that are borne before the file is written anew. */
const outdatedAllowed = 1000;

export class ContentHashes {
  private pending: string[] = [];
  private writing: Promise<void> = Promise.resolve();

  private constructor(
    private readonly root: string,
    private readonly file: string,
    private readonly entries: Map<string, Entry>,
    /** The file's last line is torn: the next block starts with a line end. */
    private torn: boolean,
  ) {}

  /**
   * Reads the memo of the project at `root`. A missing or damaged file is an empty or shorter memo.
   * @param cacheFolder the project's part of the user's cache (`projectCacheFolder`)
   */
  static async open(root: string, cacheFolder: string): Promise<ContentHashes> {
    const file = path.join(cacheFolder, fileName);
    const text = (await readTextIfPresent(file).catch(() => undefined)) ?? '';
    const entries = new Map<string, Entry>();
    let lines = 0;
    let start = 0;
    // An unterminated last line is not read: another process may be writing it.
    for (let end = text.indexOf('\n'); end >= 0; start = end + 1, end = text.indexOf('\n', start)) {
      lines++;
      const parsed = parseLine(text.slice(start, end));
      if (parsed) entries.set(parsed.path, parsed.entry);
    }
    if (lines > 2 * entries.size + outdatedAllowed) {
      // Lines that another process appends meanwhile are lost: those files are hashed again.
      const all = [...entries].map(([name, entry]) => formatLine(name, entry));
      // It is a cache: what cannot be written costs time alone.
      await writeFileAtomic(file, all.join('')).catch(() => undefined);
      return new ContentHashes(root, file, entries, false);
    }
    return new ContentHashes(root, file, entries, start < text.length);
  }

  /** The hash of the file if it was hashed with this stamp. */
  known(file: string, stamp: FileStamp): string | undefined {
    const entry = this.entries.get(this.key(file));
    return entry && sameStamp(entry, stamp) ? entry.hash : undefined;
  }

  /** What a file was when it was last hashed, also where it is gone since. */
  lastKnown(file: string): { readonly size: number; readonly hash: string } | undefined {
    return this.entries.get(this.key(file));
  }

  /**
   * Notes the hash of a file whose content was read while it had this stamp. A file changed an instant ago is
   * not noted: it could change again within the same tick of the file system's clock.
   *
   * @param now nanoseconds since 1970
   */
  record(file: string, stamp: FileStamp, hash: string, now = BigInt(Date.now()) * 1_000_000n): void {
    const changed = BigInt(stamp.ctime);
    // Whole seconds hint at a file system that counts in seconds (or two, FAT).
    const tick = changed % 1_000_000_000n === 0n ? 2_000_000_000n : 20_000_000n;
    if (now - changed < tick) return;
    const key = this.key(file);
    const entry = { ...stamp, hash };
    this.entries.set(key, entry);
    this.pending.push(formatLine(key, entry));
    if (this.pending.length >= blockLines) void this.flush();
  }

  /**
   * Resolves when everything recorded is in the file. Failing to write is no error: a full or read-only disk costs
   * hashing again, no more.
   */
  async flush(): Promise<void> {
    const lines = this.pending;
    this.pending = [];
    if (lines.length > 0) {
      const block = (this.torn ? '\n' : '') + lines.join('');
      this.torn = false;
      this.writing = this.writing.then(() => appendToFile(this.file, block).catch(() => undefined));
    }
    await this.writing;
  }

  private key(file: string): string {
    return normalisePath(path.relative(this.root, file));
  }
}

function formatLine(name: string, entry: Entry): string {
  return `${JSON.stringify([name, entry.size, entry.mtime, entry.ctime, entry.hash])}\n`;
}

function parseLine(line: string): { path: string; entry: Entry } | undefined {
  try {
    const [name, size, mtime, ctime, hash] = JSON.parse(line) as unknown[];
    if (typeof name !== 'string' || typeof size !== 'number' || typeof hash !== 'string') return undefined;
    if (typeof mtime !== 'string' || typeof ctime !== 'string' || !/^[0-9a-f]{64}$/.test(hash))
      return undefined;
    return { path: name, entry: { size, mtime, ctime, hash } };
  } catch {
    return undefined;
  }
}

/** Stats that run at once: enough to hide the latency of a network file system. */
const statsAtOnce = 64;

/**
 * The stamps of many files, in their order; null where there is no file (or none that may be seen). The work
 * yields to the event loop and stops at `signal`. @throws OVR002 cancelled
 */
export async function stampFiles(
  files: readonly string[],
  signal?: AbortSignal,
): Promise<(FileStamp | null)[]> {
  const stamps = new Array<FileStamp | null>(files.length).fill(null);
  // One iterator for all workers: each takes the next file.
  const rest = files.entries();
  const worker = async () => {
    for (const [i, file] of rest) {
      throwIfCancelled(signal);
      stamps[i] = await stampFile(file);
    }
  };
  await Promise.all(Array.from({ length: statsAtOnce }, worker));
  return stamps;
}

/** The stamp of a file, or null when there is none. The callback form of stat is twice as fast as the promises'. */
export function stampFile(file: string): Promise<FileStamp | null> {
  // Node throws for such a name, where the system would say that there is none.
  if (file.includes('\0')) return Promise.resolve(null);
  return new Promise((resolve) => {
    fs.stat(splitFrame(file).file, { bigint: true }, (error, stat) => {
      resolve(
        error === null
          ? { size: Number(stat.size), mtime: String(stat.mtimeNs), ctime: String(stat.ctimeNs) }
          : null,
      );
    });
  });
}
