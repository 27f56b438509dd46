/** Chooses the strength of the penalty by out-of-fold log loss. */
import type { PenaltyTrial } from './model';
import { present } from '../base/present';

/** Where `auto` starts: half decades around what features of pretrained networks usually want. */
const firstStrengths: readonly number[] = [0.001, 0.003, 0.01];
/** The half decades that `auto` may go on to when the best of those tried stands at the edge. */
const ladder: readonly number[] = [-6, -5, -4, -3, -2, -1, 0, 1, 2].flatMap((power) => [
  Number(`1e${power}`),
  Number(`3e${power}`),
]);

/** What trying one C gave, before calibration. */
export interface TrialOutcome {
  /** Mean out-of-fold log loss of each selected unit: one for softmax, one per finding for sigmoid. NaN: nothing to measure. */
  readonly logLoss: Float64Array;
}

/** The choice: for each unit the C with the lowest log loss, and everything that was tried, by rising C. */
export interface PenaltyChoice<T extends TrialOutcome> {
  readonly C: readonly number[];
  readonly outcomes: ReadonlyMap<number, T>;
  readonly trials: readonly PenaltyTrial[];
}

/**
 * Tries `strengths`, or for `auto` three of them and then outward, two at a time, while the best of any unit is
 * the smallest or the largest tried. Of equals the smaller C is taken.
 * @param attempt fits all folds at each of the given C
 */
export async function selectPenalty<T extends TrialOutcome>(
  strengths: 'auto' | readonly number[],
  units: number,
  attempt: (strengths: readonly number[]) => Promise<readonly T[]>,
): Promise<PenaltyChoice<T>> {
  const outcomes = new Map<number, T>();
  const tryAll = async (list: readonly number[]) => {
    const results = await attempt(list);
    list.forEach((C, i) => outcomes.set(C, present(results[i], 'the outcome')));
  };
  await tryAll(strengths === 'auto' ? firstStrengths : [...new Set(strengths)]);
  let C = bestOf(outcomes, units);
  while (strengths === 'auto') {
    const tried = [...outcomes.keys()];
    const [lowest, highest] = [Math.min(...tried), Math.max(...tried)];
    const below = C.includes(lowest) ? ladder.filter((rung) => rung < lowest).slice(-2) : [];
    const above = C.includes(highest) ? ladder.filter((rung) => rung > highest).slice(0, 2) : [];
    if (below.length + above.length === 0) break;
    await tryAll([...below, ...above]);
    C = bestOf(outcomes, units);
  }
  const trials = [...outcomes]
    .sort(([a], [b]) => a - b)
    .map(([strength, { logLoss }]) => ({ C: strength, logLoss: meanOfFinite(logLoss) }));
  return { C, outcomes, trials };
}

function bestOf(outcomes: ReadonlyMap<number, TrialOutcome>, units: number): number[] {
  const rising = [...outcomes].sort(([a], [b]) => a - b);
  return Array.from({ length: units }, (_, unit) => {
    // A unit that nowhere has a log loss takes the middle: it does not send the search outward.
    let [best] = present(rising[Math.floor(rising.length / 2)], 'a strength that was tried');
    let lowest = Number.POSITIVE_INFINITY;
    for (const [C, { logLoss }] of rising) {
      if (logLoss[unit]! < lowest) [best, lowest] = [C, logLoss[unit]!];
    }
    return best;
  });
}

function meanOfFinite(values: Float64Array): number {
  const finite = values.filter((value) => Number.isFinite(value));
  return finite.length === 0 ? Number.NaN : finite.reduce((sum, value) => sum + value, 0) / finite.length;
}
