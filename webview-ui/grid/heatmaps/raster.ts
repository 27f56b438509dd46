/** Heat maps as pixels: values are interpolated first and coloured after, so that no colour is off the scale. */
import type { Heatmap } from '../../../src/protocol/engineApi';
import type { Region } from '../../viewer/overlay';
import { colourSteps, evidenceColours } from './colours';

/** The whole image. */
export const wholeImage: Region = { left: 0, top: 0, width: 1, height: 1 };

/** Pixels for each value of the map, and the most in all: more is the browser's own smoothing. */
const pixelsPerCell = 16;
const mostPixels = 256;

/** The most evidence in the map, in its own unit; 0 when nothing speaks for the output. */
export function mostEvidence(map: Heatmap): number {
  return map.values.reduce((most, value) => Math.max(most, value), 0);
}

/**
 * Writes the map as RGBA words over a part of the image: `width` × `height`, row-major. Between the centres of its
 * cells values are bilinear, beyond the outermost centres they go on as they are (PyTorch's
 * `align_corners=False`). Evidence against the output, and what lies outside the map, is transparent.
 */
export function paintHeatmap(
  map: Heatmap,
  part: Region,
  out: Uint32Array,
  width: number,
  height: number,
): void {
  const scale = (colourSteps - 1) / mostEvidence(map);
  if (!Number.isFinite(scale)) {
    out.fill(0);
    return;
  }
  const { region, values } = map;
  const columns = cellsOf(width, part.left, part.width, region.left, region.width, map.width);
  const rows = cellsOf(height, part.top, part.height, region.top, region.height, map.height);
  // Down first, into one row of cells: then a pixel costs two cells and not four.
  const cells = new Float32Array(map.width);
  for (let y = 0, at = 0; y < height; y++) {
    const upper = rows.first[y]! * map.width;
    const lower = rows.next[y]! * map.width;
    const down = rows.share[y]! * scale;
    const up = scale - down;
    for (let cell = 0; cell < cells.length; cell++) {
      cells[cell] = values[upper + cell]! * up + values[lower + cell]! * down;
    }
    for (let x = 0; x < width; x++, at++) {
      const across = columns.share[x]!;
      const value = cells[columns.first[x]!]! * (1 - across) + cells[columns.next[x]!]! * across;
      // NaN, the mark of a pixel outside the map, fails the comparison too.
      out[at] = value >= 0.5 ? evidenceColours[Math.min(Math.round(value), colourSteps - 1)]! : 0;
    }
  }
}

/** For each pixel along one axis the two cells that it lies between, and its share of the second; NaN outside. */
function cellsOf(
  pixels: number,
  partStart: number,
  partSize: number,
  mapStart: number,
  mapSize: number,
  cells: number,
) {
  const first = new Int32Array(pixels);
  const next = new Int32Array(pixels);
  const share = new Float32Array(pixels);
  for (let pixel = 0; pixel < pixels; pixel++) {
    const place = (partStart + ((pixel + 0.5) / pixels) * partSize - mapStart) / mapSize;
    const at = Math.min(Math.max(place * cells - 0.5, 0), cells - 1);
    first[pixel] = Math.floor(at);
    next[pixel] = Math.min(first[pixel]! + 1, cells - 1);
    share[pixel] = place < 0 || place > 1 ? Number.NaN : at - first[pixel]!;
  }
  return { first, next, share };
}

/** The map on a canvas of its own, from edge to edge; undefined when nothing speaks for the output. */
export function rasterOf(map: Heatmap): HTMLCanvasElement | undefined {
  if (mostEvidence(map) === 0) return undefined;
  const side = (cells: number): number => Math.max(cells, Math.min(mostPixels, cells * pixelsPerCell));
  return paintCanvas(document.createElement('canvas'), map, map.region, side(map.width), side(map.height));
}

/** Paints the map over a part of the image onto a canvas, which gets this size in pixels. */
export function paintCanvas(
  canvas: HTMLCanvasElement,
  map: Heatmap,
  part: Region,
  width: number,
  height: number,
): HTMLCanvasElement {
  canvas.width = width;
  canvas.height = height;
  const data = new ImageData(width, height);
  paintHeatmap(map, part, new Uint32Array(data.data.buffer), width, height);
  canvas.getContext('2d')?.putImageData(data, 0, 0);
  return canvas;
}
