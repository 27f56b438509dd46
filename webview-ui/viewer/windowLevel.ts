/**
 * Window and level: which grey values become black to white. Linear, as in DICOM PS3.3 C.11.2.1.2.1 without
 * its half-pixel terms: a value `level - window / 2` is black, `level + window / 2` is white.
 */
import type { DetailPixels } from '../../src/protocol/engineApi';

/** In grey values of the image. `window` is at least 1. */
export interface WindowLevel {
  readonly window: number;
  readonly level: number;
  /** How grey rises from black to white; default linear. Sigmoid as in PS3.3 C.11.2.1.3.1. */
  readonly curve?: 'linear' | 'sigmoid';
}

/** The samples of an image: 8 bit, or 16 bit in the byte order of this machine. */
export function samplesOf(pixels: DetailPixels): Uint8Array | Uint16Array {
  return pixels.bits === 16 ? new Uint16Array(pixels.data) : new Uint8Array(pixels.data);
}

/** Grey values that an image of so many bits can have. */
export function levelsOf(bits: 8 | 16): number {
  return bits === 16 ? 65_536 : 256;
}

/** Everything that the file can hold: no contrast is added or lost. */
export function fullWindow(bits: 8 | 16): WindowLevel {
  const most = levelsOf(bits) - 1;
  return { window: most, level: most / 2 };
}

/** From the 0.5th to the 99.5th percentile of the image's own values: outliers (markers, borders) do not count. */
export function autoWindow(samples: Uint8Array | Uint16Array, bits: 8 | 16): WindowLevel {
  const histogram = new Uint32Array(levelsOf(bits));
  for (let i = 0; i < samples.length; i++) histogram[samples[i]!]! += 1;
  const low = percentile(histogram, samples.length * 0.005);
  const high = percentile(histogram, samples.length * 0.995);
  const window = Math.max(1, high - low);
  return { window, level: low + window / 2 };
}

/** How an image is first shown: by the first window that its file names, else as its samples are. */
export function startWindow(pixels: DetailPixels, samples: Uint8Array | Uint16Array): WindowLevel {
  return pixels.levels?.windows[0] ?? firstWindow(samples, pixels.bits);
}

/** How an image is first shown: 8 bit as it is, as every other viewer does; 16 bit by its own values. */
export function firstWindow(samples: Uint8Array | Uint16Array, bits: 8 | 16): WindowLevel {
  return bits === 8 ? fullWindow(8) : autoWindow(samples, 16);
}

/** Screen grey (0-255) of each grey value. */
export function buildTable(
  bits: 8 | 16,
  { window, level, curve }: WindowLevel,
  invert: boolean,
): Uint8ClampedArray {
  const table = new Uint8ClampedArray(levelsOf(bits));
  const low = level - window / 2;
  const width = Math.max(Number.EPSILON, window);
  const step = 255 / width;
  if (curve === 'sigmoid') {
    for (let value = 0; value < table.length; value++)
      table[value] = 255 / (1 + Math.exp((-4 * (value - level)) / width));
  } else {
    for (let value = 0; value < table.length; value++) table[value] = (value - low) * step;
  }
  if (invert) for (let value = 0; value < table.length; value++) table[value] = 255 - table[value]!;
  return table;
}

/** Writes RGBA, row-major, one 32-bit word per pixel (little-endian, as every browser's machine is). */
export function paint(
  pixels: DetailPixels,
  samples: Uint8Array | Uint16Array,
  table: Uint8ClampedArray,
  out: Uint32Array,
): void {
  const opaque = 0xff000000;
  if (pixels.channels === 1) {
    // One look-up per pixel: the grey is spread over the channels once per table entry, not once per pixel.
    const words = new Uint32Array(table.length);
    for (let value = 0; value < words.length; value++) words[value] = opaque | (table[value]! * 0x010101);
    for (let i = 0; i < out.length; i++) out[i] = words[samples[i]!]!;
    return;
  }
  for (let i = 0, s = 0; i < out.length; i++, s += 3) {
    out[i] = opaque | (table[samples[s + 2]!]! << 16) | (table[samples[s + 1]!]! << 8) | table[samples[s]!]!;
  }
}

function percentile(histogram: Uint32Array, rank: number): number {
  let sum = 0;
  for (let value = 0; value < histogram.length; value++) {
    sum += histogram[value]!;
    if (sum > rank) return value;
  }
  return histogram.length - 1;
}
