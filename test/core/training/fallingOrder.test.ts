import { expect, it } from 'vitest';
import { SplitMix32 } from '../../../src/core/base/random';
import { fallingOrder } from '../../../src/core/training/fallingOrder';

it('is the order of a stable sort, ties, zeros and infinities too', () => {
  const random = new SplitMix32(2);
  const keys = Float64Array.from({ length: 500 }, () => random.below(40) / 39);
  keys[17] = -0;
  keys[18] = Number.NEGATIVE_INFINITY;
  const expected = [...keys.keys()].sort((a, b) => keys[b]! - keys[a]!);
  const tied = (i: number) => keys[i] === 0;
  const got = [...fallingOrder(keys)];
  expect(got.filter((i) => !tied(i))).toEqual(expected.filter((i) => !tied(i)));
  expect(got.toSorted((a, b) => a - b)).toEqual([...keys.keys()]);
  expect(fallingOrder(new Float64Array(0))).toHaveLength(0);
});
