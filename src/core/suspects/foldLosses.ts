/** The loss of each label within its fold, so that folds whose model is worse do not make more suspects. */
import { lossOf } from '../evaluation/outcomeRules';
import type { Targets } from '../labels/model';

/**
 * Cross entropy of each item's label, less the mean of its fold and over its standard deviation; per finding. NaN for items
 * without label, fold or probability.
 * @param p row-major samples × outputs
 */
export function foldLosses(p: Float64Array, { task, outputs, y }: Targets, fold: Int32Array): Float64Array {
  const multiClass = task === 'multi-class';
  const width = multiClass ? 1 : outputs.length;
  const losses = new Float64Array(y.length).fill(NaN);
  const folds = fold.reduce((most, k) => Math.max(most, k + 1), 0);
  const size = folds * width;
  const [counts, sums, squares] = [new Float64Array(size), new Float64Array(size), new Float64Array(size)];
  for (let item = 0; item < y.length; item++) {
    const label = y[item]!;
    const sample = Math.floor(item / width);
    if (label < 0 || fold[sample]! < 0) continue;
    const own = multiClass ? p[sample * outputs.length + label]! : label === 1 ? p[item]! : 1 - p[item]!;
    if (Number.isNaN(own)) continue;
    const loss = lossOf(own);
    const place = fold[sample]! * width + (item % width);
    losses[item] = loss;
    counts[place]!++;
    sums[place]! += loss;
    squares[place]! += loss * loss;
  }
  for (let item = 0; item < y.length; item++) {
    if (Number.isNaN(losses[item]!)) continue;
    const place = fold[Math.floor(item / width)]! * width + (item % width);
    const mean = sums[place]! / counts[place]!;
    const variance = squares[place]! / counts[place]! - mean * mean;
    losses[item] = variance > 1e-24 ? (losses[item]! - mean) / Math.sqrt(variance) : 0;
  }
  return losses;
}
