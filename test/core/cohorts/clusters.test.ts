/** Clusters of made-up components, and where the rows that were not searched go. */
import { describe, expect, it } from 'vitest';
import { SplitMix32 } from '../../../src/core/base/random';
import { sphericalMeans } from '../../../src/core/cohorts/sphericalMeans';

const dim = 8;
const count = 4;

/** Rows around the first axes, one cluster each. */
function blobs(rows: number, seed: number): Float32Array {
  const random = new SplitMix32(seed);
  return Float32Array.from({ length: rows * dim }, (_, at) => {
    const [row, axis] = [Math.floor(at / dim), at % dim];
    return (axis === row % count ? 3 : 0) + 0.4 * random.normal();
  });
}

describe('spherical k-means', () => {
  it.each([1, 2, 3])('finds clouds that lie apart, seed %i', (seed) => {
    const rows = blobs(200, seed);
    const has = new Uint8Array(200).fill(1);
    has[7] = 0;
    const searched = Int32Array.from({ length: 120 }, (_, i) => i).filter((i) => i !== 7);
    const { of, nearest } = sphericalMeans(rows, dim, searched, has, { count, seed });
    expect(of[7]).toBe(-1);
    const names = new Map<number, Set<number>>();
    of.forEach((cluster, row) => {
      if (cluster >= 0) names.set(row % count, (names.get(row % count) ?? new Set()).add(cluster));
    });
    // Each cloud is one cluster, of the rows that were not searched too, and no two are the same.
    expect([...names.values()].map((own) => own.size)).toEqual([1, 1, 1, 1]);
    expect(new Set([...names.values()].flatMap((own) => [...own])).size).toBe(count);
    nearest.forEach((row, cluster) => expect(of[row]).toBe(cluster));
    expect([...nearest].every((row) => row < 120)).toBe(true);
  });
});
