/**
 * Looks at bytes four at a time. A call into native code for each of a million lines takes longer than the search in
 * a line itself, and byte after byte takes four times as long.
 */

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
  for (; at + 8 <= length; at += 8) {
    // A byte is 0 where a newline was; then, and only then, its high bit is set here or in a lower byte's carry.
    const word = view.getInt32(at, true) ^ (0x0a * ones);
    const next = view.getInt32(at + 4, true) ^ (0x0a * ones);
    if ((((word - ones) & ~word) | ((next - ones) & ~next)) & highBits) break;
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
  /** In bytes. */
  readonly length: number;
}

export function wordText(text: string | Uint8Array): WordText {
  const bytes = typeof text === 'string' ? new TextEncoder().encode(text) : text;
  const { view } = byteWords(bytes);
  const words = Int32Array.from({ length: bytes.length >> 2 }, (_, k) => view.getInt32(4 * k, true));
  return { words, rest: bytes.slice(words.length * 4), length: bytes.length };
}

/** Whether a text stands at a byte. */
export function isTextAt({ bytes, view }: ByteWords, at: number, { words, rest }: WordText): boolean {
  const restAt = at + words.length * 4;
  if (restAt + rest.length > bytes.length) return false;
  for (let k = 0; k < words.length; k++) if (view.getInt32(at + 4 * k, true) !== words[k]) return false;
  for (let k = 0; k < rest.length; k++) if (bytes[restAt + k] !== rest[k]) return false;
  return true;
}

/** Per word of `YYYY-MM-DDTHH:MM:SS.mmmZ`, big-endian. */
const timePattern = ['0000', '-00-', '00T0', '0:00', ':00.', '000Z'];
const timeColumn = (byteOf: (isDigit: boolean, character: number) => number): Int32Array =>
  Int32Array.from(timePattern, (part) =>
    Array.from(part).reduce((sum, c) => (sum << 8) | byteOf(c === '0', c.charCodeAt(0)), 0),
  );
/** Which bits are fixed, and what they are: all of a separator, the high nibble of a digit. */
const timeMasks = timeColumn((isDigit) => (isDigit ? 0xf0 : 0xff));
const timeBits = timeColumn((isDigit, character) => (isDigit ? 0x30 : character));
/** What lifts a digit above 9 to another high nibble. */
const timeSixes = timeColumn((isDigit) => (isDigit ? 0x06 : 0));

/** A time as `Date` writes it, to compare with. */
export function timeText(time: string): Uint32Array {
  const view = new DataView(new TextEncoder().encode(time).buffer);
  return Uint32Array.from(timePattern, (_, k) => view.getUint32(4 * k));
}

/** Whether a time of the usual form stands at a byte, before another. */
export function isEarlierTimeAt({ bytes, view }: ByteWords, at: number, until: Uint32Array): boolean {
  if (at + 4 * timeMasks.length > bytes.length) return false;
  let order = 0;
  for (let k = 0; k < timeMasks.length; k++) {
    const word = view.getInt32(at + 4 * k);
    // A digit has the high nibble 3, and still has when 6 is added.
    if (((word ^ timeBits[k]!) & timeMasks[k]!) !== 0) return false;
    if ((((word + timeSixes[k]!) ^ timeBits[k]!) & timeMasks[k]!) !== 0) return false;
    if (order === 0 && word >>> 0 !== until[k]!) order = word >>> 0 < until[k]! ? -1 : 1;
  }
  return order < 0;
}
