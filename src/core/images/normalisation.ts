/** The normalisation of a network's input, channel by channel. */
import { present } from '../base/present';
import type { Preprocessing } from './model';

/** A value in [0, 1] becomes (value − mean) / std. */
export interface Normalisation {
  readonly mean: number;
  readonly std: number;
}

/** How each channel is normalised, in the order of channels. */
export function normalisations({ mean, std }: Pick<Preprocessing, 'mean' | 'std'>): readonly Normalisation[] {
  return mean.map((value, channel) => ({
    mean: value,
    std: present(std[channel], 'the standard deviation of a channel'),
  }));
}

/**
 * The channels of a normalised grey image as affine functions of the first: x_c = slope_c · x_0 + offset_c, since
 * (g − mean_c) / std_c = x_0 · std_0 / std_c + (mean_0 − mean_c) / std_c for the one grey level g.
 */
export function fromFirstChannel(preprocessing: Pick<Preprocessing, 'mean' | 'std'>): {
  readonly slope: readonly number[];
  readonly offset: readonly number[];
} {
  const channels = normalisations(preprocessing);
  const first = present(channels[0], 'the first channel');
  return {
    slope: channels.map(({ std }) => first.std / std),
    offset: channels.map(({ mean, std }) => (first.mean - mean) / std),
  };
}

/** The normalised value of each grey level, rounded to single precision after each step; for each channel. */
export function normalisedLevels(
  preprocessing: Pick<Preprocessing, 'mean' | 'std'>,
): readonly Float32Array[] {
  return normalisations(preprocessing).map(({ mean, std }) => {
    const value = new Float32Array(256);
    for (let level = 0; level < 256; level++) {
      value[level] = Math.fround(Math.fround(level / 255) - Math.fround(mean)) / Math.fround(std);
    }
    return value;
  });
}
