/** From bytes to samples: depth, sign, unused bits, planes and halved colour (PS3.5 8.1, PS3.3 C.7.6.3.1). */
import type { PixelDescription, Samples } from './model';

type Stored = Pick<PixelDescription, 'bitsStored' | 'highBit' | 'signed'>;

/** Samples as they lie in native bytes, nothing masked. */
export function readSamples(
  bytes: Uint8Array,
  bitsAllocated: PixelDescription['bitsAllocated'],
  bigEndian: boolean,
  firstBit = 0,
): Uint8Array | Uint16Array | Uint32Array {
  if (bitsAllocated === 8) return bytes.slice();
  if (bitsAllocated === 1) {
    const bits = new Uint8Array(8 * bytes.length - firstBit);
    for (let i = 0; i < bits.length; i++) bits[i] = (bytes[(i + firstBit) >> 3]! >> ((i + firstBit) & 7)) & 1;
    return bits;
  }
  const copy = bytes.slice();
  const size = bitsAllocated / 8;
  if (bigEndian) reverseEach(copy, size);
  return size === 2 ? new Uint16Array(copy.buffer) : new Uint32Array(copy.buffer);
}

/** Floating-point samples. */
export function readFloats(
  bytes: Uint8Array,
  double: boolean,
  bigEndian: boolean,
): Float32Array | Float64Array {
  const copy = bytes.slice();
  if (bigEndian) reverseEach(copy, double ? 8 : 4);
  return double ? new Float64Array(copy.buffer) : new Float32Array(copy.buffer);
}

function reverseEach(bytes: Uint8Array, size: number): void {
  for (let at = 0; at + size <= bytes.length; at += size) bytes.subarray(at, at + size).reverse();
}

/** The stored bits alone: bits above and below them (overlays, scanners' own) are no part of the picture. */
export function maskSamples(raw: Uint8Array | Uint16Array | Uint32Array, stored: Stored): Samples {
  const { bitsStored, highBit, signed } = stored;
  const width = 8 * raw.BYTES_PER_ELEMENT;
  const down = highBit + 1 - bitsStored;
  const isWhole = bitsStored === width && down === 0;
  if (!signed && isWhole) return raw;
  // Up to the top, then down again with or without the sign.
  const up = 31 - highBit;
  const back = 32 - bitsStored;
  if (signed) {
    const samples = signedLike(raw);
    for (let i = 0; i < raw.length; i++) samples[i] = (raw[i]! << up) >> back;
    return samples;
  }
  for (let i = 0; i < raw.length; i++) raw[i] = (raw[i]! << up) >>> back;
  return raw;
}

function signedLike(raw: Uint8Array | Uint16Array | Uint32Array): Int8Array | Int16Array | Int32Array {
  if (raw instanceof Uint8Array) return new Int8Array(raw.length);
  return raw instanceof Uint16Array ? new Int16Array(raw.length) : new Int32Array(raw.length);
}

/** Three planes, one after the other, by pixel. */
export function interleavePlanes<T extends Uint8Array | Uint16Array | Uint32Array>(planes: T): T {
  const pixels = Math.floor(planes.length / 3);
  const out = planes.slice() as T;
  for (let channel = 0; channel < 3; channel++) {
    for (let i = 0, from = channel * pixels; i < pixels; i++) out[3 * i + channel] = planes[from + i]!;
  }
  return out;
}

/** Y Y Cb Cr for each two pixels, as Y Cb Cr for each. */
export function doubleColour<T extends Uint8Array | Uint16Array | Uint32Array>(halved: T): T {
  const pairs = Math.floor(halved.length / 4);
  const out = makeLike(halved, 6 * pairs);
  for (let pair = 0; pair < pairs; pair++) {
    const [cb, cr] = [halved[4 * pair + 2]!, halved[4 * pair + 3]!];
    for (let pixel = 0; pixel < 2; pixel++) {
      const to = 6 * pair + 3 * pixel;
      out[to] = halved[4 * pair + pixel]!;
      out[to + 1] = cb;
      out[to + 2] = cr;
    }
  }
  return out;
}

function makeLike<T extends Uint8Array | Uint16Array | Uint32Array>(model: T, length: number): T {
  if (model instanceof Uint8Array) return new Uint8Array(length) as T;
  return (model instanceof Uint16Array ? new Uint16Array(length) : new Uint32Array(length)) as T;
}
