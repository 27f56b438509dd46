/**
 * Images whose samples are no unsigned 8 or 16 bit: floating point, signed, 32 bit, as TIFF files hold them. What is black
 * and what is white is not in the samples: the file's tags say it, else the image's own percentiles do.
 */

/** Samples of a type that libvips gives. */
type Samples = Float32Array | Uint16Array | Int32Array | Uint32Array;

export interface NumberRange {
  readonly low: number;
  readonly high: number;
}

/** The part of the samples that may come out black, and white. */
const clipped = 0.005;
/** Samples that are looked at for percentiles, at most: every nth of more. */
const mostSorted = 2 ** 20;

/**
 * The values below and above which half a percent of the finite samples lie, of at most a million samples over the
 * image. An image of one value has black for it.
 */
export function percentileRange(samples: Samples): NumberRange {
  const step = Math.max(1, Math.ceil(samples.length / mostSorted));
  const some = new Float64Array(Math.ceil(samples.length / step));
  let count = 0;
  for (let i = 0; i < samples.length; i += step) {
    const value = samples[i]!;
    if (Number.isFinite(value)) some[count++] = value;
  }
  if (count === 0) return { low: 0, high: 1 };
  const ordered = some.subarray(0, count).sort();
  const few = Math.floor(clipped * count);
  const [low, high] = [ordered[few]!, ordered[count - 1 - few]!];
  return low < high ? { low, high } : { low, high: low + 1 };
}

/** Samples as 16 bit: `low` and what is below becomes 0, `high` and above 65,535, what is no number 0. */
export function toSixteenBit(samples: Samples, { low, high }: NumberRange): Uint16Array {
  const data = new Uint16Array(samples.length);
  const width = high - low;
  for (let i = 0; i < data.length; i++) {
    const share = (samples[i]! - low) / width;
    data[i] = share > 0 ? Math.floor(Math.min(1, share) * 65_535 + 0.5) : 0;
  }
  return data;
}
