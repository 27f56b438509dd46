/**
 * Mean and standard deviation of each feature over the training rows of each partition (one fold left out, or
 * none), as scikit-learn's StandardScaler: population variance, constant features keep scale 1.
 */
import { present } from '../base/present';

/** Standardised feature = (x - mean) · inverseScale. */
export interface Standardisation {
  readonly mean: Float64Array;
  /** 1 / standard deviation; 0 for a constant feature, which then neither counts nor gets a weight. */
  readonly inverseScale: Float64Array;
  readonly rows: number;
}

/**
 * One standardisation per fold left out, then one over all training rows: `folds + 1` of them.
 * One pass over the features in float64; sums are taken about the first training row, so that features with
 * large means and small spread keep their digits.
 * @param fold fold of each row, 0 … folds - 1; -1 for rows that are not for training
 */
export function standardisations(
  features: Float32Array,
  dim: number,
  fold: Int32Array,
  folds: number,
): Standardisation[] {
  const firstRow = fold.findIndex((k) => k >= 0);
  const shift = Float64Array.from(
    firstRow < 0 ? new Float32Array(dim) : features.subarray(firstRow * dim, (firstRow + 1) * dim),
  );
  const perFold = Array.from({ length: folds }, () => new Moments(dim));
  fold.forEach((k, row) => {
    if (k >= 0) present(perFold[k], 'the fold').add(features, row * dim, shift);
  });
  const leftOut = perFold.map((_, held) => perFold.filter((_, k) => k !== held));
  return [...leftOut, perFold].map((parts) => combine(parts, shift));
}

/** Count, sum and sum of squares about a shift, per feature. */
class Moments {
  rows = 0;
  readonly sum: Float64Array;
  readonly squares: Float64Array;

  constructor(dim: number) {
    this.sum = new Float64Array(dim);
    this.squares = new Float64Array(dim);
  }

  add(features: Float32Array, offset: number, shift: Float64Array): void {
    const { sum, squares } = this;
    this.rows++;
    for (let j = 0; j < sum.length; j++) {
      const x = features[offset + j]! - shift[j]!;
      sum[j]! += x;
      squares[j]! += x * x;
    }
  }
}

function combine(parts: readonly Moments[], shift: Float64Array): Standardisation {
  const dim = shift.length;
  const rows = parts.reduce((total, part) => total + part.rows, 0);
  const mean = shift.slice();
  const inverseScale = new Float64Array(dim);
  if (rows === 0) return { mean, inverseScale, rows };
  for (let j = 0; j < dim; j++) {
    let sum = 0;
    let squares = 0;
    for (const part of parts) {
      sum += part.sum[j]!;
      squares += part.squares[j]!;
    }
    const about = sum / rows;
    mean[j]! += about;
    const variance = Math.max(0, squares / rows - about * about);
    // scikit-learn's bound on the rounding of the variance of a constant column (_is_constant_feature).
    const rounding = rows * Number.EPSILON * variance + (rows * mean[j]! * Number.EPSILON) ** 2;
    inverseScale[j] = variance <= rounding ? 0 : 1 / Math.sqrt(variance);
  }
  return { mean, inverseScale, rows };
}
