/**
 * Operating points: targets that a person sets (`operating_points` of overread.yaml), met on scores out of fold, so that no
 * image says where its own threshold lies. Validation only shows what they come to.
 */
import type { OperatingTarget } from '../config/model';
import { hasEnoughPatients } from './enoughPatients';
import { countPatients } from './metrics';
import type { OutputEntries } from './part';

/** A threshold, or why there is none. */
export type ChosenThreshold = { readonly threshold: number } | { readonly why: string };

/**
 * The threshold at which an output meets its target:
 * - `youden`: the highest sensitivity + specificity (Youden, Cancer 3, 1950), of equals the highest threshold;
 * - `sensitivity`: the highest threshold that reaches it;
 * - `specificity`: the lowest threshold that reaches it;
 * - `threshold`: the one that was given.
 *
 * Thresholds lie half way between two neighbouring scores. Cost: linear.
 * @param output out of fold
 */
export function chooseOperatingThreshold(output: OutputEntries, target: OperatingTarget): ChosenThreshold {
  if (target !== 'youden' && 'threshold' in target) return { threshold: target.threshold };
  const patients = countPatients(output);
  if (!hasEnoughPatients(patients)) {
    const { positivePatients, negativePatients } = patients;
    return {
      why: `${output.name} has ${positivePatients} positive and ${negativePatients} negative patients out of fold; a threshold needs ten of each`,
    };
  }
  const { confidence, positive, tieEnd, positives, negatives } = output;
  let truePositives = 0;
  let best: { readonly gain: number; readonly at: number } | undefined;
  for (let n = 0; n < confidence.length; n++) {
    truePositives += positive[n]!;
    if (tieEnd[n] !== 1) continue;
    const sensitivity = truePositives / positives;
    const specificity = 1 - (n + 1 - truePositives) / negatives;
    if (target === 'youden') {
      if (!best || sensitivity + specificity > best.gain) best = { gain: sensitivity + specificity, at: n };
    } else if ('sensitivity' in target) {
      if (sensitivity >= target.sensitivity) return { threshold: below(confidence, n) };
    } else if (specificity >= target.specificity) best = { gain: 0, at: n };
    else break;
  }
  if (best) return { threshold: below(confidence, best.at) };
  // Even the highest score alone has too many negatives: nothing is called.
  return { threshold: confidence[0]! < 1 ? (1 + confidence[0]!) / 2 : 1 };
}

/** Half way from a score to the next lower one: between two neighbours of float64 the upper one. */
function below(confidence: Float64Array, at: number): number {
  const own = confidence[at]!;
  const next = confidence[at + 1] ?? 0;
  const middle = (own + next) / 2;
  return middle > next ? middle : own;
}

/**
 * Thresholds worth trying, falling: each parts the scores in another way, and has no more digits than it needs to.
 * @param most so many at most, evenly spread over the ranks
 */
export function candidateThresholds({ confidence, tieEnd }: OutputEntries, most = 1000): number[] {
  const ends: number[] = [];
  for (let n = 0; n < confidence.length; n++) if (tieEnd[n] === 1) ends.push(n);
  const step = Math.max(1, ends.length / most);
  const thresholds: number[] = [];
  for (let k = 0; k < ends.length; k += step) {
    const at = ends[Math.floor(k)] ?? 0;
    const threshold = shortest(confidence[at]!, confidence[at + 1] ?? 0);
    // At 0 everything is called, whatever its score.
    if (threshold > 0 && threshold !== thresholds.at(-1)) thresholds.push(threshold);
  }
  return thresholds;
}

/** The decimal with the fewest digits above `low` and at most `high`. */
function shortest(high: number, low: number): number {
  for (let digits = 2; digits <= 15; digits++) {
    const scale = 10 ** digits;
    const value = Math.floor(((high + low) / 2) * scale + 0.5) / scale;
    if (value > low && value <= high) return value;
  }
  return high;
}
