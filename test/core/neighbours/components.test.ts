/** Whitened components and exact neighbours beside scikit-learn (test/golden/components.py), and what no library says. */
import { describe, expect, it } from 'vitest';
import golden from '../../golden/values/neighbours/components.json';
import { SplitMix32 } from '../../../src/core/base/random';
import { whitenedSpace } from '../../../src/core/neighbours/components';
import { largestEigen } from '../../../src/core/neighbours/largestEigen';
import { nearestByDistance, nearestNeighbours } from '../../../src/core/neighbours/nearest';
import { whitenedComponents } from '../../support/whitenedComponents';

describe.each(golden.cases)('$name', (wanted) => {
  const features = Float32Array.from(wanted.features);
  const present = new Uint8Array(wanted.images).fill(1);

  it('has the components of scikit-learn', async () => {
    const { rows, dim } = await whitenedComponents(features, wanted.dim, present, {
      most: wanted.components,
    });
    expect(dim).toBe(wanted.components);
    wanted.white.forEach((value, i) => expect(Math.abs((rows[i] ?? NaN) - value)).toBeLessThan(2e-4));
  });

  it('has the neighbours of scikit-learn', async () => {
    const found = await nearestNeighbours(
      { rows: Float32Array.from(wanted.white), dim: wanted.components, present },
      5,
    );
    expect([...found.index]).toEqual(wanted.neighbours);
    wanted.similarity.forEach((value, i) => expect(found.similarity[i]).toBeCloseTo(value, 5));
  });
});

describe('components', () => {
  it('are a sixth of the images at most', async () => {
    const random = new SplitMix32(3);
    const features = Float32Array.from({ length: 40 * 20 }, () => random.normal());
    const of = (count: number) =>
      whitenedComponents(features, 20, new Uint8Array(40).fill(1, 0, count)).then(({ dim }) => dim);
    expect([await of(40), await of(30), await of(6), await of(5), await of(0)]).toEqual([6, 5, 1, 0, 0]);
  });

  it('tell the deviation that the features had along each of them', async () => {
    const random = new SplitMix32(4);
    const features = Float32Array.from(
      { length: 200 * 3 },
      (_, n) => random.normal() * ([5, 1, 0.2][n % 3] ?? 0),
    );
    const space = await whitenedSpace(features, 3, new Uint8Array(200).fill(1));
    const variances = [0, 1, 2].map((j) => {
      const column = Array.from({ length: 200 }, (_, i) => features[i * 3 + j]!);
      const mean = column.reduce((sum, x) => sum + x, 0) / 200;
      return column.reduce((sum, x) => sum + (x - mean) ** 2, 0) / 199;
    });
    const total = space?.deviations.reduce((sum, x) => sum + x * x, 0);
    expect(total).toBeCloseTo(
      variances.reduce((sum, x) => sum + x),
      3,
    );
    expect(space?.deviations[0]).toBeCloseTo(Math.sqrt(variances[0] ?? NaN), 1);
    expect(space?.deviations[2]).toBeCloseTo(Math.sqrt(variances[2] ?? NaN), 1);
  });

  it('do not depend on rows that are not there, which have none', async () => {
    const random = new SplitMix32(4);
    const features = Float32Array.from({ length: 60 * 10 }, () => random.normal());
    const whole = await whitenedComponents(features, 10, new Uint8Array(60).fill(1));
    const gap = new Float32Array(61 * 10);
    gap.set(features.subarray(0, 100), 0);
    gap.set(
      [...Array(10).keys()].map(() => 1e6),
      100,
    );
    gap.set(features.subarray(100), 110);
    const present = new Uint8Array(61).fill(1);
    present[10] = 0;
    const { rows, dim } = await whitenedComponents(gap, 10, present);
    expect(dim).toBe(10);
    expect([...rows.subarray(0, 100), ...rows.subarray(110)]).toEqual([...whole.rows]);
    expect(rows.subarray(100, 110).every((value) => value === 0)).toBe(true);
    const { index, count } = await nearestNeighbours({ rows, dim, present }, 3);
    expect(index.subarray(30, 33)).toEqual(Int32Array.of(-1, -1, -1));
    expect(index.filter((one) => one === 10)).toHaveLength(0);
    expect(count).toBe(3);
  });
});

