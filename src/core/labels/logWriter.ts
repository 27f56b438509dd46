/** Appends one batch of events to an annotator's file so that it is on disk, whole, before anyone is told. */
import type * as fs from 'node:fs/promises';
import * as path from 'node:path';
import { OverreadError } from '../base/errors';
import { fileSystemError, isFileSystemError } from '../base/fileSystemErrors';
import { LockedError, takeLock } from '../base/fileLock';
import { inTurns, ofRanges, type Pieces } from '../base/pieces';
import { ProjectFolder } from '../base/projectFolder';
import { annotatorSlug, normaliseAnnotator, otherSlug } from './annotator';
import { parseEventLine } from './events';
import { LabelLogReader, labelsFolder } from './logReader';
import type { Annotator, LabelEvent } from './model';
import { type Draft, stampEvents } from './stamp';

/** Looked at in one piece. */
const draftsAtOnce = 2048;

/** What has just been done of a write, in this order. */
export type WriteStep = 'locked' | 'opened' | 'written' | 'synced' | 'released';

export interface AppendOptions {
  /** The reader that the caller keeps; without one the whole log is read for this write. */
  readonly reader?: LabelLogReader;
  /** The project's folder; without one it is opened by the strict rules. */
  readonly folder?: ProjectFolder;
  /** Milliseconds since 1970; for tests. */
  readonly now?: () => number;
  /** The samples that an edit on this one acts on, itself included: with study-level labels all of its study. */
  readonly actsOn?: (sample: string) => readonly string[];
  /** Told each step, the file, and at `opened` what is about to be written; for tests that end the process there. */
  readonly onStep?: (step: WriteStep, file: string, bytes?: Uint8Array) => void;
}

/** How long an edit waits for another process that writes the same file, milliseconds. */
const lockWaitMs = 20_000;

/**
 * Appends the drafts as one batch: one `O_APPEND` write, one fsync. Resolves when it is on disk; when it
 * rejects nothing of it counts.
 *
 * Under the lock the annotator's file is read to its end, and the batch gets a time later than every event in
 * it and than everybody's events on the samples it touches: an edit made after seeing another always counts
 * as later, whatever the clocks say.
 * @param drafts is called under the lock, when `reader` knows everything that is on disk; many are made in pieces
 * @throws OVR405 when the file cannot be locked or written, OVR406 for an empty annotator name, OVR003 and OVR005 as
 *   `ProjectFolder.openToAppend`
 */
export async function appendBatch(
  root: string,
  annotator: Annotator,
  drafts: (reader: LabelLogReader) => Pieces<readonly Draft[]>,
  options: AppendOptions = {},
): Promise<LabelEvent[]> {
  const name = normaliseAnnotator(annotator.name);
  if (name === '') throw noName();
  const reader = options.reader ?? new LabelLogReader(root);
  const author = { name, role: annotator.role };
  return reader.inTurn(async () => {
    const folder = options.folder ?? (await ProjectFolder.open(root));
    const slug = annotatorSlug(name);
    const own = await tryFile(folder, `${slug}.jsonl`, author, drafts, reader, options);
    if (own) return own;
    // Somebody whose name gives the same slug wrote there first.
    return (await tryFile(folder, `${otherSlug(name, slug)}.jsonl`, author, drafts, reader, options)) ?? [];
  });
}

/** Writes to this file, unless it is another person's: then undefined. */
async function tryFile(
  folder: ProjectFolder,
  fileName: string,
  author: Annotator,
  drafts: (reader: LabelLogReader) => Pieces<readonly Draft[]>,
  reader: LabelLogReader,
  options: AppendOptions,
): Promise<LabelEvent[] | undefined> {
  const labels = await folder.makeFolder(labelsFolder);
  const file = path.join(labels, fileName);
  const onStep: OnStep = (step, bytes) => options.onStep?.(step, file, bytes);
  const release = await lockFile(labels, fileName);
  try {
    onStep('locked');
    await reader.refresh();
    const owner = reader.ownerOf(fileName);
    if (owner !== undefined && normaliseAnnotator(owner) !== author.name) return undefined;
    const contents = await inTurns(drafts(reader));
    if (contents.length === 0) return [];
    const before = await inTurns(latestBefore(contents, fileName, author, reader, options));
    // What the reader passed over is earlier, even where the clock was set back since.
    const now = Math.max((options.now ?? Date.now)(), reader.passedUntil);
    const events = await inTurns(stampEvents(contents, author, before, now, reader.table));
    await writeWhole(folder, `${labelsFolder}/${fileName}`, events, onStep);
    await reader.refresh();
    return events;
  } finally {
    await release();
    onStep('released');
  }
}

