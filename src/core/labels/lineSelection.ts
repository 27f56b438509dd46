/**
 * One edit needs the events on a few samples, not everybody's million. This tells from a line's bytes that it can be
 * passed over, and remembers enough of it to fetch it once it turns out to belong: it undoes a batch that was read,
 * or has the id of an event that was read. Whatever is not exactly as Overread writes it is never passed over.
 */
import { type ByteWords, byteWords, keyOfId } from './byteWords';
import { idLength } from './eventIds';
import type { EventTable } from './eventTable';
import { grown } from './growing';
import { LineHead } from './lineHead';
import { PassedReversals } from './passedReversals';

/** A line that was passed over. */
export interface PassedLine {
  /** As in `EventTable.place`. */
  readonly file: number;
  readonly line: number;
  /** Its bytes in the file, without the newline. */
  readonly start: number;
  readonly length: number;
}

/** With more samples (a large study) searching for each takes longer than reading everything. */
const mostSamples = 8;

/** The bits of a key by which most lines are told to have none of the ids that were read. */
const keyBits = 0xffff;

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
  private words: ByteWords = byteWords(new Uint8Array(0));
  private readonly head: LineHead;

  private size = 0;
  /** Of each passed line: the key of its id; -1 once it was fetched. */
  private keys = new Int32Array(0);
  private files = new Int32Array(0);
  private lines = new Int32Array(0);
  private starts = new Float64Array(0);
  private lengths = new Int32Array(0);
  private readonly reversals = new PassedReversals();

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
    this.head = new LineHead(until);
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
    this.size = this.rows = this.compared = 0;
    this.reversals.clear();
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
    for (const finder of [...this.samples, this.escapes]) finder.look(bytes);
  }

  /** How many bytes from here on are the head of a line as Overread writes it, without a newline; 0 where they are not. */
  headLength(start: number): number {
    return this.head.read(this.words, start);
  }

  /**
   * Passes over a line, unless it has to be read.
   * @param start where it begins in the bytes, as does `end`
   * @param offset of the bytes in the file
   */
  pass(file: number, line: number, start: number, end: number, offset: number): boolean {
    const { head } = this;
    if (!head.isOf(start, end) || this.escapes.within(start, end) >= 0) return false;
    for (const sample of this.samples) if (sample.within(start, end) >= 0) return false;
    if (head.isReversal(this.words) && !this.reversals.note(this.words, head, end, file, this.size))
      return false;
    const index = this.size++;
    if (this.size > this.keys.length) this.growTo(this.size);
    this.keys[index] = head.idKey;
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
    for (const index of this.reversals.of(this.batches)) if (this.keys[index]! >= 0) fetch(index);
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
}

function keyOfText(id: string): number {
  // No passed line holds an id of another length; -1 is no line's key.
  return id.length === idLength ? keyOfId(byteWords(Buffer.from(id, 'utf8')), 0) : -1;
}
