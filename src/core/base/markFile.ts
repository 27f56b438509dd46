/**
 * A set of short marks that only grows, in a file of the user's own cache: a mark a line, appended before anybody is told
 * of it. Several processes may append; each takes up what the others did when it reads on.
 */
import * as fs from 'node:fs/promises';
import { appendToFile } from './files';
import { inTurns, ofRanges } from './pieces';

/** Marks are hexadecimal; a line that is none is a torn one, or not ours. */
const isMark = /^[0-9a-f]{8,64}$/;

/** Taken in in one piece. */
const linesAtOnce = 8192;

export class MarkFile {
  private readonly marks = new Set<string>();
  private pending: string[] = [];
  /** How much of the file was read. */
  private read = 0;

  /** @param file need not be there yet */
  constructor(private readonly file: string) {}

  has(mark: string): boolean {
    return this.marks.has(mark);
  }

  /** Takes a mark in; `keep` puts it on disk. */
  add(mark: string): void {
    if (this.marks.has(mark)) return;
    this.marks.add(mark);
    this.pending.push(mark);
  }

  /** Takes up what is in the file by now. A file that cannot be read has no marks. */
  async refresh(): Promise<void> {
    const size = await fs.stat(this.file).then(
      (stat) => (stat.isFile() ? stat.size : 0),
      () => 0,
    );
    // Shorter than before: the cache was deleted.
    if (size < this.read) this.read = 0;
    if (size === this.read) return;
    const handle = await fs.open(this.file, 'r').catch(() => undefined);
    if (!handle) return;
    try {
      const bytes = Buffer.alloc(size - this.read);
      const { bytesRead } = await handle.read(bytes, 0, bytes.length, this.read);
      const text = bytes.toString('latin1', 0, bytesRead);
      // What comes after the last line end may be half a mark.
      const end = text.lastIndexOf('\n') + 1;
      this.read += end;
      const lines = text.slice(0, end).split('\n');
      const take = (from: number, to: number): void => {
        for (const line of lines.slice(from, to)) if (isMark.test(line)) this.marks.add(line);
      };
      await inTurns(ofRanges(lines.length, take, linesAtOnce));
    } finally {
      await handle.close();
    }
  }

  /**
   * Has every mark that was taken in outlive this process: in the file, though not past a power cut.
   * @throws the error of the file system; the marks stay to be written with the next ones
   */
  async keep(): Promise<void> {
    if (this.pending.length === 0) return;
    const marks = this.pending;
    this.pending = [];
    try {
      // A line end before each: a torn line of another process is not made longer.
      await appendToFile(this.file, `\n${marks.join('\n')}\n`);
    } catch (error) {
      this.pending = [...marks, ...this.pending];
      throw error;
    }
  }
}
