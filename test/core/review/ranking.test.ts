import { describe, expect, it } from 'vitest';
import { SplitMix32 } from '../../../src/core/base/random';
import { atOnce } from '../../../src/core/base/pieces';
import { sortingByKey } from '../../../src/core/review/ranking';

const atOnceSorted = (...sorted: Parameters<typeof sortingByKey>): Int32Array =>
  atOnce(sortingByKey(...sorted));

const awkward = [
  0,
  -0,
  1,
  -1,
  NaN,
  Infinity,
  -Infinity,
  Number.MIN_VALUE,
  -Number.MIN_VALUE,
  Number.EPSILON,
  1e308,
];

/** The same by comparison: NaN last, equal keys in their order. */
function sorted(items: readonly number[], keys: readonly number[], descending: boolean): number[] {
  const key = (item: number): number => keys[item]!;
  return [...items].sort((a, b) => {
    const [ka, kb] = [key(a), key(b)];
    if (Number.isNaN(ka) || Number.isNaN(kb)) return Number(Number.isNaN(ka)) - Number(Number.isNaN(kb));
    if (ka === kb) return 0;
    return (ka < kb ? -1 : 1) * (descending ? -1 : 1);
  });
}

describe('sortByKey', () => {
  it('orders as comparison does, both ways, ties and NaN included', () => {
    const random = new SplitMix32(3);
    for (let round = 0; round < 40; round++) {
      const n = random.below(300);
      const keys = Array.from({ length: n }, () =>
        random.uniform() < 0.3
          ? awkward[random.below(awkward.length)]!
          : (random.uniform() - 0.5) * 10 ** random.below(9),
      );
      const items = random.shuffle(keys.map((_, i) => i));
      for (const descending of [false, true]) {
        const result = atOnceSorted(Int32Array.from(items), (item) => keys[item]!, descending);
        expect([...result]).toEqual(sorted(items, keys, descending));
      }
    }
  });

  it('takes nothing, and all the same', () => {
    expect([...atOnceSorted(new Int32Array(0), () => 1, true)]).toEqual([]);
    expect([...atOnceSorted(Int32Array.from([5, 3, 9]), () => 7, true)]).toEqual([5, 3, 9]);
  });
});
