import { expect, it } from 'vitest';
import { standardisations } from '../../../src/core/training/standardise';
import { symmetricEigen } from '../../../src/core/training/eigen';

it('takes each fold out of mean and population variance', () => {
  const features = Float32Array.of(1, 10, 2, 10, 4, 10, 9, 99);
  const [leftOut0, leftOut1, whole] = standardisations(features, 2, Int32Array.of(0, 1, 0, -1), 2);
  expect(leftOut0).toMatchObject({ rows: 1 });
  expect([...leftOut0!.mean]).toEqual([2, 10]);
  // One row has no variance: its features do not count.
  expect([...leftOut0!.inverseScale]).toEqual([0, 0]);
  expect(leftOut1!.mean[0]).toBeCloseTo(2.5, 12);
  expect(leftOut1!.inverseScale[0]).toBeCloseTo(1 / 1.5, 12);
  expect(whole!.mean[0]).toBeCloseTo(7 / 3, 12);
  expect(whole!.inverseScale[0]).toBeCloseTo(1 / Math.sqrt(14 / 9), 12);
  expect(whole!.inverseScale[1]).toBe(0);
});

it('keeps the digits of a small spread about a large mean', () => {
  const features = Float32Array.of(4096, 4096.5, 4097, 4096.5);
  const [, whole] = standardisations(features, 1, Int32Array.of(0, 0, 0, 0), 1);
  expect(whole!.inverseScale[0]).toBeCloseTo(1 / Math.sqrt(0.125), 10);
});

it('finds eigenvalues in falling order with their vectors', () => {
  const { values, vectors } = symmetricEigen(Float64Array.of(2, 1, 0, 1, 2, 0, 0, 0, 5), 3);
  [5, 3, 1].forEach((value, i) => {
    expect(values[i]).toBeCloseTo(value, 10);
  });
  expect(Math.abs(vectors[6]!)).toBeCloseTo(1, 10);
  expect(vectors[1]! * vectors[4]!).toBeCloseTo(0.5, 10);
  expect(vectors[2]! * vectors[5]!).toBeCloseTo(-0.5, 10);
});

it('takes a feature for constant that only a row of the fold left out has, wherever it stands', () => {
  // Of so many rows the sums of squares are not exact.
  const rows = 109;
  const fold = Int32Array.from({ length: rows }, (_, row) => row % 5);
  for (const odd of [0, 5, 52]) {
    const dim = 300;
    const values = Array.from({ length: dim }, (_, j) => Math.fround(0.1 + 0.037 * j));
    const features = Float32Array.from({ length: rows * dim }, (_, at) =>
      Math.floor(at / dim) === odd ? (values[at % dim] ?? 0) : 0,
    );
    const found = standardisations(features, dim, fold, 5);
    for (const [partition, { mean, inverseScale }] of found.entries()) {
      const isConstant = partition === odd % 5;
      expect([...inverseScale].map((scale) => scale === 0)).toEqual(values.map(() => isConstant));
      if (isConstant) expect([...mean]).toEqual(values.map(() => 0));
    }
  }
});
