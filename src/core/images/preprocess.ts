/** From pixels to the network's input, equal to timm's eval transform on the same pixels. */
import type { DecodedImage, Preprocessing } from './model';
import { toLuma } from './grey';
import { placeImage, type Placement } from './geometry';
import { normalisedLevels } from './normalisation';
import { Resampler, type EightBitImage } from './resampler';
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
  const levels = preprocessToBytes(image, preprocessing, channels);
  const output = into ?? new Float32Array(levels.length);
  normalise(levels, output, preprocessing, channels);
  return output;
}

/** The same before it is normalised: grey levels, channels × size × size. @param resampler for more than one image */
export function preprocessToBytes(
  image: DecodedImage,
  preprocessing: Preprocessing,
  channels: 1 | 3 = preprocessing.channels,
  resampler = new Resampler(),
): Uint8Array<ArrayBuffer> {
  const { size } = preprocessing;
  const scaled = toEightBit(image);
  const eight = channels === 1 ? toEightBit(toLuma(scaled)) : scaled;
  const placement = placeImage(image.width, image.height, preprocessing);
  const planes = layOut(eight, placement, preprocessing, resampler);
  if (eight.channels === channels) return planes;
  const repeated = new Uint8Array(channels * size * size);
  for (let channel = 0; channel < channels; channel++) repeated.set(planes, channel * size * size);
  return repeated;
}

/** Normalises grey levels of images, each channels × size × size, channel by channel. */
export function normalise(
  levels: Uint8Array,
  output: Float32Array,
  preprocessing: Preprocessing,
  channels: 1 | 3,
): void {
  const area = preprocessing.size ** 2;
  const values = normalisedLevels(preprocessing).slice(0, channels);
  for (let start = 0; start < levels.length;) {
    for (const value of values) {
      const end = start + area;
      for (let i = start; i < end; i++) output[i] = value[levels[i]!]!;
      start = end;
    }
  }
}

/** How DICOM files are to be decoded for a network: their part of its preprocessing. */
export function dicomInput({ dicom }: Pick<Preprocessing, 'dicom'>): {
  readonly dicom: 'window' | 'full-range';
} {
  return { dicom: dicom ?? 'window' };
}

/** The channels on the square, grey levels 0 to 255. */
function layOut(
  image: EightBitImage,
  placement: Placement,
  { size, interpolation }: Preprocessing,
  resampler: Resampler,
): Uint8Array<ArrayBuffer> {
  const planes = resampler.resample(image, { ...placement, kernel: interpolation });
  const area = size * size;
  if (planes.length === image.channels * area) return planes;
  const square = new Uint8Array(image.channels * area);
  const across = placement.columns.length;
  const rows = placement.rows.length;
  for (let from = 0; from < image.channels * rows; from++) {
    const y = placement.top + (from % rows);
    const to = Math.floor(from / rows) * area + y * size + placement.left;
    square.set(planes.subarray(from * across, (from + 1) * across), to);
  }
  return square;
}
