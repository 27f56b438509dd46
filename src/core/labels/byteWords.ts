/**
 * Looks at bytes four at a time. A call into native code for each of a million lines takes longer than the search in
 * a line itself, and byte after byte takes four times as long.
 */
import { present } from '../base/present';

/** A buffer with the view that reads words from any of its bytes. */
export interface ByteWords {
  readonly bytes: Uint8Array;
  readonly view: DataView;
}

export function byteWords(bytes: Uint8Array): ByteWords {
  return { bytes, view: new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength) };
}

const ones = 0x01010101;
const highBits = 0x80808080 | 0;

/** Where a newline stands next from `start` on; -1 for nowhere. */
export function newlineFrom({ bytes, view }: ByteWords, start: number): number {
  const { length } = bytes;
  let at = start;
  for (; at + 4 <= length; at += 4) {
    // A byte is 0 where a newline was; then, and only then, its high bit is set here or in a lower byte's carry.
    const word = view.getInt32(at, true) ^ (0x0a * ones);
    if (((word - ones) & ~word & highBits) !== 0) break;
  }
  for (; at < length; at++) if (bytes[at] === 0x0a) return at;
  return -1;
}

/** Characters of a ULID: six words and two bytes. */
const idLength = 26;

/**
 * A number from 0 for an id of a ULID's length, the same for the same id; -1 where a character is none of `0` to `Z`
 * in ASCII.
 */
export function keyOfId({ bytes, view }: ByteWords, at: number): number {
  if (at + idLength > bytes.length) return -1;
  let key = 0;
  for (let k = at; k < at + 24; k += 4) {
    const word = view.getInt32(k, true);
    if (!isIdWord(word)) return -1;
    key = Math.imul(key ^ word, 0x9e3779b1);
    key ^= key >>> 15;
  }
  // The last two characters, with two that are in order.
  const last = view.getUint16(at + 24, true) | 0x30300000;
  if (!isIdWord(last)) return -1;
  key = Math.imul(key ^ last, 0x85ebca6b);
  return (key ^ (key >>> 13)) & 0x7fffffff;
}

/** Whether each of four bytes is from 0x30 (`0`) to 0x5a (`Z`). */
function isIdWord(word: number): boolean {
  const tooLarge = (word | ((word & 0x7f7f7f7f) + 0x25252525)) & highBits;
  const large = ((word | highBits) - 0x30303030) & highBits;
  return tooLarge === 0 && large === highBits;
}

/** A text to compare with, as words and the bytes after them. */
export interface WordText {
  readonly words: Int32Array;
  readonly rest: Uint8Array;
}

export function wordText(text: string): WordText {
  const bytes = new TextEncoder().encode(text);
  const view = new DataView(bytes.buffer);
  const words = Int32Array.from({ length: bytes.length >> 2 }, (_, k) => view.getInt32(4 * k, true));
  return { words, rest: bytes.slice(words.length * 4) };
}

/** Whether a text stands at a byte. */
export function isTextAt({ bytes, view }: ByteWords, at: number, { words, rest }: WordText): boolean {
  const restAt = at + words.length * 4;
  if (restAt + rest.length > bytes.length) return false;
  for (let k = 0; k < words.length; k++) if (view.getInt32(at + 4 * k, true) !== words[k]) return false;
  for (let k = 0; k < rest.length; k++) if (bytes[restAt + k] !== rest[k]) return false;
  return true;
}

/** Per word of `YYYY-MM-DDTHH:MM:SS.mmmZ`: which bytes are digits, and what the others are. */
const timeWords = ['0000', '-00-', '00T0', '0:00', ':00.', '000Z'].map((part) => {
  const word = (byteOf: (character: string) => number): number =>
    Array.from(part).reduce((sum, character, k) => sum | (byteOf(character) << (8 * (3 - k))), 0);
  const isDigit = (character: string): boolean => character === '0';
  return {
    digits: word((character) => (isDigit(character) ? 0xff : 0)),
    others: word((character) => (isDigit(character) ? 0 : character.charCodeAt(0))),
    zeros: word((character) => (isDigit(character) ? 0x30 : 0)),
    sixes: word((character) => (isDigit(character) ? 0x06 : 0)),
    highNibbles: word((character) => (isDigit(character) ? 0xf0 : 0)),
  };
});

/** A time as `Date` writes it, to compare with. */
export function timeText(time: string): Uint32Array {
  const view = new DataView(new TextEncoder().encode(time).buffer);
  return Uint32Array.from(timeWords, (_, k) => view.getUint32(4 * k));
}

/** Whether a time of the usual form stands at a byte, before another. */
export function isEarlierTimeAt({ bytes, view }: ByteWords, at: number, until: Uint32Array): boolean {
  if (at + 4 * timeWords.length > bytes.length) return false;
  let order = 0;
  for (let k = 0; k < timeWords.length; k++) {
    const word = view.getUint32(at + 4 * k);
    const { digits, others, zeros, sixes, highNibbles } = present(timeWords[k], 'the word');
    if ((word & ~digits) !== others) return false;
    // A digit has the high nibble 3, and still has when 6 is added.
    if ((word & highNibbles) !== zeros || (((word & digits) + sixes) & highNibbles) !== zeros) return false;
    if (order === 0 && word !== until[k]) order = word < until[k]! ? -1 : 1;
  }
  return order < 0;
}
