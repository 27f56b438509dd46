/**
 * What is seen of a large grey image while its window is dragged: the part that is on the screen, coarse where there are more
 * pixels than a frame has time for.
 */
import type { DetailPixels } from '../../src/protocol/engineApi';
import type { Size, Viewport } from './viewport';

/** Images below this are painted whole in time, pixels; of larger ones at most so many are painted for a move. */
export const quickPixels = 1_000_000;

/** A part of an image, and how many of its pixels each way become one. Whole numbers; the corner is a multiple of `factor`. */
export interface Cut {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly factor: number;
}

/** Whether two are of the same part, as coarse. */
export function isSameCut(a: Cut, b: Cut): boolean {
  return a.x === b.x && a.y === b.y && a.width === b.width && a.height === b.height && a.factor === b.factor;
}

/** All of an image as it is. */
export function wholeOf({ width, height }: Size): Cut {
  return { x: 0, y: 0, width, height, factor: 1 };
}

/** What is quick enough to be painted for each move of a hand. @param screen of the canvas, in pixels of the screen */
export function quickCut(pixels: DetailPixels, { x, y, scale }: Viewport, screen: Size): Cut {
  const { width, height, channels, aspect = 1 } = pixels;
  if (channels !== 1 || width * height < quickPixels) return wholeOf(pixels);
  const left = clamped(Math.floor(-x / scale), width);
  const top = clamped(Math.floor(-y / (scale * aspect)), height);
  const right = clamped(Math.ceil((screen.width - x) / scale), width);
  const foot = clamped(Math.ceil((screen.height - y) / (scale * aspect)), height);
  let factor = Math.max(1, Math.floor(1 / scale));
  for (;;) {
    const [x0, y0] = [left - (left % factor), top - (top % factor)];
    const cut = { x: x0, y: y0, width: right - x0, height: foot - y0, factor };
    if (paintedOf(cut).width * paintedOf(cut).height <= quickPixels) return cut;
    factor++;
  }
}

/** Pixels that are painted of a cut: those at the right and at the foot may stand for less than a whole square. */
export function paintedOf({ width, height, factor }: Cut): Size {
  return { width: Math.ceil(width / factor), height: Math.ceil(height / factor) };
}

/** The cut by itself: the means of squares of `factor` pixels, and of what is left of them at the right and at the foot. */
export function draftOf(
  pixels: DetailPixels,
  samples: Uint8Array | Uint16Array,
  cut: Cut,
): { readonly pixels: DetailPixels; readonly samples: Uint8Array | Uint16Array } {
  const { factor } = cut;
  const { width, height } = paintedOf(cut);
  const sums = new Uint32Array(width);
  const out = pixels.bits === 16 ? new Uint16Array(width * height) : new Uint8Array(width * height);
  for (let y = 0; y < height; y++) {
    sums.fill(0);
    const rows = Math.min(factor, cut.height - y * factor);
    for (let dy = 0; dy < rows; dy++) {
      let at = (cut.y + y * factor + dy) * pixels.width + cut.x;
      const end = at + cut.width;
      for (let x = 0; x < width; x++) {
        let sum = sums[x]!;
        for (const stop = Math.min(at + factor, end); at < stop; at++) sum += samples[at]!;
        sums[x] = sum;
      }
    }
    for (let x = 0; x < width; x++) {
      out[y * width + x] = sums[x]! / (rows * Math.min(factor, cut.width - x * factor));
    }
  }
  return { pixels: { ...pixels, width, height, data: out.buffer }, samples: out };
}

const clamped = (value: number, most: number): number => Math.min(most, Math.max(0, value));
