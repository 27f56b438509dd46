/** The rules that an outcome is made by: what a model calls, and what a label costs it. */

/** Probabilities are kept this far from 0 under the logarithm, as scikit-learn's log_loss does in float64. */
export const smallestProbability = Number.EPSILON;

/** Cross entropy of an outcome that had this probability, nats. NaN for an unknown probability. */
export function lossOf(probability: number): number {
  return -Math.log(Math.max(probability, smallestProbability)) + 0;
}

/** Whether a finding of this probability is called present. */
export function isCalled(probability: number, threshold: number): boolean {
  return probability >= threshold;
}

/** The class with the highest probability, the first of equals; -1 where none is known (NaN). */
export function mostProbable(probabilities: Float64Array, from: number, classes: number): number {
  let best = -1;
  for (let k = 0; k < classes; k++) {
    const p = probabilities[from + k]!;
    if (!Number.isNaN(p) && (best < 0 || p > probabilities[from + best]!)) best = k;
  }
  return best;
}

/**
 * Whoever kept a label has settled the item: it is no error, though the prediction contradicts it. Nor does it count
 * what a model says of an image that it was trained on, or of a finding that is too rare to judge.
 */
export function isError(item: {
  readonly wrong: boolean;
  readonly kept: boolean;
  readonly seen: boolean;
  readonly tooRare: boolean;
}): boolean {
  return item.wrong && !item.kept && !item.seen && !item.tooRare;
}
