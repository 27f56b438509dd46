/**
 * The colours of evidence: matplotlib's "inferno" (van der Walt and Smith 2015), perceptually uniform, rising in
 * lightness, and read the same with every colour vision.
 */
import { interpolateInferno } from 'd3-scale-chromatic';

/** Steps of the scale, from no evidence to the most in the image. */
export const colourSteps = 256;

/**
 * One 32-bit word (RGBA bytes, not premultiplied, little-endian) per step. Little evidence is transparent, or the
 * dark end of the scale would blacken the image where there is nothing to see: opacity rises as 1 − (1 − share)².
 */
export const evidenceColours: Uint32Array = Uint32Array.from({ length: colourSteps }, (_, step) => {
  const share = step / (colourSteps - 1);
  const [red, green, blue] = bytesOf(interpolateInferno(step / colourSteps));
  const alpha = Math.round(255 * (1 - (1 - share) ** 2));
  return ((alpha << 24) | (blue << 16) | (green << 8) | red) >>> 0;
});

/** "#rrggbb" as three bytes. */
function bytesOf(hex: string): readonly [number, number, number] {
  const word = parseInt(hex.slice(1), 16);
  return [(word >> 16) & 255, (word >> 8) & 255, word & 255];
}
