/**
 * Draws chest-like phantoms: made-up anatomy from formulas and random numbers, for demonstrations and tests.
 * No patient was imaged, and nothing here is meant to be realistic enough to learn medicine from.
 */
import type { SplitMix32 } from '../base/random';
import { lungAt, tissueAt, type Anatomy } from './phantomBody';
import { drawNodules, drawOpacity, drawVessels, drawWire } from './phantomFindings';

export type PhantomClass = 'Normal' | 'Opacity' | 'Nodule';

export interface PhantomRequest {
  readonly size: number;
  readonly anatomy: Anatomy;
  readonly finding: PhantomClass;
  readonly view: 'PA' | 'AP';
  readonly random: SplitMix32;
}

/**
 * One phantom. @returns brightness in [0, 1], row-major, size × size; bone is bright as in a radiograph.
 * About 20 ms at 320 px.
 */
export function drawPhantom({ size, anatomy, finding, view, random }: PhantomRequest): Float32Array {
  const pose = {
    shift: 0.05 * random.normal(),
    tilt: 0.035 * random.normal(),
    zoom: 1 + 0.04 * random.normal(),
    // A shallow breath raises the diaphragm; lying patients breathe less.
    breath: (view === 'AP' ? 0.035 : 0) + 0.018 * random.normal(),
    heart: view === 'AP' ? 1.13 : 1,
  };
  // The body is soft at the scale of a pixel, so half the resolution will do, at a quarter of the time.
  const half = Math.ceil(size / 2);
  const tissue = new Float32Array(half * half);
  const lung = new Float32Array(half * half);
  for (let row = 0; row < half; row++) {
    for (let column = 0; column < half; column++) {
      const u = ((2 * (column + 0.5)) / half - 1 - pose.shift) * pose.zoom;
      const v = ((row + 0.5) / half - 0.5) * pose.zoom + 0.5;
      const x = u + pose.tilt * (v - 0.5) * 2;
      const y = v - pose.tilt * u * 0.5;
      const at = row * half + column;
      lung[at] = lungAt(x, y, anatomy, pose.breath);
      tissue[at] = tissueAt(x, y, lung[at], anatomy, pose.heart, pose.breath);
    }
  }
  const image = enlarge(tissue, half, size);
  const lungs = enlarge(lung, half, size);
  drawVessels(image, lungs, size, random);
  if (finding === 'Opacity') drawOpacity(image, lungs, size, random);
  if (finding === 'Nodule') drawNodules(image, lungs, size, random);
  if (view === 'AP' && random.uniform() < 0.6) drawWire(image, size, random);
  blurAndGrain(image, size, view === 'AP' ? 0.022 : 0.016, random);
  expose(image, random);
  drawMarker(image, size, random.uniform() < 0.5 ? 'L' : 'R');
  return image;
}

/** Bilinear, pixel centres aligned. */
function enlarge(small: Float32Array, from: number, to: number): Float32Array {
  const large = new Float32Array(to * to);
  const place = Float64Array.from({ length: to }, (_, i) =>
    Math.min(Math.max(((i + 0.5) * from) / to - 0.5, 0), from - 1.001),
  );
  for (let y = 0; y < to; y++) {
    const row = Math.floor(place[y]!);
    const down = place[y]! - row;
    for (let x = 0; x < to; x++) {
      const first = Math.floor(place[x]!);
      const weight = place[x]! - first;
      const at = row * from + first;
      const above = small[at]! * (1 - weight) + small[at + 1]! * weight;
      const below = small[at + from]! * (1 - weight) + small[at + from + 1]! * weight;
      large[y * to + x] = above * (1 - down) + below * down;
    }
  }
  return large;
}

/** Scatter as a slow random field, quantum noise as grain, and the blur of the detector between the two. */
function blurAndGrain(image: Float32Array, size: number, grain: number, random: SplitMix32): void {
  const cells = 9;
  const field = Float32Array.from({ length: (cells + 1) ** 2 }, () => 0.02 * random.normal());
  const noise = Float32Array.from({ length: 4096 }, () => random.normal());
  for (let row = 0; row < size; row++) {
    const fy = (row / size) * cells;
    const y0 = Math.floor(fy);
    for (let column = 0; column < size; column++) {
      const fx = (column / size) * cells;
      const x0 = Math.floor(fx);
      const [sx, sy] = [smooth(fx - x0), smooth(fy - y0)];
      const corner = y0 * (cells + 1) + x0;
      const above = field[corner]! * (1 - sx) + field[corner + 1]! * sx;
      const below = field[corner + cells + 1]! * (1 - sx) + field[corner + cells + 2]! * sx;
      image[row * size + column]! += above * (1 - sy) + below * sy;
    }
  }
  blur(image, size);
  for (let at = 0; at < image.length; at++) {
    const value = Math.max(image[at]!, 0);
    image[at] = value + grain * (0.35 + value) * noise[random.uint32() & 4095]!;
  }
}

const smooth = (t: number): number => t * t * (3 - 2 * t);

/** One pass of [1 2 1] / 4 in each direction. */
function blur(image: Float32Array, size: number): void {
  for (const step of [1, size]) {
    const copy = image.slice();
    for (let at = step; at < image.length - step; at++) {
      image[at] = (copy[at - step]! + 2 * copy[at]! + copy[at + step]!) / 4;
    }
  }
}

/** Exposure and contrast differ from image to image, as between machines. */
function expose(image: Float32Array, random: SplitMix32): void {
  const gain = 1.2 + 0.07 * random.normal();
  const gamma = Math.exp(0.08 * random.normal());
  // A table of the curve: a power for each of 100,000 pixels would be a tenth of the drawing.
  const curve = Float32Array.from({ length: 4097 }, (_, i) => (i / 4096) ** gamma);
  for (let at = 0; at < image.length; at++) {
    const level = Math.min(Math.max(image[at]! * gain, 0), 1) * 4096;
    const below = Math.min(Math.floor(level), 4095);
    image[at] = curve[below]! + (curve[below + 1]! - curve[below]!) * (level - below);
  }
}

const glyphs = { L: ['1000', '1000', '1000', '1000', '1111'], R: ['1110', '1001', '1110', '1010', '1001'] };

/** The side marker of lead, in the upper corner on the patient's side. */
function drawMarker(image: Float32Array, size: number, side: 'L' | 'R'): void {
  const cell = Math.max(2, Math.round(size / 90));
  const left = side === 'L' ? size - 4 * cell - Math.round(size * 0.05) : Math.round(size * 0.05);
  const top = Math.round(size * 0.06);
  for (const [row, line] of glyphs[side].entries()) {
    for (let column = 0; column < line.length; column++) {
      if (line[column] !== '1') continue;
      for (let y = 0; y < cell; y++) {
        const start = (top + row * cell + y) * size + left + column * cell;
        image.fill(0.97, start, start + cell);
      }
    }
  }
}
