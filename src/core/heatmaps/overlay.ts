/** A heat map over its image, as a PNG file. */
import { interpolateInferno } from 'd3-scale-chromatic';
import sharp from 'sharp';
import type { DecodedImage } from '../images/model';
import { windowForScreen } from '../images/window';
import { axisTaps, interpolate, type AxisTaps } from './bilinear';
import type { Heatmap } from './model';
import { present } from '../base/present';

/** The longest side of the picture, px. */
export const maxOverlaySide = 2048;

export interface OverlayOptions {
  /** Of the strongest evidence, [0, 1]; default 0.5. */
  readonly opacity?: number;
  /** Default {@link maxOverlaySide}. */
  readonly maxSide?: number;
}

const steps = 256;

/**
 * Draws the map over the upright image, in RGB at the image's own size (shrunk where a side is above `maxSide`).
 * Evidence for the output is coloured from nothing to the most in this image ("inferno", perceptually uniform);
 * little of it is transparent, so that opacity is opacity · (1 − (1 − share)²), as in the editor. Evidence against
 * the output and what the network did not see stay as they are. 16-bit images are windowed for the screen.
 */
export async function drawOverlay(
  image: DecodedImage,
  map: Heatmap,
  options: OverlayOptions = {},
): Promise<Uint8Array> {
  const { data, width, height } = await toRgb(image, options.maxSide ?? maxOverlaySide);
  const columns = pixelsSeen(width, map.region.left, map.region.width, map.width);
  const rows = pixelsSeen(height, map.region.top, map.region.height, map.height);
  const across = columns.taps.first.length;
  const evidence = new Float32Array(across * rows.taps.first.length);
  interpolate(map.values, map.width, rows.taps, columns.taps, evidence);
  const most = map.values.reduce((least, value) => Math.max(least, value), 0);
  const colours = colourTable(options.opacity ?? 0.5);
  for (const [i, value] of evidence.entries()) {
    const step = most > 0 ? Math.round((value / most) * (steps - 1)) : 0;
    if (step <= 0) continue;
    const { red, green, blue, alpha } = present(colours[step], 'the colour');
    const at = 3 * ((rows.start + Math.floor(i / across)) * width + columns.start + (i % across));
    data[at] = mixed(data[at]!, red, alpha);
    data[at + 1] = mixed(data[at + 1]!, green, alpha);
    data[at + 2] = mixed(data[at + 2]!, blue, alpha);
  }
  return sharp(data, { raw: { width, height, channels: 3 } })
    .png()
    .toBuffer();
}

/** A level with so much of a colour's level over it. */
function mixed(below: number, colour: number, alpha: number): number {
  return Math.round(below + (colour - below) * alpha);
}

async function toRgb(image: DecodedImage, maxSide: number) {
  const { data: levels, width, height, channels } = windowForScreen(image);
  const { data, info } = await sharp(levels, { raw: { width, height, channels }, limitInputPixels: false })
    .resize({ width: maxSide, height: maxSide, fit: 'inside', withoutEnlargement: true, kernel: 'linear' })
    .toColourspace('srgb')
    .raw()
    .toBuffer({ resolveWithObject: true });
  if (info.channels === 3) return { data, width: info.width, height: info.height };
  const rgb = new Uint8Array(3 * data.length);
  for (const [i, level] of data.entries()) rgb.fill(level, 3 * i, 3 * i + 3);
  return { data: rgb, width: info.width, height: info.height };
}

/** The pixels along an axis whose centre the network saw, and the cells of the map that they lie between. */
function pixelsSeen(
  pixels: number,
  start: number,
  extent: number,
  cells: number,
): { readonly start: number; readonly taps: AxisTaps } {
  const first = Math.max(0, Math.ceil(start * pixels - 0.5));
  const end = Math.min(pixels, Math.floor((start + extent) * pixels - 0.5) + 1);
  const places = Float64Array.from(
    { length: Math.max(0, end - first) },
    (_, i) => (((first + i + 0.5) / pixels - start) / extent) * cells,
  );
  return { start: first, taps: axisTaps(places, cells) };
}

function colourTable(opacity: number) {
  return Array.from({ length: steps }, (_, step) => {
    const share = step / (steps - 1);
    const colour = parseInt(interpolateInferno(share).slice(1), 16);
    return {
      red: colour >> 16,
      green: (colour >> 8) & 255,
      blue: colour & 255,
      alpha: opacity * (1 - (1 - share) ** 2),
    };
  });
}
