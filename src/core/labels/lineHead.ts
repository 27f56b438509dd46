/** The head of a label line, up to its op: whether it is exactly as Overread writes it, and what stands in it. */
import {
  type ByteWords,
  isEarlierTimeAt,
  isTextAt,
  keyOfId,
  timeText,
  type WordText,
  wordText,
} from './byteWords';
import { idLength } from './eventIds';

const beforeId = wordText('{"v":1,"id":"');
const beforeBatch = wordText('","batch":"');
const beforeTime = wordText('","time":"');
/** Between these stand the annotator and the role. */
const middleParts = ['","annotator":"', '","role":"', '","op":"'] as const;

const idAt = beforeId.length;
const batchAt = idAt + idLength + beforeBatch.length;
const timeAt = batchAt + idLength + beforeTime.length;
const middleAt = timeAt + 24;

const quote = 0x22;
/** No name is that long; without a limit each line would be read to its end. */
const longestMiddle = 400;
const undo = wordText('undo"');
const redo = wordText('redo"');

export class LineHead {
  /** Where the line begins whose head was read last; -1 where its head is none of ours. */
  private start = -1;
  /** From the time to the op: the same in line after line of one person. */
  private middle: WordText | undefined;
  private readonly untilText: Uint32Array;

  /** Of the head that was read last: `keyOfId` of the event. */
  idKey = -1;

  /** @param until the head of an event of this time (ms since 1970) or later is taken for none of ours */
  constructor(until: number) {
    this.untilText = timeText(new Date(until).toISOString());
  }

  /** Reads the head of the line that begins here. @returns its bytes up to the op, none of them a newline; 0 for none */
  read(words: ByteWords, start: number): number {
    this.start = -1;
    if (!isTextAt(words, start, beforeId)) return 0;
    this.idKey = keyOfId(words, start + idAt);
    if (this.idKey < 0 || !isTextAt(words, start + idAt + idLength, beforeBatch)) return 0;
    if (keyOfId(words, start + batchAt) < 0) return 0;
    if (!isTextAt(words, start + batchAt + idLength, beforeTime)) return 0;
    if (!isEarlierTimeAt(words, start + timeAt, this.untilText)) return 0;
    const isKnown = this.middle !== undefined && isTextAt(words, start + middleAt, this.middle);
    if (!isKnown && !this.learnMiddle(words.bytes, start + middleAt)) return 0;
    this.start = start;
    return this.opAt - start;
  }

  /** Whether the head that was read last is of this line, and there is room for an op behind it. */
  isOf(start: number, end: number): boolean {
    return this.start === start && this.opAt + undo.length <= end;
  }

  isReversal(words: ByteWords): boolean {
    return isTextAt(words, this.opAt, undo) || isTextAt(words, this.opAt, redo);
  }

  /** Where the id, the batch and the op of the line begin. */
  get idAt(): number {
    return this.start + idAt;
  }
  get batchAt(): number {
    return this.start + batchAt;
  }
  get opAt(): number {
    return this.start + middleAt + (this.middle?.length ?? 0);
  }

  /** Takes what stands here for the middle of the lines to come; false when it is no middle. */
  private learnMiddle(bytes: Uint8Array, from: number): boolean {
    let at = from;
    for (const [k, part] of middleParts.entries()) {
      for (let c = 0; c < part.length; c++) if (bytes[at + c] !== part.charCodeAt(c)) return false;
      at += part.length;
      if (k === middleParts.length - 1) break;
      for (; bytes[at] !== quote; at++) {
        const byte = bytes[at] ?? 0;
        // An escaped quote does not end the name, and its line is never passed over.
        if (byte < 0x20 || byte === 0x5c || at - from > longestMiddle) return false;
      }
    }
    this.middle = wordText(bytes.slice(from, at));
    return true;
  }
}
