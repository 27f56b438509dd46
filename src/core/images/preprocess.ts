/** From pixels to the network's input, equal to timm's eval transform on the same pixels. */
import type { DecodedImage, Preprocessing } from './model';
import { toLuma } from './grey';
import { placeImage, type Placement } from './geometry';
import { normalisations } from './normalisation';
import { resamplePlane } from './resample';
import { toEightBit } from './sixteenBit';

/**
 * The network's input: Float32Array of channels × size × size, channel-major, `(level / 255 - mean) / std` computed
 * in single precision as torchvision's ToTensor and Normalize do. 16-bit images are scaled first (sixteenBit.ts).
 *
 * @param into where to write instead of a new array; exactly channels × size × size long (a slot of a batch)
 * @param channels of the input; one for a grey image before a network of three that was folded for grey, and
 * then of the first channel's mean and deviation
 */
export function preprocess(
  image: DecodedImage,
  preprocessing: Preprocessing,
  into?: Float32Array,
  channels: 1 | 3 = preprocessing.channels,
): Float32Array {
  const { size } = preprocessing;
  const area = size * size;
  const output = into ?? new Float32Array(channels * area);
  const scaled = toEightBit(image);
  const eight = channels === 1 ? toEightBit(toLuma(scaled)) : scaled;
  const placement = placeImage(image.width, image.height, preprocessing);
  let levels: Uint8Array | undefined;
  for (const [channel, { mean, std }] of normalisations(preprocessing).slice(0, channels).entries()) {
    if (levels === undefined || eight.channels === 3)
      levels = layOut(eight, channel, placement, preprocessing);
    const value = normalisedLevels(mean, std);
    const start = channel * area;
    for (let i = 0; i < area; i++) output[start + i] = value[levels[i]!]!;
  }
  return output;
}

/** How DICOM files are to be decoded for a network: their part of its preprocessing. */
export function dicomInput({ dicom }: Pick<Preprocessing, 'dicom'>): {
  readonly dicom: 'window' | 'full-range';
} {
  return { dicom: dicom ?? 'window' };
}

/** One channel on the square, grey levels 0 to 255. */
function layOut(
  image: DecodedImage & { readonly data: Uint8Array },
  channel: number,
  placement: Placement,
  { size, interpolation }: Preprocessing,
): Uint8Array {
  const { width, height, channels } = image;
  const offset = channels === 1 ? 0 : channel;
  const plane = { data: image.data, left: 0, top: 0, width, height, step: channels, offset };
  const region = resamplePlane(plane, { ...placement, kernel: interpolation });
  if (region.length === size * size) return region;
  const square = new Uint8Array(size * size);
  const across = placement.columns.length;
  for (let y = 0; y < placement.rows.length; y++) {
    square.set(region.subarray(y * across, (y + 1) * across), (placement.top + y) * size + placement.left);
  }
  return square;
}

/** The normalised value of each grey level, rounded to single precision after each step. */
function normalisedLevels(mean: number, std: number): Float32Array {
  const value = new Float32Array(256);
  for (let level = 0; level < 256; level++) {
    value[level] = Math.fround(Math.fround(level / 255) - Math.fround(mean)) / Math.fround(std);
  }
  return value;
}
