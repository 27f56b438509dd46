/** A smaller copy of a large grey image: what is seen of it while its window is dragged. */
import type { DetailPixels } from '../../src/protocol/engineApi';

/** Images below this are painted whole in time, pixels. */
const fewest = 1_000_000;

/** How many pixels of a side become one; 1: the image is drawn as it is. @param scale screen pixels of an image pixel */
export function draftFactor({ width, height, channels }: DetailPixels, scale: number): number {
  if (channels !== 1 || width * height < fewest) return 1;
  return Math.max(1, Math.floor(1 / scale));
}

/** The means of squares of `factor` pixels; what is left over at the right and at the foot is not in it. */
export function draftOf(
  pixels: DetailPixels,
  samples: Uint8Array | Uint16Array,
  factor: number,
): { readonly pixels: DetailPixels; readonly samples: Uint8Array | Uint16Array } {
  const [width, height] = [Math.floor(pixels.width / factor), Math.floor(pixels.height / factor)];
  const sums = new Uint32Array(width);
  const out = pixels.bits === 16 ? new Uint16Array(width * height) : new Uint8Array(width * height);
  const area = factor * factor;
  for (let y = 0; y < height; y++) {
    sums.fill(0);
    for (let dy = 0; dy < factor; dy++) {
      let at = (y * factor + dy) * pixels.width;
      for (let x = 0; x < width; x++) {
        let sum = sums[x]!;
        for (let dx = 0; dx < factor; dx++) sum += samples[at++]!;
        sums[x] = sum;
      }
    }
    for (let x = 0; x < width; x++) out[y * width + x] = sums[x]! / area;
  }
  return { pixels: { ...pixels, width, height, data: out.buffer }, samples: out };
}
