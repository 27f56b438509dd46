/** Texts that occur again and again (people, samples, findings, values, runs) as numbers, found by their bytes. */
import { grown } from './growing';
import { present } from '../base/present';

/** Longer texts are reasons that somebody wrote, which hardly come twice. */
const longestCached = 200;

const slotSize = 4;

export class TextNumbers {
  private readonly texts: string[] = [];
  private readonly numberOf = new Map<string, number>();
  /** The bytes of cached texts, one after the other. */
  private pool = new Uint8Array(0);
  private used = 0;
  private cached = 0;
  /**
   * Open addressing; of each cached text its hash, where its bytes begin, how many they are, and its number + 1; 0 is
   * free. Side by side, because fetching a line of the processor's cache is what a look-up costs.
   */
  private slots = new Int32Array(1024 * slotSize);

  get count(): number {
    return this.texts.length;
  }

  text(number: number): string {
    return present(this.texts[number], 'the text');
  }

  /** The number of a text; a new one when it was not seen before. */
  number(text: string): number {
    let number = this.numberOf.get(text);
    if (number === undefined) {
      number = this.texts.push(text) - 1;
      this.numberOf.set(text, number);
    }
    return number;
  }

  /** The number of a text if it was seen. */
  find(text: string): number | undefined {
    return this.numberOf.get(text);
  }

  /**
   * The number of a text by its bytes.
   * @param hash of the bytes, as `hashByte` makes it
   */
  numberOfBytes(bytes: Buffer, start: number, end: number, hash: number): number {
    const length = end - start;
    if (length > longestCached) return this.number(bytes.toString('utf8', start, end));
    const at = this.slotOf(bytes, start, length, hash);
    const known = this.slots[at + 3]!;
    if (known > 0) return known - 1;
    const number = this.number(bytes.toString('utf8', start, end));
    this.cache(bytes, start, length, hash, number, at);
    return number;
  }

  /** Where the slot of some bytes begins: theirs, or a free one. */
  private slotOf(bytes: Buffer, start: number, length: number, hash: number): number {
    const { slots, pool } = this;
    const mask = slots.length - 1;
    let at = (spread(hash) * slotSize) & mask;
    for (; slots[at + 3] !== 0; at = (at + slotSize) & mask) {
      if (slots[at] !== hash || slots[at + 2] !== length) continue;
      const from = slots[at + 1]!;
      let k = 0;
      while (k < length && pool[from + k] === bytes[start + k]) k++;
      if (k === length) break;
    }
    return at;
  }

  private cache(
    bytes: Buffer,
    start: number,
    length: number,
    hash: number,
    number: number,
    at: number,
  ): void {
    this.pool = grown(this.pool, this.used + length);
    bytes.copy(this.pool, this.used, start, start + length);
    this.slots[at] = hash;
    this.slots[at + 1] = this.used;
    this.slots[at + 2] = length;
    this.slots[at + 3] = number + 1;
    this.used += length;
    if (++this.cached * 2 * slotSize > this.slots.length) this.rehash();
  }

  private rehash(): void {
    const old = this.slots;
    this.slots = new Int32Array(old.length * 2);
    const mask = this.slots.length - 1;
    for (let from = 0; from < old.length; from += slotSize) {
      if (old[from + 3] === 0) continue;
      let at = (spread(old[from]!) * slotSize) & mask;
      while (this.slots[at + 3] !== 0) at = (at + slotSize) & mask;
      this.slots.set(old.subarray(from, from + slotSize), at);
    }
  }
}

/** The hash of some bytes and one more (FNV-1a), beginning with `hashStart`. */
export function hashByte(hash: number, byte: number): number {
  return Math.imul(hash ^ byte, 16777619);
}

export const hashStart = -2128831035;

function spread(hash: number): number {
  return hash ^ (hash >>> 15);
}
