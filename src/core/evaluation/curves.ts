/** What a model can trade for what: the ROC curve and the precision-recall curve of one output. */
import type { OutputEntries } from './part';

/** The entries of an output that a curve is drawn from: by falling probability, ties side by side. */
export type RankedEntries = Pick<
  OutputEntries,
  'confidence' | 'positive' | 'tieEnd' | 'positives' | 'negatives'
>;

/** Points from the strictest threshold on; the first calls nothing, at a threshold above every probability (Infinity). */
export interface RocCurve {
  /** 1 - specificity, rising from 0 to 1. */
  readonly falsePositiveRate: readonly number[];
  /** Sensitivity, rising from 0 to 1. */
  readonly truePositiveRate: readonly number[];
  /** From which probability on the output is called. */
  readonly thresholds: readonly number[];
}

/** Points from the strictest threshold on, without one that calls nothing: precision is not defined there. */
export interface PrecisionRecallCurve {
  /** Sensitivity, rising. */
  readonly recall: readonly number[];
  /** Positive predictive value. */
  readonly precision: readonly number[];
  readonly thresholds: readonly number[];
}

/** The points where called positives and negatives are counted: the last entry of each run of equal probabilities. */
function* tieEnds(
  entries: RankedEntries,
): Generator<readonly [true_: number, false_: number, threshold: number]> {
  let truePositives = 0;
  for (let n = 0; n < entries.positive.length; n++) {
    truePositives += entries.positive[n]!;
    if (entries.tieEnd[n] === 1) {
      yield [truePositives, n + 1 - truePositives, entries.confidence[n]!];
    }
  }
}

/**
 * The corners of the ROC curve: a point on a straight line between its neighbours is left out. Equal to scikit-learn's
 * roc_curve. Cost: linear.
 * @returns null without positives or without negatives
 */
export function rocCurve(entries: RankedEntries): RocCurve | null {
  const { positives, negatives } = entries;
  if (positives === 0 || negatives === 0) return null;
  const points: (readonly [number, number, number])[] = [[0, 0, Infinity]];
  for (const point of tieEnds(entries)) {
    const [before, last] = [points.at(-2), points.at(-1)];
    const straight =
      before &&
      last &&
      (last[0] - before[0]) * (point[1] - last[1]) === (point[0] - last[0]) * (last[1] - before[1]);
    if (straight) points.pop();
    points.push(point);
  }
  return {
    falsePositiveRate: points.map(([, count]) => count / negatives),
    truePositiveRate: points.map(([count]) => count / positives),
    thresholds: points.map(([, , threshold]) => threshold),
  };
}

/**
 * The precision-recall curve, a point for each distinct probability. The area below its steps is `auprc` (average
 * precision). Equal to scikit-learn's precision_recall_curve read backwards. Cost: linear.
 * @returns null without positives
 */
export function precisionRecallCurve(entries: RankedEntries): PrecisionRecallCurve | null {
  if (entries.positives === 0) return null;
  const points = [...tieEnds(entries)];
  return {
    recall: points.map(([count]) => count / entries.positives),
    precision: points.map(([right, wrong]) => right / (right + wrong)),
    thresholds: points.map(([, , threshold]) => threshold),
  };
}

/**
 * Indices of the points of a curve that can be told apart when it is drawn: the first, the last, and each that is
 * further than 1 / `steps` from the one before it that was taken.
 */
export function visiblePoints(x: readonly number[], y: readonly number[], steps = 250): number[] {
  const taken: number[] = [];
  let [lastX, lastY] = [NaN, NaN];
  x.forEach((at, n) => {
    const value = y[n] ?? NaN;
    const isFar = !(Math.abs(at - lastX) < 1 / steps && Math.abs(value - lastY) < 1 / steps);
    if (!isFar && n < x.length - 1) return;
    taken.push(n);
    [lastX, lastY] = [at, value];
  });
  return taken;
}