describe('neighbours', () => {
  it('are the same over several tiles and blocks as by sorting all products', async () => {
    const [images, dim] = [4500, 8];
    const random = new SplitMix32(5);
    const rows = Float32Array.from({ length: images * dim }, () => random.normal());
    const { index, similarity } = await nearestNeighbours(
      { rows, dim, present: new Uint8Array(images).fill(1) },
      7,
    );
    const unit = (i: number): number[] => {
      const row = [...rows.subarray(i * dim, (i + 1) * dim)];
      const length = Math.hypot(...row);
      return row.map((value) => value / length);
    };
    const units = Array.from({ length: images }, (_, i) => unit(i));
    for (const i of [0, 1023, 1024, 2047, 4095, 4096, 4499]) {
      const all = units.map((other, j) => ({
        j,
        value: other.reduce((sum, value, d) => sum + value * (units[i]?.[d] ?? 0), 0),
      }));
      const best = all
        .filter(({ j }) => j !== i)
        .sort((a, b) => b.value - a.value)
        .slice(0, 7);
      expect([...index.subarray(i * 7, i * 7 + 7)]).toEqual(best.map(({ j }) => j));
      best.forEach(({ value }, k) => expect(similarity[i * 7 + k]).toBeCloseTo(value, 5));
    }
  });

  it('by distance are the same over several blocks as by sorting all distances, missing rows left out', async () => {
    const [images, dim, count] = [1303, 5, 9];
    const random = new SplitMix32(8);
    const rows = Float32Array.from({ length: images * dim }, (_, n) => random.normal() * (1 + (n % dim)));
    const present = new Uint8Array(images).fill(1);
    present[700] = 0;
    const { index, distance } = await nearestByDistance({ rows, dim, present }, count);
    const apart = (a: number, b: number): number =>
      Math.hypot(
        ...Array.from({ length: dim }, (_, d) => (rows[a * dim + d] ?? 0) - (rows[b * dim + d] ?? 0)),
      );
    for (const i of [0, 1, 699, 1023, 1024, 1302]) {
      const nearest = Array.from({ length: images }, (_, j) => ({ j, d: apart(i, j) }))
        .filter(({ j }) => j !== i && j !== 700)
        .sort((a, b) => a.d - b.d)
        .slice(0, count);
      expect([...index.subarray(i * count, (i + 1) * count)]).toEqual(nearest.map(({ j }) => j));
      nearest.forEach(({ d }, k) => expect(distance[i * count + k]).toBeCloseTo(d, 3));
    }
    expect([index[700 * count], distance[700 * count]]).toEqual([-1, NaN]);
  });

  it('of equals are those that come first, also where these come later in the walk', async () => {
    // 2,100 images at three places of a circle: everybody has copies in every block.
    const rows = Float32Array.from({ length: 4200 }, (_, n) =>
      n % 2 === 0 ? Math.cos((Math.floor(n / 2) % 3) * 2) : Math.sin((Math.floor(n / 2) % 3) * 2),
    );
    const { index } = await nearestNeighbours({ rows, dim: 2, present: new Uint8Array(2100).fill(1) }, 3);
    expect([...index.subarray(0, 3)]).toEqual([3, 6, 9]);
    expect([...index.subarray(3 * 1500, 3 * 1500 + 3)]).toEqual([0, 3, 6]);
    expect([...index.subarray(3 * 2098, 3 * 2098 + 3)]).toEqual([1, 4, 7]);
  });

  it('are all others where there are fewer, and copies are 1 apart from nothing', async () => {
    const rows = Float32Array.of(1, 0, 1, 0, 0, 2);
    const { count, index, similarity } = await nearestNeighbours(
      { rows, dim: 2, present: new Uint8Array(3).fill(1) },
      9,
    );
    expect(count).toBe(2);
    expect([...index]).toEqual([1, 2, 0, 2, 0, 1]);
    expect([...similarity]).toEqual([1, 0, 1, 0, 0, 0]);
  });
});

describe('the largest eigenvalues', () => {
  it('are found where several are equal, in order, with orthogonal vectors', () => {
    const size = 40;
    const values = [9, 9, 9, 5, 5, 2, ...Array<number>(34).fill(1)];
    const random = new SplitMix32(6);
    // A random reflection hides the axes.
    const v = Float64Array.from({ length: size }, () => random.normal());
    const square = v.reduce((sum, x) => sum + x * x, 0);
    const h = (i: number, j: number): number => (i === j ? 1 : 0) - (2 * (v[i] ?? 0) * (v[j] ?? 0)) / square;
    const matrix = Float64Array.from({ length: size * size }, (_, n) => {
      const [i, j] = [Math.floor(n / size), n % size];
      return values.reduce((sum, value, k) => sum + h(i, k) * value * h(j, k), 0);
    });
    const found = largestEigen(matrix, size, 6);
    [9, 9, 9, 5, 5, 2].forEach((value, i) => expect(found.values[i]).toBeCloseTo(value, 9));
    for (let a = 0; a < 6; a++)
      for (let b = 0; b < 6; b++) {
        let dot = 0;
        for (let j = 0; j < size; j++)
          dot += (found.vectors[a * size + j] ?? 0) * (found.vectors[b * size + j] ?? 0);
        expect(dot).toBeCloseTo(a === b ? 1 : 0, 9);
      }
  });
});
