/** Appends one batch of events to an annotator's file so that it is on disk, whole, before anyone is told. */
import * as fs from 'node:fs/promises';
import * as path from 'node:path';
import { decodeTime, monotonicFactory } from 'ulid';
import { OverreadError } from '../base/errors';
import { LockedError, takeLock } from '../base/fileLock';
import { syncFolder } from '../base/files';
import { annotatorSlug, normaliseAnnotator, otherSlug } from './annotator';
import { LabelLogReader, labelsFolder } from './logReader';
import type { Annotator, LabelEvent } from './model';

export interface AppendOptions {
  /** The reader that the caller keeps; without one the whole log is read for this write. */
  readonly reader?: LabelLogReader;
  /** Milliseconds since 1970; for tests. */
  readonly now?: () => number;
}

/** What the log itself adds to each event. */
export type Draft = Omit<LabelEvent, 'v' | 'id' | 'batch' | 'time' | 'annotator' | 'role'>;

/** How long an edit waits for another process that writes the same file, milliseconds. */
const lockWaitMs = 20_000;

/**
 * Appends the drafts as one batch: one `O_APPEND` write, one fsync. Resolves when it is on disk; when it
 * rejects nothing of it counts.
 *
 * Under the lock the annotator's file is read to its end, and the batch gets a time later than every event in
 * it and than everybody's events on the samples it touches: an edit made after seeing another always counts
 * as later, whatever the clocks say.
 * @param drafts is called under the lock, when `reader` knows everything that is on disk
 * @throws OVR405 when the file cannot be locked or written, OVR406 for an empty annotator name
 */
export async function appendBatch(
  root: string,
  annotator: Annotator,
  drafts: (reader: LabelLogReader) => readonly Draft[],
  options: AppendOptions = {},
): Promise<LabelEvent[]> {
  const name = normaliseAnnotator(annotator.name);
  if (name === '') throw noName();
  const reader = options.reader ?? new LabelLogReader(root);
  const author = { name, role: annotator.role };
  return reader.inTurn(async () => {
    await makeFolder(root);
    const slug = annotatorSlug(name);
    const own = await tryFile(root, `${slug}.jsonl`, author, drafts, reader, options);
    if (own) return own;
    // Somebody whose name gives the same slug wrote there first.
    return (await tryFile(root, `${otherSlug(name, slug)}.jsonl`, author, drafts, reader, options)) ?? [];
  });
}

/** Writes to this file, unless it is another person's: then undefined. */
async function tryFile(
  root: string,
  fileName: string,
  author: Annotator,
  drafts: (reader: LabelLogReader) => readonly Draft[],
  reader: LabelLogReader,
  options: AppendOptions,
): Promise<LabelEvent[] | undefined> {
  const release = await lockFile(root, fileName);
  try {
    await reader.refresh();
    const owner = reader.ownerOf(fileName);
    if (owner !== undefined && normaliseAnnotator(owner) !== author.name) return undefined;
    const contents = drafts(reader);
    if (contents.length === 0) return [];
    const events = stamp(contents, author, nextTime(contents, fileName, reader, options.now ?? Date.now));
    await writeWhole(path.join(root, labelsFolder, fileName), events);
    await reader.refresh();
    return events;
  } finally {
    await release();
  }
}

/** Now, or one millisecond after what must come before. */
function nextTime(
  drafts: readonly Draft[],
  fileName: string,
  reader: LabelLogReader,
  now: () => number,
): number {
  let before = reader.latestInFile(fileName);
  for (const draft of drafts) before = Math.max(before, reader.latestOf(draft.sample));
  return Math.max(now(), Math.floor(before) + 1);
}

/** Ids, batch, time and author. Ids rise within the batch, and with the time from batch to batch. */
function stamp(drafts: readonly Draft[], author: Annotator, time: number): LabelEvent[] {
  const nextId = monotonicFactory();
  const batch = nextId(time);
  const iso = new Date(decodeTime(batch)).toISOString();
  return drafts.map((draft) => ({
    v: 1,
    id: nextId(time),
    batch,
    time: iso,
    annotator: author.name,
    role: author.role,
    ...draft,
  }));
}

async function makeFolder(root: string): Promise<void> {
  try {
    const made = await fs.mkdir(path.join(root, labelsFolder), { recursive: true });
    if (made !== undefined) await syncFolder(root);
  } catch (error) {
    throw cannotWrite(labelsFolder, error);
  }
}

async function lockFile(root: string, fileName: string): Promise<() => Promise<void>> {
  const file = `${labelsFolder}/${fileName}`;
  try {
    return await takeLock(path.join(root, `${file}.lock`), lockWaitMs);
  } catch (error) {
    throw cannotWrite(file, error);
  }
}

/** One write at the end of the file, then fsync. What a failed write left is cut off again. */
async function writeWhole(file: string, events: readonly LabelEvent[]): Promise<void> {
  try {
    const handle = await fs.open(file, 'a+');
    try {
      const { size } = await handle.stat();
      const lines = events.map((event) => `${JSON.stringify(event)}\n`).join('');
      const bytes = Buffer.from((await endsInNewline(handle, size)) ? lines : `\n${lines}`, 'utf8');
      await writeOnce(handle, bytes, size);
      if (size === 0) await syncFolder(path.dirname(file));
    } finally {
      await handle.close();
    }
  } catch (error) {
    throw cannotWrite(`${labelsFolder}/${path.basename(file)}`, error);
  }
}

async function endsInNewline(handle: fs.FileHandle, size: number): Promise<boolean> {
  if (size === 0) return true;
  const last = Buffer.alloc(1);
  await handle.read(last, 0, 1, size - 1);
  return last[0] === 0x0a;
}

async function writeOnce(handle: fs.FileHandle, bytes: Buffer, sizeBefore: number): Promise<void> {
  let written = 0;
  try {
    ({ bytesWritten: written } = await handle.write(bytes, 0, bytes.length));
    if (written !== bytes.length) throw new Error(`only ${written} of ${bytes.length} bytes were written`);
    await handle.sync();
  } catch (error) {
    // Not acknowledged, so it must not count. Left alone when somebody else appended meanwhile.
    const { size } = await handle.stat();
    if (size === sizeBefore + written) await handle.truncate(sizeBefore).catch(() => undefined);
    throw error;
  }
}

function noName(): OverreadError {
  return new OverreadError({
    code: 'OVR406',
    message: 'The annotator has no name',
    expected: 'a name to sign label edits with',
    fix: 'Set one with: git config user.name "Your Name" (or the setting overread.annotator, or --annotator)',
  });
}

function cannotWrite(file: string, error: unknown): OverreadError {
  if (error instanceof OverreadError) return error;
  const isLocked = error instanceof LockedError;
  const reason = error instanceof Error ? error.message : String(error);
  return new OverreadError({
    code: 'OVR405',
    message: isLocked
      ? `The label file is ${reason}; the edit was not saved`
      : `The label file cannot be written (${reason.replace(/ '.*'$/, '')}); the edit was not saved`,
    place: { file },
    fix: isLocked
      ? `End that process, or delete ${file}.lock if it is no process of Overread's`
      : 'Check that the folder is writable and the disk is not full, then edit again',
    cause: error,
  });
}
