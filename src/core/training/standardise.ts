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
 * One pass over the features in float64. The sums of a fold are taken about its own first row, and folds are joined by their
 * means (Chan, Golub & LeVeque, The American Statistician 37, 1983): large means with a small spread keep their digits,
 * and a feature that is constant but for rows of the fold left out is constant, not noise.
 * @param fold fold of each row, 0 … folds - 1; -1 for rows that are not for training
 */
export function standardisations(
  features: Float32Array,
  dim: number,
  fold: Int32Array,
  folds: number,
): Standardisation[] {
  const perFold = Array.from({ length: folds }, () => new Moments(dim));
  fold.forEach((k, row) => {
    if (k >= 0) present(perFold[k], 'the fold').add(features, row * dim);
  });
  const leftOut = perFold.map((_, held) => perFold.filter((_, k) => k !== held));
  return [...leftOut, perFold].map((parts) =>
    combine(
      parts.filter(({ rows }) => rows > 0),
      dim,
    ),
  );
}

/** Count, sum and sum of squares about the first row, per feature. */
class Moments {
  rows = 0;
  readonly shift: Float64Array;
  readonly sum: Float64Array;
  readonly squares: Float64Array;

  constructor(dim: number) {
    this.shift = new Float64Array(dim);
    this.sum = new Float64Array(dim);
    this.squares = new Float64Array(dim);
  }

  add(features: Float32Array, offset: number): void {
    const { shift, sum, squares } = this;
    if (this.rows === 0) shift.set(features.subarray(offset, offset + shift.length));
    this.rows++;
    for (let j = 0; j < sum.length; j++) {
      const x = features[offset + j]! - shift[j]!;
      sum[j]! += x;
      squares[j]! += x * x;
    }
  }

  mean(j: number): number {
    return this.shift[j]! + this.sum[j]! / this.rows;
  }
}

function combine(parts: readonly Moments[], dim: number): Standardisation {
  const rows = parts.reduce((total, part) => total + part.rows, 0);
  const mean = new Float64Array(dim);
  const inverseScale = new Float64Array(dim);
  const [first] = parts;
  if (!first) return { mean, inverseScale, rows };
  for (let j = 0; j < dim; j++) {
    const about = first.mean(j);
    let away = 0;
    for (const part of parts) away += part.rows * (part.mean(j) - about);
    const middle = about + away / rows;
    mean[j] = middle;
    let squares = 0;
    for (const part of parts) {
      const sum = part.sum[j]!;
      squares += part.squares[j]! - (sum * sum) / part.rows + part.rows * (part.mean(j) - middle) ** 2;
    }
    const variance = Math.max(0, squares / rows);
    // scikit-learn's bound on the rounding of the variance of a constant column (_is_constant_feature).
    const rounding = rows * Number.EPSILON * variance + (rows * middle * Number.EPSILON) ** 2;
    inverseScale[j] = variance <= rounding ? 0 : 1 / Math.sqrt(variance);
  }
  return { mean, inverseScale, rows };
}
