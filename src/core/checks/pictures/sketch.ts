/** What is kept of a decoded image to hold it against the others of its set: a quarter of a kilobyte, and a few numbers. */
import { toLuma } from '../../images/grey';
import type { DecodedImage } from '../../images/model';
import { windowForScreen } from '../../images/window';

/** Cells of a sketch along each side. */
export const sketchSide = 16;
/** Grey levels up to this are black. */
const blackUpTo = 10;
/** A row or column is black where so many of its pixels are. */
const blackShare = 0.99;
/** Pixels that are looked at along the shorter side, about: larger images are read in steps. */
const looked = 512;

/** The four sides of an image. */
export const sides = ['top', 'bottom', 'left', 'right'] as const;

export interface Sketch {
  readonly width: number;
  readonly height: number;
  /** Mean grey of each cell, 0 to 255, row-major `sketchSide` × `sketchSide`, the whole image squeezed into it. */
  readonly grey: Uint8Array;
  /** Grey levels between the 1st and the 99th percentile, 0 to 255. */
  readonly span: number;
  /** The share of the height (width) that is black, from each of {@link sides} inwards. */
  readonly black: readonly number[];
}

/** A sketch of an image as a screen shows it. */
export function sketchOf(image: DecodedImage): Sketch {
  const { width, height, data } = everyFew(image);
  const counts = new Uint32Array(256);
  const sums = new Float64Array(sketchSide ** 2);
  const pixels = new Float64Array(sketchSide ** 2);
  const blackOfRow = new Uint32Array(height);
  const blackOfColumn = new Uint32Array(width);
  for (let y = 0, at = 0; y < height; y++) {
    const line = Math.floor((y * sketchSide) / height) * sketchSide;
    for (let x = 0; x < width; x++, at++) {
      const level = data[at]!;
      counts[level]!++;
      const cell = line + Math.floor((x * sketchSide) / width);
      sums[cell]! += level;
      pixels[cell]!++;
      if (level > blackUpTo) continue;
      blackOfRow[y]!++;
      blackOfColumn[x]!++;
    }
  }
  const rows = Float64Array.from(blackOfRow, (count) => count / width);
  const columns = Float64Array.from(blackOfColumn, (count) => count / height);
  return {
    width: image.width,
    height: image.height,
    // Fewer pixels than cells: an empty cell has the level of the pixel that it lies in.
    grey: Uint8Array.from(sums, (sum, cell) =>
      pixels[cell]! > 0 ? Math.round(sum / pixels[cell]!) : levelAt(data, width, height, cell),
    ),
    span: spanOf(counts, data.length),
    black: [margin(rows), margin(rows.toReversed()), margin(columns), margin(columns.toReversed())],
  };
}

interface Grey {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array | Uint16Array;
}

/** Every n-th pixel along both sides, as grey levels of 8 bit. */
function everyFew(image: DecodedImage): Grey {
  const step = Math.max(1, Math.floor(Math.min(image.width, image.height) / looked));
  if (step === 1) return toLuma(windowForScreen(image));
  const { channels } = image;
  const [width, height] = [Math.floor(image.width / step), Math.floor(image.height / step)];
  const data = new (image.data instanceof Uint8Array ? Uint8Array : Uint16Array)(width * height * channels);
  for (let y = 0, to = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const from = (y * step * image.width + x * step) * channels;
      for (let c = 0; c < channels; c++) data[to++] = image.data[from + c]!;
    }
  }
  return toLuma(windowForScreen({ width, height, channels, bits: image.bits, data }));
}

function levelAt(data: Uint8Array | Uint16Array, width: number, height: number, cell: number): number {
  const y = Math.floor(((Math.floor(cell / sketchSide) + 0.5) * height) / sketchSide);
  const x = Math.floor((((cell % sketchSide) + 0.5) * width) / sketchSide);
  return data[y * width + x] ?? 0;
}

function spanOf(counts: Uint32Array, pixels: number): number {
  const few = 0.01 * pixels;
  let low = 0;
  for (let below = counts[0]!; below <= few && low < 255; below += counts[low]!) low++;
  let high = 255;
  for (let above = counts[255]!; above <= few && high > low; above += counts[high]!) high--;
  return high - low;
}

/** The share of the lines that are black before the first that is not; all of them: 0, which is no margin. */
function margin(black: Float64Array): number {
  const end = black.findIndex((share) => share < blackShare);
  return end < 0 ? 0 : end / black.length;
}
