/** Decision thresholds of findings. */
import { fallingOrder } from './fallingOrder';

/** Below this many positive patients a finding is too rare to judge: it has no threshold of its own making. */
export const judgedFrom = 10;
/** Where a finding has none of its own: what is more likely than not. */
export const plainThreshold = 0.5;

/**
 * The threshold with the highest Matthews correlation (Chicco & Jurman, BMC Genomics 21:6, 2020) between
 * `probability >= threshold` and the labels. F1 is not used because for a finding that cannot be told apart
 * its optimum calls every image positive (Lipton, Elkan & Naryanaswamy, ECML 2014), and Youden's J floods a
 * rare finding with false alarms; the reviewer would pay for both. So would they for the correlation alone where a finding
 * is hard to tell: on 12 of 423 films with pleural thickening its optimum lay at 0.026, with 191 false alarms. So no more
 * images are called than have the finding, as at the break-even point of precision and recall (Lewis, SIGIR 1992): false
 * alarms are never more than misses.
 * Of equals the highest, half way to the next lower probability; 0.5 without positives or without negatives,
 * and where no threshold does better than chance. Cost: one sort.
 * @param labels 1, 0, negative: left out
 */
export function chooseThreshold(probabilities: Float64Array, labels: Int32Array): number {
  const rows = Int32Array.from(labels.keys()).filter((row) => labels[row]! >= 0);
  const order = fallingOrder(Float64Array.from(rows, (row) => probabilities[row]!)).map((i) => rows[i]!);
  const positives = order.reduce((sum, row) => sum + labels[row]!, 0);
  const negatives = order.length - positives;
  let best = 0;
  let threshold = plainThreshold;
  let truePositives = 0;
  order.forEach((row, i) => {
    truePositives += labels[row]!;
    const p = probabilities[row]!;
    const following = order[i + 1];
    const next = following === undefined ? 0 : probabilities[following]!;
    if (following !== undefined && next === p) return;
    if (i + 1 > positives) return;
    const value = matthews(truePositives, i + 1 - truePositives, positives, negatives);
    if (value > best) {
      best = value;
      // In float64 the midpoint of two neighbours may round to the lower one.
      const middle = (p + next) / 2;
      threshold = middle > next ? middle : p;
    }
  });
  return threshold;
}

/** Matthews correlation coefficient; 0 where it is not defined. */
function matthews(
  truePositives: number,
  falsePositives: number,
  positives: number,
  negatives: number,
): number {
  const called = truePositives + falsePositives;
  const trueNegatives = negatives - falsePositives;
  const falseNegatives = positives - truePositives;
  const scale = called * positives * negatives * (positives + negatives - called);
  if (scale <= 0) return 0;
  return (truePositives * trueNegatives - falsePositives * falseNegatives) / Math.sqrt(scale);
}
