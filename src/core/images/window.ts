/** From 16 bit to what a screen shows: for viewing only, networks get sixteenBit.ts. */
import type { DecodedImage } from './model';

/** The part of the pixels that may come out black, and white, so that a marker or a dead pixel sets no scale. */
const clipped = 0.005;

/**
 * The image with 8-bit samples, stretched between its 0.5th and 99.5th percentile (one window for all channels).
 * An 8-bit image is returned as it is.
 */
export function windowForScreen(image: DecodedImage): DecodedImage & { readonly data: Uint8Array } {
  if (image.data instanceof Uint8Array) return { ...image, data: image.data };
  const { low, high } = percentileWindow(image.data);
  const scale = 255 / Math.max(1, high - low);
  const data = new Uint8Array(image.data.length);
  for (let i = 0; i < data.length; i++) {
    data[i] = Math.max(0, Math.min(255, Math.round((image.data[i]! - low) * scale)));
  }
  return { ...image, bits: 8, data };
}

/** The values below and above which half a percent of the samples lie. */
export function percentileWindow(samples: Uint16Array): { readonly low: number; readonly high: number } {
  const counts = new Uint32Array(65536);
  for (let i = 0; i < samples.length; i++) counts[samples[i]!]!++;
  const few = samples.length * clipped;
  let low = 0;
  for (let below = counts[0]!; below <= few && low < 65535; below += counts[low]!) low++;
  let high = 65535;
  for (let above = counts[65535]!; above <= few && high > low; above += counts[high]!) high--;
  return { low, high };
}
