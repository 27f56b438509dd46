/** Quality of given labels, 0 to 1, low is suspect: the scores of confident learning. Equal to cleanlab 2.9. */
import { confidentThresholds } from './confidentJoint';
import type { LabelledProbabilities, QualityMethod } from './model';

/** What the entropy is divided by, and what it is divided into, are at least this: as in cleanlab. */
const least = 1e-6;

/**
 * The score of each row.
 * - `self_confidence`: the probability of the given class.
 * - `normalized_margin`: (p of the given class - the highest of the others + 1) / 2.
 * - `confidence_weighted_entropy`: e = entropy / log(classes) / p of the given class, turned to log(e + 1) / e. Rows that the
 *   model is sure of to more than 1e-6 fall to 0, as with cleanlab, whichever class it is sure of: rank by another one.
 */
export function labelQuality(data: LabelledProbabilities, method: QualityMethod): Float64Array {
  const { labels, p, classes } = data;
  const scores = new Float64Array(labels.length);
  const score = scoreOfRow[method];
  for (let i = 0; i < scores.length; i++) scores[i] = score(p, i * classes, classes, labels[i]!);
  return scores;
}

type RowScore = (p: Float64Array, at: number, classes: number, label: number) => number;

const scoreOfRow: Readonly<Record<QualityMethod, RowScore>> = {
  self_confidence: (p, at, _classes, label) => p[at + label]!,
  normalized_margin: (p, at, classes, label) =>
    (p[at + label]! - highestOther(p, at, classes, label) + 1) / 2,
  confidence_weighted_entropy(p, at, classes, label) {
    let entropy = 0;
    for (let k = 0; k < classes; k++) {
      const value = p[at + k]!;
      if (value > 0) entropy -= value * Math.log(value);
    }
    const weighted = entropy / Math.log(classes) / Math.max(p[at + label]!, least);
    return Math.log1p(weighted) / Math.max(weighted, least);
  },
};

/** The probability of the likeliest class but the given one. */
export function highestOther(p: Float64Array, at: number, classes: number, label: number): number {
  let highest = -Infinity;
  for (let k = 0; k < classes; k++) if (k !== label && p[at + k]! > highest) highest = p[at + k]!;
  return highest;
}

/** The likeliest class but the given one, the first of equals: what the label is suspected to be instead. */
export function likeliestOther(p: Float64Array, at: number, classes: number, label: number): number {
  let best = -1;
  for (let k = 0; k < classes; k++) if (k !== label && (best < 0 || p[at + k]! > p[at + best]!)) best = k;
  return best;
}

/**
 * Probabilities less the mean confidence in their class, shifted to be positive and rescaled to 1: of classes of which the
 * model is less sure by nature, labels do not all look suspect.
 * @internal
 */
export function withoutConfidence(data: LabelledProbabilities): LabelledProbabilities {
  const { labels, p, classes } = data;
  const thresholds = confidentThresholds(data);
  const highest = Math.max(...thresholds);
  const adjusted = new Float64Array(p.length);
  for (let at = 0; at < labels.length * classes; at += classes) {
    let total = 0;
    for (let k = 0; k < classes; k++) total += adjusted[at + k] = p[at + k]! - thresholds[k]! + highest;
    for (let k = 0; k < classes; k++) adjusted[at + k]! /= total;
  }
  return { labels, p: adjusted, classes };
}
