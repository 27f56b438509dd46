/** Reads `labels/*.jsonl`, and later only what was appended since: refreshing a log of 100,000 events is a few file stats. */
import * as fs from 'node:fs/promises';
import * as path from 'node:path';
import { isErrnoException } from '../base/files';
import type { Problem } from '../base/report';
import { eventTime, isEvent, parseEventLine } from './events';
import type { LabelEvent } from './model';

/** The folder of label files inside a project. */
export const labelsFolder = 'labels';

/** Bytes before the read position that are compared to see that the file was only appended to. */
const fingerprintBytes = 4096;

interface FileState {
  inode: number;
  /** Everything before this byte was read; it follows a newline. */
  offset: number;
  /** Bytes after `offset` that no newline ends yet. */
  tornBytes: number;
  lines: number;
  fingerprint: Buffer;
  events: LabelEvent[];
  problems: Problem[];
  /** The latest time in the file, ms since 1970; -Infinity without events. */
  latest: number;
  /** The annotator of the first readable event: whose file this is. */
  owner: string | undefined;
}

/** What changed since the last `takeChanges`. After a `reset` (a file was rewritten: merge, checkout) `added` is everything. */
export interface LogChanges {
  readonly added: readonly LabelEvent[];
  readonly reset: boolean;
}

/**
 * The label files of one project and how far they were read. Held by the caller for as long as the project
 * is open; one consumer. Cost of `refresh`: one stat per file and the bytes that are new.
 */
export class LabelLogReader {
  private readonly files = new Map<string, FileState>();
  private readonly latestOfSample = new Map<string, number>();
  private added: LabelEvent[] = [];
  private reset = false;
  private reading: Promise<void> = Promise.resolve();
  private writing: Promise<unknown> = Promise.resolve();

  constructor(readonly root: string) {}

  /** Reads what is new. Calls are queued: a caller that waits has seen everything that was on disk when it asked. */
  refresh(): Promise<void> {
    this.reading = this.reading.then(
      () => this.readAll(),
      () => this.readAll(),
    );
    return this.reading;
  }

  /** Writers of one process that share the reader take turns, instead of meeting at the lock file. */
  inTurn<T>(write: () => Promise<T>): Promise<T> {
    const turn = this.writing.then(write, write);
    this.writing = turn.catch(() => undefined);
    return turn;
  }

  /** All events, file by file in the order of their lines; the order means nothing (see `compareEvents`). */
  events(): LabelEvent[] {
    return this.sortedFiles().flatMap(([, file]) => file.events);
  }

  /** OVR404 for every line that was not understood (warning), or is not ended yet (info). */
  problems(): Problem[] {
    return this.sortedFiles().flatMap(([name, file]) =>
      file.tornBytes === 0 ? file.problems : [...file.problems, tornProblem(name, file.lines + 1)],
    );
  }

  /** What `refresh` found since this was called last. */
  takeChanges(): LogChanges {
    const changes = { added: this.reset ? this.events() : this.added, reset: this.reset };
    this.added = [];
    this.reset = false;
    return changes;
  }

  /** The latest time in one annotator's file, ms since 1970. */
  latestInFile(name: string): number {
    return this.files.get(name)?.latest ?? -Infinity;
  }

  /** The latest time of anybody's event on a sample, ms since 1970. */
  latestOf(sample: string): number {
    return this.latestOfSample.get(sample) ?? -Infinity;
  }

  /** Whose file it is: the annotator of its first readable event; undefined for no file or no event. */
  ownerOf(name: string): string | undefined {
    return this.files.get(name)?.owner;
  }

  private sortedFiles(): [string, FileState][] {
    return [...this.files].sort(([a], [b]) => (a < b ? -1 : 1));
  }

  private async readAll(): Promise<void> {
    const folder = path.join(this.root, labelsFolder);
    const names = (await listFolder(folder)).filter((name) => name.endsWith('.jsonl')).sort();
    for (const known of [...this.files.keys()]) {
      if (!names.includes(known)) this.forget(known);
    }
    for (const name of names) await this.readFile(name, path.join(folder, name));
  }

