/** Reads `labels/*.jsonl`, and later only what was appended since: refreshing a log of 1,000,000 events is a few file stats. */
import type * as fs from 'node:fs/promises';
import * as path from 'node:path';
import type { FolderPolicy } from '../base/projectFolder';
import type { Problem } from '../base/report';
import { byteWords, newlineFrom } from './byteWords';
import { present } from '../base/present';
import { endOfTime, isEvent, parseEventLine } from './events';
import { EventScanner } from './eventScanner';
import { EventTable } from './eventTable';
import { listPlainFolder, type NotPlain, openPlainFile, readRange } from './labelFile';
import { LineFaults } from './lineFaults';
import type { LineSelection, PassedLine } from './lineSelection';
import { conflictProblems, notPlainProblem, tornProblem } from './logProblems';
import { pieceBytes, ReadAhead } from './readAhead';
import { UndoHistory } from './undo';

/** The folder of label files inside a project. */
export const labelsFolder = 'labels';

/** Bytes before the read position that are compared to see that the file was only appended to. */
const fingerprintBytes = 4096;

/** A longer line is no event. */
const longestLine = 16 << 20;

/** Fewer bytes than any event takes on the average: for a guess of how many there are. */
const bytesPerEvent = 220;

interface FileState {
  /** Its number in `EventTable.place`. */
  readonly number: number;
  readonly inode: number;
  /** The size when it was read last. */
  size: number;
  /** Everything before this byte was read; it follows a newline. */
  offset: number;
  lines: number;
  fingerprint: Buffer;
  events: number;
  readonly faults: LineFaults;
  /** The latest time in the file, ms since 1970; -Infinity without events. */
  latest: number;
  /** The annotator of the first readable event: whose file this is. */
  owner: string | undefined;
}

/** What changed since the last `takeChanges`. After a `reset` (a file was rewritten: merge, checkout) the table is another one. */
export interface LogChanges {
  /** Number of events that came. */
  readonly added: number;
  readonly reset: boolean;
}

/**
 * The label files of one project and how far they were read. Held by the caller for as long as the project
 * is open; one consumer. Cost of `refresh`: one stat per file and the bytes that are new.
 */
export class LabelLogReader {
  private readonly files = new Map<string, FileState>();
  private readonly fileNames: string[] = [];
  private refused: Problem[] = [];
  private events = new EventTable();
  private scanner = new EventScanner(this.events);
  private readonly histories = new Map<string, UndoHistory>();
  private taken = 0;
  private reset = false;
  private reading: Promise<void> = Promise.resolve();
  private writing: Promise<unknown> = Promise.resolve();

  /**
   * @param policy of the project's folder: `labels` may be a link where the person allows that
   * @param selection read only what it does not pass over: then the table tells of its samples and of nothing else
   */
  constructor(
    readonly root: string,
    private readonly policy: () => FolderPolicy = () => ({}),
    private readonly selection?: LineSelection,
  ) {}

  /** All events. Another table after a file was rewritten: ask again after each `refresh`. */
  get table(): EventTable {
    return this.events;
  }

  /** Everything that was passed over is earlier than this, ms since 1970; -Infinity where everything is read. */
  get passedUntil(): number {
    return this.selection?.until ?? -Infinity;
  }

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

  /**
   * Of each file the lines that were not understood (OVR404), are dated too late (OVR410), carry the id of another
   * event (OVR409), or are not ended yet (OVR404, info); and what is no plain file (OVR411).
   */
  problems(): Problem[] {
    const conflicts = conflictProblems(this.events, (file) => this.pathOf(file));
    const ofFiles = this.sortedFiles().flatMap(([name, file]) =>
      file.size === file.offset
        ? file.faults.problems
        : [...file.faults.problems, tornProblem(`${labelsFolder}/${name}`, file.lines + 1)],
    );
    return [...this.refused, ...ofFiles, ...conflicts];
  }

  /** The path of a file by its number in `EventTable.place`, as problems name it. */
  pathOf(file: number): string {
    return `${labelsFolder}/${this.fileNames[file] ?? ''}`;
  }

  /** What `refresh` found since this was called last. */
  takeChanges(): LogChanges {
    const changes = { added: this.events.count - this.taken, reset: this.reset };
    this.taken = this.events.count;
    this.reset = false;
    return changes;
  }

