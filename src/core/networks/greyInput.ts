/**
 * A first convolution for grey images. A grey image gives all three channels the same grey level g, so each is
 * (g − mean) / std of its own: an affine function a · x + b of the first one. The convolution of the three is
 * therefore one of x alone, plus what the offsets b add. Where they add nothing (all channels have one mean and
 * deviation) or the same everywhere (nothing is padded), they go into the bias, and one channel is left. Else
 * the zeros around the image are not grey, and a second channel says where the image is: 1 inside, 0 outside.
 */
import type { Preprocessing } from '../images/model';
import { fromFirstChannel } from '../images/normalisation';

export interface GreyFold {
  /** Row-major, out × channels × height × width. */
  readonly weight: Float32Array<ArrayBuffer>;
  /** 1: the image. 2: the image, and ones. */
  readonly channels: 1 | 2;
  /** To be added to the bias; absent when zero. */
  readonly bias?: Float32Array<ArrayBuffer>;
}

/**
 * Folds the weight of a first convolution, out × 3 × height × width, in double precision.
 * @param padded whether the convolution pads
 */
export function foldGrey(
  weight: Float32Array,
  out: number,
  preprocessing: Pick<Preprocessing, 'mean' | 'std'>,
  padded: boolean,
): GreyFold {
  const taps = weight.length / (3 * out);
  const { slope, offset } = fromFirstChannel(preprocessing);
  const hasOffset = offset.some((value) => value !== 0);
  const combine = (factors: readonly number[], start: number, tap: number) =>
    factors.reduce((sum, factor, channel) => sum + factor * weight[start + channel * taps + tap]!, 0);
  const channels = hasOffset && padded ? 2 : 1;
  const folded = new Float32Array(out * channels * taps);
  const bias = new Float32Array(out);
  for (let o = 0; o < out; o++) {
    let constant = 0;
    for (let tap = 0; tap < taps; tap++) {
      const ones = combine(offset, 3 * o * taps, tap);
      folded[o * channels * taps + tap] = combine(slope, 3 * o * taps, tap);
      if (channels === 2) folded[(o * channels + 1) * taps + tap] = ones;
      constant += ones;
    }
    bias[o] = constant;
  }
  return { weight: folded, channels, ...(hasOffset && channels === 1 ? { bias } : {}) };
}
