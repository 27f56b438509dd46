/** Which images are grey, and how colour becomes grey. */
import type { DecodedImage } from './model';

/** Names the rule in the cache key. */
export const greyRule =
  'grey is repeated into R, G and B, folded into the first convolution; colour to one channel as Pillow 13';

/**
 * The image as one channel when it is grey: one channel already, or RGB whose channels are equal throughout, as
 * X-rays in JPEG files often are; null for colour, which is noticed within a few pixels.
 */
export function asGrey(image: DecodedImage): DecodedImage | null {
  if (image.channels === 1) return image;
  const { data } = image;
  for (let i = 0; i < data.length; i += 3) {
    if (data[i] !== data[i + 1] || data[i] !== data[i + 2]) return null;
  }
  const grey = image.bits === 16 ? new Uint16Array(data.length / 3) : new Uint8Array(data.length / 3);
  for (let i = 0, from = 0; i < grey.length; i++, from += 3) grey[i] = data[from]!;
  return { width: image.width, height: image.height, channels: 1, bits: image.bits, data: grey };
}

/**
 * Grey of an 8-bit image, equal to Pillow's convert('L') (ITU-R 601-2 luma):
 * (19595 · R + 38470 · G + 7471 · B + 32768) / 65536, rounded down.
 */
export function toLuma(image: DecodedImage): DecodedImage {
  if (image.channels === 1) return image;
  const { data } = image;
  return withPixels(
    image,
    (i) => (19595 * data[3 * i]! + 38470 * data[3 * i + 1]! + 7471 * data[3 * i + 2]! + 32768) >>> 16,
  );
}

function withPixels(image: DecodedImage, level: (pixel: number) => number): DecodedImage {
  const pixels = image.width * image.height;
  const data = image.bits === 16 ? new Uint16Array(pixels) : new Uint8Array(pixels);
  for (let i = 0; i < pixels; i++) data[i] = level(i);
  return { width: image.width, height: image.height, channels: 1, bits: image.bits, data };
}