  /** What an annotator can undo and redo. */
  undoHistory(annotator: string): UndoHistory {
    let history = this.histories.get(annotator);
    if (!history) this.histories.set(annotator, (history = new UndoHistory(this.events, annotator)));
    return history;
  }

  /** The latest time in one annotator's file, ms since 1970. */
  latestInFile(name: string): number {
    return this.files.get(name)?.latest ?? -Infinity;
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
    const listed = await listPlainFolder(
      folder,
      this.policy().linkedFolders?.includes(labelsFolder) === true,
    );
    const names = Array.isArray(listed) ? listed.filter((name) => name.endsWith('.jsonl')).sort() : [];
    this.refused = Array.isArray(listed) ? [] : [notPlainProblem(labelsFolder, listed.what, 'a folder')];
    if ([...this.files.keys()].some((known) => !names.includes(known))) this.forgetAll();
    for (const name of names) {
      if (!(await this.readFile(name, path.join(folder, name)))) {
        this.forgetAll();
        await this.readAll();
        return;
      }
    }
    await this.readRelated(folder);
  }

  /** Reads what was passed over and belongs to what was read, until nothing more does. */
  private async readRelated(folder: string): Promise<void> {
    if (!this.selection) return;
    for (let lines = this.selection.related(this.events); lines.length > 0;) {
      for (const run of runsOf(lines)) await this.readRun(folder, run);
      lines = this.selection.related(this.events);
    }
  }

  /** @param lines of one file that are near each other */
  private async readRun(folder: string, lines: readonly PassedLine[]): Promise<void> {
    const [first] = lines;
    const last = lines.at(-1);
    if (!first || !last) return;
    const { start } = first;
    const name = present(this.fileNames[first.file], 'the file');
    const state = this.files.get(name);
    const handle = await openPlainFile(path.join(folder, name));
    if (!state || !handle || isNotPlain(handle)) return;
    try {
      const bytes = Buffer.alloc(endOf(last) - start);
      await readRange(handle, bytes, 0, bytes.length, start);
      for (const line of lines) {
        const at = line.start - start;
        this.takeLine(state, bytes, at, at + line.length, line.line);
      }
    } finally {
      await handle.close();
    }
  }

  /** Reads what is new in a file; false when it was rewritten since. */
  private async readFile(name: string, file: string): Promise<boolean> {
    const handle = await openPlainFile(file);
    if (!handle || isNotPlain(handle)) {
      if (handle) this.refused.push(notPlainProblem(`${labelsFolder}/${name}`, handle.what, 'a plain file'));
      return !this.files.has(name);
    }
    try {
      const stat = await handle.stat();
      let state = this.files.get(name);
      if (state && !(await isContinued(handle, stat, state))) return false;
      if (!state) {
        state = this.emptyState(name, stat.ino);
        this.files.set(name, state);
      }
      // A torn last line is read again when something was added to it.
      if (stat.size > state.offset && stat.size !== state.size) await this.readNew(handle, state, stat.size);
      state.size = stat.size;
      return true;
    } finally {
      await handle.close();
    }
  }

  private async readNew(handle: fs.FileHandle, state: FileState, size: number): Promise<void> {
    const bytesToRead = size - state.offset;
    if (bytesToRead > pieceBytes) {
      const lines = Math.ceil(bytesToRead / bytesPerEvent);
      if (this.selection) this.selection.reserveMore(lines);
      else this.events.reserve(this.events.count + lines);
    }
    const ahead = new ReadAhead(handle, state.offset, size);
    try {
      // Of a line that is too long only the end is looked for.
      let skipped = 0;
      let rest: Buffer = Buffer.alloc(0);
      for (;;) {
        const bytes = await ahead.next(rest);
        if (!bytes) return;
        const used = this.takeLines(state, bytes, skipped);
        if (used > 0) skipped = 0;
        rest = bytes.subarray(used);
        if (rest.length >= longestLine) {
          skipped += rest.length;
          rest = rest.subarray(rest.length);
        }
      }
    } finally {
      await ahead.close();
    }
  }

