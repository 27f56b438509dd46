/**
 * SplitMix32: a counter-based generator of 32-bit numbers (Steele, Lea, Flood: Fast splittable pseudorandom
 * number generators, OOPSLA 2014, with the 32-bit finaliser of MurmurHash3). The i-th number depends on the
 * seed and i alone, so NumPy draws the same numbers without a loop (test/golden/splitmix32.py).
 */
import { present } from './present';
export class SplitMix32 {
  private counter = 0;

  /** @param seed an unsigned 32-bit integer */
  constructor(private readonly seed: number) {}

  /** The next number as an unsigned 32-bit integer. */
  uint32(): number {
    this.counter = (this.counter + 1) >>> 0;
    return mix32((this.seed + Math.imul(this.counter, 0x9e3779b9)) >>> 0);
  }

  /** Uniform in [0, 1), a multiple of 2^-32. */
  uniform(): number {
    return this.uint32() / 4294967296;
  }

  /** Uniform in {0, …, n - 1}. The bias of the multiplication is below n / 2^32. */
  below(n: number): number {
    return Math.floor(this.uniform() * n);
  }

  /** Standard normal by Box and Muller, cosine branch only: two uniforms a number, so that it stays countable. */
  normal(): number {
    const u = 1 - this.uniform();
    const v = this.uniform();
    return Math.sqrt(-2 * Math.log(u)) * Math.cos(2 * Math.PI * v);
  }

  /** Fisher and Yates, in place. */
  shuffle<T>(items: T[]): T[] {
    for (let i = items.length - 1; i > 0; i--) {
      const j = this.below(i + 1);
      [items[i], items[j]] = [present(items[j], 'an item'), present(items[i], 'an item')];
    }
    return items;
  }
}

/** The finaliser: every input bit moves every output bit. */
export function mix32(value: number): number {
  let z = value >>> 0;
  z = Math.imul(z ^ (z >>> 16), 0x85ebca6b) >>> 0;
  z = Math.imul(z ^ (z >>> 13), 0xc2b2ae35) >>> 0;
  return (z ^ (z >>> 16)) >>> 0;
}

/** A 32-bit seed from a string (FNV-1a, then mixed): assigns by hash what must not depend on order. */
export function seedFromText(text: string): number {
  let hash = 0x811c9dc5;
  for (const byte of new TextEncoder().encode(text)) hash = Math.imul(hash ^ byte, 0x01000193) >>> 0;
  return mix32(hash);
}
