/**
 * One edit needs the events on a few samples, not everybody's million. This tells from a line's bytes that it can be
 * passed over, and remembers enough of it to fetch it once it turns out to belong: it undoes a batch that was read,
 * or has the id of an event that was read. Whatever is not exactly as Overread writes it is never passed over.
 */
import {
  type ByteWords,
  byteWords,
  isEarlierTimeAt,
  isTextAt,
  keyOfId,
  timeText,
  wordText,
} from './byteWords';
import { idLength } from './eventIds';
import type { EventTable } from './eventTable';
import { grown } from './growing';

/** A line that was passed over. */
export interface PassedLine {
  /** As in `EventTable.place`. */
  readonly file: number;
  readonly line: number;
  /** Its bytes in the file, without the newline. */
  readonly start: number;
  readonly length: number;
}

const beforeId = '{"v":1,"id":"';
const beforeBatch = '","batch":"';
const beforeTime = '","time":"';
const beforeAnnotator = '","annotator":"';
const beforeTarget = '"target":"';

/** What must stand at which byte of a line, beside its id, its batch and its time. */
const idAt = beforeId.length;
const batchAt = idAt + idLength + beforeBatch.length;
const timeAt = batchAt + idLength + beforeTime.length;
const timeLength = 24;
const headLength = timeAt + timeLength + beforeAnnotator.length;
const head = [
  { at: 0, text: wordText(beforeId) },
  { at: idAt + idLength, text: wordText(beforeBatch) },
  { at: batchAt + idLength, text: wordText(beforeTime) },
  { at: timeAt + timeLength, text: wordText(beforeAnnotator) },
];
const targetText = wordText(beforeTarget);

/** The bits of a key by which most lines are told to have none of the ids that were read. */
const keyBits = 0xffff;

/** With more samples (a large study) searching for each takes longer than reading everything. */
const mostSamples = 8;

/** Where a text occurs next in a buffer; asked with rising positions. */
class Finder {
  private bytes: Buffer = Buffer.alloc(0);
  private next = 0;

  constructor(private readonly text: Buffer) {}

  look(bytes: Buffer): void {
    this.bytes = bytes;
    this.next = -1;
  }

  /** The first occurrence from `start` on, if it is before `end`; else -1. */
  within(start: number, end: number): number {
    if (this.next < start) {
      const found = this.bytes.indexOf(this.text, start);
      this.next = found < 0 ? Infinity : found;
    }
    return this.next < end ? this.next : -1;
  }
}

export class LineSelection {
  private readonly samples: readonly Finder[];
  private readonly escapes = new Finder(Buffer.from('\\'));
  private readonly targets = new Finder(Buffer.from('"target"'));
  private words: ByteWords = byteWords(new Uint8Array(0));
  private readonly untilText: Uint32Array;

  private size = 0;
  /** Of each passed line: the key of its id; -1 once it was fetched. */
  private keys = new Int32Array(0);
  private files = new Int32Array(0);
  private lines = new Int32Array(0);
  private starts = new Float64Array(0);
  private lengths = new Int32Array(0);
  /** The passed lines that name a target, and its key. */
  private reversals = 0;
  private reversalLines = new Int32Array(0);
  private targetKeys = new Int32Array(0);

  /** Keys of the ids and of the batches that were read. */
  private readonly ids = new Set<number>();
  private readonly batches = new Set<number>();
  /** Whether an id was read whose key ends in these bits: a million look-ups in a set take half a second. */
  private readonly idBits = new Uint8Array(keyBits + 1);
  /** How far rows and passed lines were compared. */
  private rows = 0;
  private compared = 0;

  /**
   * @param until lines of this time or later (ms since 1970) are never passed over, so an edit dated then or later
   *   counts after all that were
   */
  private constructor(
    samples: readonly string[],
    readonly until: number,
  ) {
    // Between quotes a sample's id stands as it is, or there is an escape in its line.
    this.samples = samples.map((id) => new Finder(Buffer.from(JSON.stringify(id))));
    this.untilText = timeText(new Date(until).toISOString());
  }

  /**
   * A selection of the lines that matter for these samples, as of now; undefined where everything has to be read.
   * @param now ms since 1970
   */
  static of(samples: readonly string[], now = Date.now()): LineSelection | undefined {
    // Damaged bytes read as this character, so its own bytes are not all that give it.
    const isFound = (id: string): boolean => !id.includes('\uFFFD');
    const isOrdinary = now >= 0 && now < Date.UTC(2099, 0, 1);
    if (samples.length > mostSamples || !samples.every(isFound) || !isOrdinary) return undefined;
    return new LineSelection(samples, now);
  }

