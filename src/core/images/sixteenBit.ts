/**
 * From 16 bit to the 8 bit that networks were trained on.
 *
 * A 16-bit file may hold 10, 12 or 14 bit as the detector gave them: dividing those by 65,535 would hand a
 * black image to the network. The depth in use is the smallest of 8, 10, 12, 14 and 16 that holds the image's
 * largest value, and a value v becomes round(255 v / (2^depth - 1)): white stays white, black stays black, no
 * percentile moves with the content. A full-range image is within half a grey level of v / 257, and a file of
 * 8-bit values stored as 16 bit is left as it is. The rule is named in the cache key.
 */
import type { DecodedImage } from './model';

/** Names the rule above in the cache key. */
export const sixteenBitRule =
  'round(255 v / (2^d - 1)), d = least of 8, 10, 12, 14, 16 that holds the maximum';

/** The image with 8-bit samples; an 8-bit image is returned as it is. */
export function toEightBit(image: DecodedImage): DecodedImage & { readonly data: Uint8Array } {
  if (image.data instanceof Uint8Array) return { ...image, data: image.data };
  const samples = image.data;
  const white = 2 ** depthInUse(samples) - 1;
  const data = new Uint8Array(samples.length);
  for (let i = 0; i < samples.length; i++) data[i] = Math.floor((510 * samples[i]! + white) / (2 * white));
  return { ...image, bits: 8, data };
}

/** The least of 8, 10, 12, 14 and 16 bit that holds every sample. */
export function depthInUse(samples: Uint16Array): 8 | 10 | 12 | 14 | 16 {
  let used = 0;
  for (let i = 0; i < samples.length; i++) used |= samples[i]!;
  // The union of the bits needs as many bits as the maximum does.
  if (used < 1 << 8) return 8;
  if (used < 1 << 10) return 10;
  if (used < 1 << 12) return 12;
  return used < 1 << 14 ? 14 : 16;
}
