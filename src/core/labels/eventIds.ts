/**
 * Ids of events and batches as numbers. A ULID takes 18 bytes here and a slot; as a string in a map it takes over
 * 100, and a million of them as many megabytes.
 */
import { grown } from './growing';
import { present } from '../base/present';

const alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
/** Characters of a ULID. */
export const idLength = 26;

/** The five bits of each character code; 255 for what a ULID does not hold. */
const bitsOf = new Uint8Array(256).fill(255);
for (let bits = 0; bits < alphabet.length; bits++) bitsOf[alphabet.charCodeAt(bits)] = bits;

/** In place of the last two characters: the id is no ULID, and word 0 is its number among those. */
const isOdd = 0xffff;

export class EventIds {
  private size = 0;
  /** Four words of six characters each, then two characters in `rest`. */
  private words = new Uint32Array(0);
  private rest = new Uint16Array(0);
  /** Open addressing; 0 is free, else the id's number + 1. Twice as many slots as ids at least. */
  private slots = new Int32Array(1024);
  private readonly odd: string[] = [];
  private readonly numberOfOdd = new Map<string, number>();

  get count(): number {
    return this.size;
  }

  /** Makes room for so many ids at once, which saves copying. */
  reserve(ids: number): void {
    this.rest = grown(this.rest, ids);
    this.words = grown(this.words, this.rest.length * 4);
    if (ids * 2 > this.slots.length) this.rehash(1 << Math.ceil(Math.log2(ids * 2)));
  }

  /** The number of an id; a new one when it was not seen before. */
  number(id: string): number {
    if (id.length === idLength) {
      const bytes = Buffer.from(id, 'latin1');
      // Characters beyond Latin-1 lose bits on the way.
      const number = bytes.toString('latin1') === id ? this.numberOfBytes(bytes, 0) : -1;
      if (number >= 0) return number;
    }
    let number = this.numberOfOdd.get(id);
    if (number === undefined) {
      number = this.size;
      this.numberOfOdd.set(id, number);
      this.store(this.odd.push(id) - 1, 0, 0, 0, isOdd);
    }
    return number;
  }

  /** The number of the ULID that stands at a byte; -1 when these 26 bytes are none. */
  numberOfBytes(bytes: Uint8Array, at: number): number {
    const w0 = sixCharacters(bytes, at);
    const w1 = sixCharacters(bytes, at + 6);
    const w2 = sixCharacters(bytes, at + 12);
    const w3 = sixCharacters(bytes, at + 18);
    const high = bitsOf[bytes[at + 24]!]!;
    const low = bitsOf[bytes[at + 25]!]!;
    // Characters that a ULID does not hold set bits above all others.
    return (w0 | w1 | w2 | w3) < 0 || (high | low) > 31 ? -1 : this.intern(w0, w1, w2, w3, (high << 5) | low);
  }

  text(number: number): string {
    const rest = this.rest[number]!;
    const at = number * 4;
    if (rest === isOdd) return present(this.odd[this.words[at]!], 'the id');
    let text = '';
    for (let w = 0; w < 4; w++) text += charactersOf(this.words[at + w]!, 6);
    return text + charactersOf(rest, 2);
  }

  /** The order of the texts: below 0, 0 or above. */
  compare(a: number, b: number): number {
    if (a === b) return 0;
    if (this.rest[a] === isOdd || this.rest[b] === isOdd) return this.text(a) < this.text(b) ? -1 : 1;
    for (let w = 0; w < 4; w++) {
      const difference = this.words[a * 4 + w]! - this.words[b * 4 + w]!;
      if (difference !== 0) return difference;
    }
    return this.rest[a]! - this.rest[b]!;
  }

  private intern(w0: number, w1: number, w2: number, w3: number, rest: number): number {
    if ((this.size + 1) * 2 > this.slots.length) this.rehash(this.slots.length * 2);
    const mask = this.slots.length - 1;
    let slot = hash(w0, w1, w2, w3, rest) & mask;
    for (; this.slots[slot] !== 0; slot = (slot + 1) & mask) {
      const number = this.slots[slot]! - 1;
      const at = number * 4;
      const { words } = this;
      if (
        words[at + 3] === w3 &&
        this.rest[number] === rest &&
        words[at + 2] === w2 &&
        words[at + 1] === w1 &&
        words[at] === w0
      ) {
        return number;
      }
    }
    this.slots[slot] = this.size + 1;
    return this.store(w0, w1, w2, w3, rest);
  }

  private store(w0: number, w1: number, w2: number, w3: number, rest: number): number {
    const number = this.size++;
    const at = number * 4;
    if (number >= this.rest.length) {
      this.rest = grown(this.rest, number + 1);
      this.words = grown(this.words, this.rest.length * 4);
    }
    this.words[at] = w0;
    this.words[at + 1] = w1;
    this.words[at + 2] = w2;
    this.words[at + 3] = w3;
    this.rest[number] = rest;
    return number;
  }

  private rehash(slots: number): void {
    this.slots = new Int32Array(slots);
    const { words, rest } = this;
    for (let number = 0; number < this.size; number++) {
      if (rest[number] === isOdd) continue;
      const at = number * 4;
      let slot =
        hash(words[at]!, words[at + 1]!, words[at + 2]!, words[at + 3]!, rest[number]!) & (slots - 1);
      while (this.slots[slot] !== 0) slot = (slot + 1) & (slots - 1);
      this.slots[slot] = number + 1;
    }
  }
}

/** Six characters as 30 bits; below 0 when one of them is none of a ULID. */
function sixCharacters(bytes: Uint8Array, at: number): number {
  const a = bitsOf[bytes[at]!]!;
  const b = bitsOf[bytes[at + 1]!]!;
  const c = bitsOf[bytes[at + 2]!]!;
  const d = bitsOf[bytes[at + 3]!]!;
  const e = bitsOf[bytes[at + 4]!]!;
  const f = bitsOf[bytes[at + 5]!]!;
  return (a | b | c | d | e | f) > 31 ? -1 : (a << 25) | (b << 20) | (c << 15) | (d << 10) | (e << 5) | f;
}

/**
 * Ids of one batch follow one another, so they go to neighbouring slots: a line of the processor's cache holds
 * sixteen, and fetching a line is what a look-up costs.
 */
function hash(w0: number, w1: number, w2: number, w3: number, rest: number): number {
  let h = Math.imul(w0, 0x9e3779b1) ^ Math.imul(w1, 0x85ebca6b);
  h =
    Math.imul(h ^ (h >>> 15) ^ w2, 0xc2b2ae35) ^
    Math.imul(w3, 0x27d4eb2f) ^
    Math.imul(rest >>> 4, 0x165667b1);
  h = Math.imul(h ^ (h >>> 15), 0x2c1b3c6d);
  return ((h ^ (h >>> 13)) & ~15) | (rest & 15);
}

function charactersOf(word: number, count: number): string {
  let text = '';
  for (let k = count - 1; k >= 0; k--) text += alphabet.charAt((word >>> (5 * k)) & 31);
  return text;
}