  private async readFile(name: string, file: string): Promise<void> {
    const handle = await openIfPresent(file);
    if (!handle) {
      this.forget(name);
      return;
    }
    try {
      const stat = await handle.stat();
      let state = this.files.get(name);
      if (state && !(await isContinued(handle, stat, state))) {
        this.forget(name);
        state = undefined;
      }
      if (!state) {
        state = emptyState(stat.ino);
        this.files.set(name, state);
      }
      if (stat.size > state.offset) await this.readNew(name, handle, state, stat.size);
      else state.tornBytes = 0;
    } finally {
      await handle.close();
    }
  }

  private async readNew(name: string, handle: fs.FileHandle, state: FileState, size: number): Promise<void> {
    const bytes = await readRange(handle, state.offset, size - state.offset);
    const end = bytes.lastIndexOf(0x0a) + 1;
    state.tornBytes = bytes.length - end;
    if (end === 0) return;
    const lines = bytes.toString('utf8', 0, end - 1).split('\n');
    for (const line of lines) this.takeLine(name, state, line);
    const read = Buffer.concat([state.fingerprint, bytes.subarray(Math.max(0, end - fingerprintBytes), end)]);
    state.fingerprint = Buffer.from(read.subarray(-fingerprintBytes));
    state.offset += end;
  }

  private takeLine(name: string, state: FileState, line: string): void {
    state.lines++;
    if (line.trim() === '') return;
    const parsed = parseEventLine(line);
    if (!isEvent(parsed)) {
      state.problems.push(lineProblem(name, state.lines, parsed.kind, parsed.reason));
      return;
    }
    const time = eventTime(parsed.time);
    state.events.push(parsed);
    state.latest = Math.max(state.latest, time);
    state.owner ??= parsed.annotator;
    if (time > this.latestOf(parsed.sample)) this.latestOfSample.set(parsed.sample, time);
    this.added.push(parsed);
  }

  private forget(name: string): void {
    const state = this.files.get(name);
    if (!state) return;
    this.files.delete(name);
    if (state.events.length > 0) this.reset = true;
  }
}

function emptyState(inode: number): FileState {
  return {
    inode,
    offset: 0,
    tornBytes: 0,
    lines: 0,
    fingerprint: Buffer.alloc(0),
    events: [],
    problems: [],
    latest: -Infinity,
    owner: undefined,
  };
}

/** Whether the file still begins with what was read: the same inode, not shorter, and the same last bytes. */
async function isContinued(
  handle: fs.FileHandle,
  stat: { readonly ino: number; readonly size: number },
  state: FileState,
): Promise<boolean> {
  if (stat.ino !== state.inode || stat.size < state.offset) return false;
  const length = state.fingerprint.length;
  const bytes = await readRange(handle, state.offset - length, length);
  return bytes.equals(state.fingerprint);
}

async function readRange(handle: fs.FileHandle, start: number, length: number): Promise<Buffer> {
  const buffer = Buffer.allocUnsafe(length);
  let filled = 0;
  while (filled < length) {
    const { bytesRead } = await handle.read(buffer, filled, length - filled, start + filled);
    if (bytesRead === 0) break;
    filled += bytesRead;
  }
  return buffer.subarray(0, filled);
}

async function listFolder(folder: string): Promise<string[]> {
  try {
    return await fs.readdir(folder);
  } catch (error) {
    if (isErrnoException(error) && error.code === 'ENOENT') return [];
    throw error;
  }
}

async function openIfPresent(file: string): Promise<fs.FileHandle | undefined> {
  try {
    return await fs.open(file, 'r');
  } catch (error) {
    if (isErrnoException(error) && error.code === 'ENOENT') return undefined;
    throw error;
  }
}

function lineProblem(name: string, line: number, kind: 'unreadable' | 'unknown', reason: string): Problem {
  return {
    severity: 'warning',
    code: 'OVR404',
    message: `Label line ${kind === 'unknown' ? 'not understood' : 'cannot be read'}: ${reason}`,
    place: { file: `${labelsFolder}/${name}`, line },
    expected: 'one label event as JSON',
    fix:
      kind === 'unknown'
        ? 'The line is kept and does nothing. A newer version of Overread may understand it.'
        : 'The line is kept and does nothing. Mend or delete it; all other lines count.',
  };
}

function tornProblem(name: string, line: number): Problem {
  return {
    severity: 'info',
    code: 'OVR404',
    message: 'The last label line has no end: its write was cut off or is under way, so it does not count',
    place: { file: `${labelsFolder}/${name}`, line },
  };
}
