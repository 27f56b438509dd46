/** Spherical k-means (Dhillon and Modha, Machine Learning 42, 2001), begun by k-means++ (Arthur and Vassilvitskii 2007). */
import { SplitMix32 } from '../base/random';

export interface Clusters {
  /** Cluster of every row; -1 without components. */
  readonly of: Int32Array;
  /** The row of the searched ones that lies nearest to each centre. */
  readonly nearest: Int32Array;
}

const mostRounds = 60;

/**
 * @param rows row-major rows × dim; not changed
 * @param searched the rows that the centres are made of
 * @param has 1 for rows that have components; those that were not searched get their nearest centre
 */
export function sphericalMeans(
  rows: Float32Array,
  dim: number,
  searched: Int32Array,
  has: Uint8Array,
  { count, seed }: { readonly count: number; readonly seed: number },
): Clusters {
  const unit = toUnitLength(rows, dim);
  const centres = firstCentres(unit, dim, searched, count, new SplitMix32(seed));
  const of = new Int32Array(has.length).fill(-1);
  for (let round = 0; round < mostRounds; round++) {
    let moved = 0;
    for (const i of searched) {
      const own = closest(unit, dim, i, centres, count);
      if (of[i] !== own) moved++;
      of[i] = own;
    }
    if (moved === 0) break;
    moveCentres(unit, dim, searched, of, centres);
  }
  for (let i = 0; i < has.length; i++) {
    if (has[i] === 1 && of[i] === -1) of[i] = closest(unit, dim, i, centres, count);
  }
  const nearest = new Int32Array(count);
  for (let k = 0; k < count; k++) {
    let best = -Infinity;
    for (const i of searched) {
      const similarity = dot(unit, i * dim, centres, k * dim, dim);
      if (similarity > best) [best, nearest[k]] = [similarity, i];
    }
  }
  return { of, nearest };
}

function toUnitLength(rows: Float32Array, dim: number): Float32Array {
  const unit = rows.slice();
  for (let from = 0; from < unit.length; from += dim) {
    const length = Math.sqrt(dot(unit, from, unit, from, dim));
    if (length > 0) for (let j = from; j < from + dim; j++) unit[j]! /= length;
  }
  return unit;
}

/** Each next centre is drawn with a probability that rises with the distance from those that are there. */
function firstCentres(
  unit: Float32Array,
  dim: number,
  searched: Int32Array,
  count: number,
  random: SplitMix32,
): Float32Array {
  const centres = new Float32Array(count * dim);
  const far = new Float64Array(searched.length).fill(1);
  for (let k = 0; k < count; k++) {
    let left = random.uniform() * far.reduce((sum, value) => sum + value, 0);
    let chosen = 0;
    while (chosen < far.length - 1 && left >= far[chosen]!) left -= far[chosen++]!;
    const from = searched[chosen]! * dim;
    centres.set(unit.subarray(from, from + dim), k * dim);
    for (let n = 0; n < searched.length; n++) {
      far[n] = Math.min(far[n]!, Math.max(0, 1 - dot(unit, searched[n]! * dim, centres, k * dim, dim)));
    }
  }
  return centres;
}

function closest(unit: Float32Array, dim: number, row: number, centres: Float32Array, count: number): number {
  let best = 0;
  let most = -Infinity;
  for (let k = 0; k < count; k++) {
    const similarity = dot(unit, row * dim, centres, k * dim, dim);
    if (similarity > most) [best, most] = [k, similarity];
  }
  return best;
}

/** A cluster that lost all its rows keeps its centre. */
function moveCentres(
  unit: Float32Array,
  dim: number,
  searched: Int32Array,
  of: Int32Array,
  centres: Float32Array,
): void {
  const sums = new Float64Array(centres.length);
  for (const i of searched) {
    const to = of[i]! * dim;
    for (let j = 0; j < dim; j++) sums[to + j]! += unit[i * dim + j]!;
  }
  for (let from = 0; from < sums.length; from += dim) {
    let square = 0;
    for (let j = from; j < from + dim; j++) square += sums[j]! * sums[j]!;
    if (square === 0) continue;
    for (let j = from; j < from + dim; j++) centres[j] = sums[j]! / Math.sqrt(square);
  }
}

function dot(a: Float32Array, i: number, b: Float32Array, j: number, dim: number): number {
  let sum = 0;
  for (let n = 0; n < dim; n++) sum += a[i + n]! * b[j + n]!;
  return sum;
}