  /** The same selection, with nothing passed over yet. */
  again(): void {
    this.size = this.reversals = this.rows = this.compared = 0;
    this.ids.clear();
    this.idBits.fill(0);
    this.batches.clear();
  }

  /** Makes room for so many more lines at once, which saves copying. */
  reserveMore(lines: number): void {
    this.growTo(this.size + lines);
  }

  private growTo(lines: number): void {
    this.keys = grown(this.keys, lines);
    this.files = grown(this.files, lines);
    this.lines = grown(this.lines, lines);
    this.starts = grown(this.starts, lines);
    this.lengths = grown(this.lengths, lines);
  }

  /** The bytes that `pass` is about next, and the same as words. */
  look(bytes: Buffer, words: ByteWords): void {
    this.words = words;
    for (const finder of [...this.samples, this.escapes, this.targets]) finder.look(bytes);
  }

  /**
   * Passes over a line, unless it has to be read.
   * @param start where it begins in the bytes, as does `end`
   * @param offset of the bytes in the file
   */
  pass(file: number, line: number, start: number, end: number, offset: number): boolean {
    if (end - start < headLength || this.escapes.within(start, end) >= 0) return false;
    for (const sample of this.samples) if (sample.within(start, end) >= 0) return false;
    const key = keyOfId(this.words, start + idAt);
    if (key < 0 || !this.hasHead(start)) return false;
    const target = this.targets.within(start, end);
    if (target >= 0 && !this.noteTarget(target, end)) return false;
    const index = this.size++;
    if (this.size > this.keys.length) this.growTo(this.size);
    this.keys[index] = key;
    this.files[index] = file;
    this.lines[index] = line;
    this.starts[index] = offset + start;
    this.lengths[index] = end - start;
    return true;
  }

  /** The passed lines that belong to what was read, in the order of the files; to be read too, then asked again. */
  related(table: EventTable): PassedLine[] {
    if (this.rows === table.count && this.compared === this.size) return [];
    for (; this.rows < table.count; this.rows++) {
      const id = keyOfText(table.id(this.rows));
      this.ids.add(id);
      this.idBits[id & keyBits] = 1;
      if (!table.isReversal(this.rows)) {
        this.batches.add(keyOfText(table.batches.id(table.batch(this.rows))));
      }
    }
    this.compared = this.size;
    const found: number[] = [];
    const fetch = (index: number): void => {
      found.push(index);
      this.keys[index] = -1;
    };
    for (let k = 0; k < this.reversals; k++) {
      const index = this.reversalLines[k]!;
      if (this.keys[index]! >= 0 && this.batches.has(this.targetKeys[k]!)) fetch(index);
    }
    for (let index = 0; index < this.size; index++) {
      const key = this.keys[index]!;
      if (key >= 0 && this.idBits[key & keyBits] === 1 && this.ids.has(key)) fetch(index);
    }
    return found
      .sort((a, b) => a - b)
      .map((index) => ({
        file: this.files[index]!,
        line: this.lines[index]!,
        start: this.starts[index]!,
        length: this.lengths[index]!,
      }));
  }

  private hasHead(start: number): boolean {
    const { words } = this;
    for (const { at, text } of head) if (!isTextAt(words, start + at, text)) return false;
    return isEarlierTimeAt(words, start + timeAt, this.untilText);
  }

  /** Keeps the target that a line names, for the line to be passed next; false when the line has to be read. */
  private noteTarget(at: number, end: number): boolean {
    const key = isTextAt(this.words, at, targetText) ? keyOfId(this.words, at + beforeTarget.length) : -1;
    if (key < 0 || this.targets.within(at + 1, end) >= 0) return false;
    const index = this.reversals++;
    this.reversalLines = grown(this.reversalLines, this.reversals);
    this.targetKeys = grown(this.targetKeys, this.reversals);
    this.reversalLines[index] = this.size;
    this.targetKeys[index] = key;
    return true;
  }
}

function keyOfText(id: string): number {
  // No passed line holds an id of another length; -1 is no line's key.
  return id.length === idLength ? keyOfId(byteWords(Buffer.from(id, 'utf8')), 0) : -1;
}
