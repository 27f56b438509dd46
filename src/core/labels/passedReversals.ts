/**
 * The undo and redo lines that were passed over, by the batch that they name. The lines of one undo, which are as many
 * as its items, say the same thing of the batch: they are kept as one run, of which the first and the last are enough.
 */
import { type ByteWords, isTextAt, keyOfId, wordText } from './byteWords';
import { idLength } from './eventIds';
import { grown } from './growing';
import type { LineHead } from './lineHead';

const beforeTarget = wordText(',"target":"');
/** The quote and the brace that end the line. */
const afterTarget = wordText('"}');
/** `undo` or `redo`. */
const opLength = 4;

export class PassedReversals {
  private runs = 0;
  /** Of each run: the target's key, the file, and its first and last line among those that were passed over. */
  private targetKeys = new Int32Array(0);
  private firstLines = new Int32Array(0);
  private lastLines = new Int32Array(0);
  private lastFile = -1;
  /** What all lines of the last run say: from the batch to the op, and the target. */
  private said = new Uint8Array(0);
  private target = new Uint8Array(0);
  private readonly lastId = new Uint8Array(idLength);

  clear(): void {
    this.runs = 0;
    this.lastFile = -1;
  }

  /**
   * Notes a line that is passed over.
   * @param index its number among those that were passed over
   * @returns false for a line that does not end with its target, as ours do: it has to be read
   */
  note(words: ByteWords, head: LineHead, end: number, file: number, index: number): boolean {
    const { bytes } = words;
    const lineEnd = bytes[end - 1] === 0x0d ? end - 1 : end;
    const targetAt = lineEnd - afterTarget.length - idLength;
    const isOurs =
      targetAt - beforeTarget.length > head.opAt &&
      isTextAt(words, targetAt - beforeTarget.length, beforeTarget) &&
      isTextAt(words, targetAt + idLength, afterTarget);
    const key = isOurs ? keyOfId(words, targetAt) : -1;
    if (key < 0) return false;
    const goesOn =
      file === this.lastFile &&
      this.lastLines[this.runs - 1] === index - 1 &&
      standsAt(bytes, head.batchAt, this.said) &&
      standsAt(bytes, targetAt, this.target) &&
      this.isAfterLastId(bytes, head.idAt);
    if (goesOn) this.lastLines[this.runs - 1] = index;
    else {
      this.begin(key, index);
      this.lastFile = file;
      this.said = bytes.slice(head.batchAt, head.opAt + opLength);
      this.target = bytes.slice(targetAt, targetAt + idLength);
    }
    for (let k = 0; k < idLength; k++) this.lastId[k] = bytes[head.idAt + k]!;
    return true;
  }

  /** The lines, among those that were passed over, that are to be read for these batches. @param batches their keys */
  *of(batches: ReadonlySet<number>): Iterable<number> {
    for (let run = 0; run < this.runs; run++) {
      if (!batches.has(this.targetKeys[run]!)) continue;
      const first = this.firstLines[run]!;
      const last = this.lastLines[run]!;
      yield first;
      if (last !== first) yield last;
    }
  }

  private begin(key: number, index: number): void {
    const run = this.runs++;
    this.targetKeys = grown(this.targetKeys, this.runs);
    this.firstLines = grown(this.firstLines, this.runs);
    this.lastLines = grown(this.lastLines, this.runs);
    this.targetKeys[run] = key;
    this.firstLines[run] = this.lastLines[run] = index;
  }

  /** Ids that rise need no comparing: the last line is the latest. */
  private isAfterLastId(bytes: Uint8Array, at: number): boolean {
    for (let k = 0; k < idLength; k++) {
      const difference = bytes[at + k]! - this.lastId[k]!;
      if (difference !== 0) return difference > 0;
    }
    return false;
  }
}

function standsAt(bytes: Uint8Array, at: number, text: Uint8Array): boolean {
  for (let k = 0; k < text.length; k++) if (bytes[at + k] !== text[k]) return false;
  return true;
}
