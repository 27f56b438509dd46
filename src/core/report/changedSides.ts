/** The images that a threshold would put on the other side of where the run puts them. */
import { isCalled, mostProbable } from '../evaluation/outcomeRules';
import type { PredictionColumns } from '../evaluation/model';

export interface ChangedSides {
  /** Indices of samples that would be called and are not, the nearest to the threshold first. */
  readonly called: readonly number[];
  /** Of those that are called and would not be. */
  readonly dropped: readonly number[];
}

/**
 * @param rows the samples to look at, as indices
 * @param output its place among the run's outputs
 * @param threshold from which probability on it would be called
 */
export function changedSides(
  { outputs, probabilities, thresholds }: PredictionColumns,
  rows: Int32Array,
  output: number,
  threshold: number,
): ChangedSides {
  const width = outputs.length;
  // Classes have no thresholds: the most probable one is called.
  const own = thresholds[output];
  const called: number[] = [];
  const dropped: number[] = [];
  const p = (row: number): number => probabilities[row * width + output] ?? NaN;
  for (const row of rows) {
    const is =
      own === undefined ? mostProbable(probabilities, row * width, width) === output : isCalled(p(row), own);
    const would = isCalled(p(row), threshold);
    if (would && !is) called.push(row);
    if (is && !would) dropped.push(row);
  }
  const byDistance = (a: number, b: number): number =>
    Math.abs(p(a) - threshold) - Math.abs(p(b) - threshold);
  return { called: called.sort(byDistance), dropped: dropped.sort(byDistance) };
}