  /** Takes in the whole lines of a buffer; gives how many bytes they are. @param skipped bytes of the first line before */
  private takeLines(state: FileState, bytes: Buffer, skipped: number): number {
    let start = 0;
    let before = skipped;
    const words = byteWords(bytes);
    this.selection?.look(bytes, words);
    for (;;) {
      const end = newlineFrom(words, start + (this.selection?.headLength(start) ?? 0));
      if (end < 0) break;
      state.lines++;
      if (before > 0) {
        state.faults.add({ kind: 'unreadable', reason: 'longer than any label event' }, state.lines);
      } else if (!this.passes(state, start, end, skipped))
        this.takeLine(state, bytes, start, end, state.lines);
      before = 0;
      start = end + 1;
    }
    if (start > 0) {
      state.offset += skipped + start;
      const tail = Buffer.concat([
        state.fingerprint,
        bytes.subarray(Math.max(0, start - fingerprintBytes), start),
      ]);
      state.fingerprint = Buffer.from(tail.subarray(-fingerprintBytes));
    }
    return start;
  }

  /** Whether a line need not be read; whose file it is must be known first. */
  private passes(state: FileState, start: number, end: number, skipped: number): boolean {
    if (!this.selection || state.owner === undefined) return false;
    return this.selection.pass(state.number, state.lines, start, end, state.offset + skipped);
  }

  private takeLine(
    state: FileState,
    bytes: Buffer,
    lineStart: number,
    lineEnd: number,
    number: number,
  ): void {
    const start = number === 1 && startsWithMark(bytes, lineStart) ? lineStart + 3 : lineStart;
    const end = lineEnd > start && bytes[lineEnd - 1] === 0x0d ? lineEnd - 1 : lineEnd;
    const place = { file: state.number, line: number };
    if (!this.scanner.take(bytes, start, end, place, isInTime)) {
      const line = bytes.toString('utf8', start, end);
      if (line.trim() === '') return;
      const parsed = parseEventLine(line);
      if (!isEvent(parsed)) {
        state.faults.add(parsed, number);
        return;
      }
      this.events.addEvent(parsed, place);
    }
    const row = this.events.count - 1;
    state.latest = Math.max(state.latest, this.events.time(row));
    if (state.events++ === 0) state.owner = this.events.texts.text(this.events.annotator(row));
  }

  private emptyState(name: string, inode: number): FileState {
    return {
      number: this.fileNames.push(name) - 1,
      inode,
      size: 0,
      offset: 0,
      lines: 0,
      fingerprint: Buffer.alloc(0),
      events: 0,
      faults: new LineFaults(`${labelsFolder}/${name}`),
      latest: -Infinity,
      owner: undefined,
    };
  }

  private forgetAll(): void {
    if (this.events.count > 0) this.reset = true;
    this.files.clear();
    this.fileNames.length = 0;
    this.events = new EventTable();
    this.scanner = new EventScanner(this.events);
    this.histories.clear();
    this.selection?.again();
    this.taken = 0;
  }
}

function endOf({ start, length }: PassedLine): number {
  return start + length;
}

/** Lines that are read at once: of one file, near each other, not more than a few buffers in all. */
function runsOf(lines: readonly PassedLine[]): PassedLine[][] {
  const runs: PassedLine[][] = [];
  for (const line of lines) {
    const run = runs.at(-1);
    const first = run?.[0];
    const last = run?.at(-1);
    const isNear =
      first !== undefined &&
      last?.file === line.file &&
      line.start - endOf(last) < 4 * fingerprintBytes &&
      line.start - first.start < pieceBytes;
    if (run && isNear) run.push(line);
    else runs.push([line]);
  }
  return runs;
}

function isNotPlain(opened: fs.FileHandle | NotPlain): opened is NotPlain {
  return 'what' in opened;
}

function isInTime(time: number): boolean {
  return time < endOfTime;
}

/** The byte order mark that some editors put before the first line. */
function startsWithMark(bytes: Buffer, at: number): boolean {
  return bytes[at] === 0xef && bytes[at + 1] === 0xbb && bytes[at + 2] === 0xbf;
}

/** Whether the file still begins with what was read: the same inode, not shorter, and the same last bytes. */
async function isContinued(
  handle: fs.FileHandle,
  stat: { readonly ino: number; readonly size: number },
  state: FileState,
): Promise<boolean> {
  if (stat.ino !== state.inode || stat.size < state.offset) return false;
  const { length } = state.fingerprint;
  const bytes = Buffer.alloc(length);
  await readRange(handle, bytes, 0, length, state.offset - length);
  return bytes.equals(state.fingerprint);
}