/** The latest time of what a batch must count after: one's own events, and everybody's on what it acts on. */
function* latestBefore(
  drafts: readonly Draft[],
  fileName: string,
  author: Annotator,
  reader: LabelLogReader,
  { actsOn = (sample) => [sample] }: AppendOptions,
): Pieces<number> {
  const { table } = reader;
  let before = Math.max(reader.latestInFile(fileName), table.latestOf(author.name));
  const take = (from: number, to: number): void => {
    for (const { sample } of drafts.slice(from, to)) {
      for (const one of actsOn(sample)) before = Math.max(before, table.latestOf(one));
    }
  };
  yield* ofRanges(drafts.length, take, draftsAtOnce);
  return before;
}

async function lockFile(labels: string, fileName: string): Promise<() => Promise<void>> {
  try {
    return await takeLock(path.join(labels, `${fileName}.lock`), lockWaitMs);
  } catch (error) {
    throw cannotWrite(`${labelsFolder}/${fileName}`, error);
  }
}

type OnStep = (step: WriteStep, bytes?: Uint8Array) => void;

/** One write at the end of the file, then fsync. What a failed write left is cut off again. */
async function writeWhole(
  folder: ProjectFolder,
  file: string,
  events: readonly LabelEvent[],
  onStep: OnStep,
): Promise<void> {
  try {
    const handle = await folder.openToAppend(file, isOurs);
    try {
      const { size } = await handle.stat();
      const bytes = await inTurns(bytesOf(events, !(await endsInNewline(handle, size))));
      onStep('opened', bytes);
      await writeOnce(handle, bytes, size, onStep);
      onStep('synced');
    } finally {
      await handle.close();
    }
  } catch (error) {
    throw cannotWrite(file, error);
  }
}

/** Whether a file is a label log, by its first line: an event, or the beginning of one that a kill cut off. */
function isOurs(firstLine: string): boolean {
  const line = firstLine.replace(/^\uFEFF/, '');
  const parsed = parseEventLine(line);
  const isTorn = line !== '' && '{"v":'.startsWith(line.slice(0, 5));
  return isTorn || !('kind' in parsed && parsed.kind === 'unreadable');
}

/** Lines gathered before they become bytes: a bulk edit of a million items is longer than a string can be. */
const gatheredLines = 1000;

/** In pieces, under the lock of the file. @param startsLine the file's last line has no end, so the first byte ends it */
function* bytesOf(events: readonly LabelEvent[], startsLine: boolean): Pieces<Buffer> {
  const parts = [Buffer.from(startsLine ? '\n' : '')];
  for (let start = 0; start < events.length; start += gatheredLines) {
    let lines = '';
    for (const event of events.slice(start, start + gatheredLines)) lines += `${JSON.stringify(event)}\n`;
    parts.push(Buffer.from(lines, 'utf8'));
    yield;
  }
  // Some millions of bytes are copied in pieces as well.
  const bytes = Buffer.allocUnsafe(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    at += part.copy(bytes, at);
    yield;
  }
  return bytes;
}

async function endsInNewline(handle: fs.FileHandle, size: number): Promise<boolean> {
  if (size === 0) return true;
  const last = Buffer.alloc(1);
  await handle.read(last, 0, 1, size - 1);
  return last[0] === 0x0a;
}

async function writeOnce(
  handle: fs.FileHandle,
  bytes: Buffer,
  sizeBefore: number,
  onStep: OnStep,
): Promise<void> {
  let written = 0;
  try {
    ({ bytesWritten: written } = await handle.write(bytes, 0, bytes.length));
    if (written !== bytes.length) throw new Error(`only ${written} of ${bytes.length} bytes were written`);
    onStep('written');
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

/** A lock that is held is OVR405; what the file system refused is OVR003, as everywhere. */
function cannotWrite(file: string, error: unknown): OverreadError {
  if (error instanceof OverreadError) return error;
  if (isFileSystemError(error)) {
    return fileSystemError(error, 'The label file cannot be written, so the edit was not saved', file);
  }
  const isLocked = error instanceof LockedError;
  const reason = error instanceof Error ? error.message : String(error);
  return new OverreadError({
    code: 'OVR405',
    message: isLocked
      ? `The label file is ${reason}; the edit was not saved`
      : `The label file cannot be written (${reason}); the edit was not saved`,
    place: { file },
    fix: isLocked
      ? `End that process, or delete ${file}.lock if it is no process of Overread's`
      : 'Check the disk, then edit again',
    cause: error,
  });
}
