/** The fold of a first convolution against the convolution itself, by hand. */
import { expect, it } from 'vitest';
import { SplitMix32 } from '../../../src/core/base/random';
import { foldGrey } from '../../../src/core/networks/greyInput';

const out = 2;
const kernel = 3;
const side = 5;
const random = new SplitMix32(11);
const weight = Float32Array.from({ length: out * 3 * kernel * kernel }, () => random.normal());
const levels = Array.from({ length: side * side }, () => random.uniform());

/** One output channel of the convolution over `planes`, in double precision. */
function convolve(planes: readonly (readonly number[])[], weights: Float32Array, o: number, padding: number) {
  const size = side + 2 * padding - kernel + 1;
  const taps = kernel * kernel;
  return Array.from({ length: size * size }, (_, at) => {
    let sum = 0;
    for (const [c, plane] of planes.entries()) {
      for (let tap = 0; tap < taps; tap++) {
        const y = Math.floor(at / size) - padding + Math.floor(tap / kernel);
        const x = (at % size) - padding + (tap % kernel);
        const inside = y >= 0 && y < side && x >= 0 && x < side;
        if (inside) sum += plane[y * side + x]! * weights[(o * planes.length + c) * taps + tap]!;
      }
    }
    return sum;
  });
}

it.each([
  {
    what: 'ImageNet constants, padded',
    mean: [0.485, 0.456, 0.406],
    std: [0.229, 0.224, 0.225],
    padding: 1,
    channels: 2,
  },
  {
    what: 'ImageNet constants, not padded',
    mean: [0.485, 0.456, 0.406],
    std: [0.229, 0.224, 0.225],
    padding: 0,
    channels: 1,
  },
  { what: 'equal constants, padded', mean: [0.5, 0.5, 0.5], std: [0.5, 0.5, 0.5], padding: 1, channels: 1 },
  {
    what: 'equal means, other deviations',
    mean: [0.5, 0.5, 0.5],
    std: [0.2, 0.3, 0.4],
    padding: 1,
    channels: 1,
  },
])('$what', ({ mean, std, padding, channels }) => {
  const normalised = (c: number) => levels.map((level) => (level - mean[c]!) / std[c]!);
  const fold = foldGrey(weight, out, { mean, std }, padding > 0);
  expect(fold.channels).toBe(channels);
  const ones = levels.map(() => 1);
  const planes = channels === 2 ? [normalised(0), ones] : [normalised(0)];
  for (let o = 0; o < out; o++) {
    const three = convolve([0, 1, 2].map(normalised), weight, o, padding);
    const folded = convolve(planes, fold.weight, o, padding).map((value) => value + (fold.bias?.[o] ?? 0));
    for (const [i, value] of three.entries()) expect(folded[i]).toBeCloseTo(value, 5);
  }
});
