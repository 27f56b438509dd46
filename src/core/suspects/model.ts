/** Label errors: what is computed of labels and out-of-fold probabilities. Types, and the names of the methods. */

/**
 * Labels beside the probabilities of a model that did not see them. Rows that say nothing (masked, unknown, without a
 * prediction) are left out before.
 */
export interface LabelledProbabilities {
  /** Class of each row, 0 … classes - 1. */
  readonly labels: Int32Array;
  /** Row-major rows × classes. */
  readonly p: Float64Array;
  readonly classes: number;
}

/** How sure one may be of a given label; low is suspect. */
export const qualityMethods = [
  'self_confidence',
  'normalized_margin',
  'confidence_weighted_entropy',
] as const;
export type QualityMethod = (typeof qualityMethods)[number];

/** Which labels are called wrong. */
export const pruneMethods = [
  'prune_by_noise_rate',
  'prune_by_class',
  'both',
  'confident_learning',
  'predicted_neq_given',
  'low_self_confidence',
  'low_normalized_margin',
] as const;
export type PruneMethod = (typeof pruneMethods)[number];

/** How often the folds are drawn, unless asked otherwise. */
export const usualRepeats = 10;

/** Counts by given (row) and true class (column), row-major classes × classes. */
export type Joint = Float64Array;
