/**
 * A guarantee for triage: a threshold above which a call is right, or below which its absence is, at least as often as
 * asked, with the confidence asked. By Learn then Test (Angelopoulos, Bates, Candès, Jordan, Lei: Annals of Applied
 * Statistics 19, 2025, arXiv 2110.01052): thresholds are tested one after the other in an order that was fixed before, each
 * by an exact binomial test at the same level; the first that is not shown ends it, so that the level holds for all.
 */
import { SplitMix32 } from '../base/random';
import { binomialTest, clopperPearson } from './exactTests';
import { isCalled } from './outcomeRules';
import type { OutputEntries } from './part';

/** What is to be guaranteed: PPV of those called "high", or NPV of those called "low". */
export type GuaranteedFigure = 'ppv' | 'npv';

export interface GuaranteeRequest {
  readonly figure: GuaranteedFigure;
  /** The least value, above 0 and below 1. */
  readonly atLeast: number;
  /** How sure, above 0 and below 1. */
  readonly confidence: number;
  /** Which image of a patient with several counts is drawn by it. Unsigned 32-bit. */
  readonly seed: number;
}

/** A threshold with its guarantee, or why there is none. */
export type Guarantee =
  | {
      readonly threshold: number;
      /** Patients that are called high (PPV) or low (NPV) at it, and for how many that is right. */
      readonly called: number;
      readonly right: number;
      /** The exact lower bound of that share at the confidence asked, on its own. */
      readonly low: number;
      /** Thresholds that were tested, the last of which may have failed. */
      readonly tested: number;
      /** Patients of the untouched part: one image of each. */
      readonly patients: number;
    }
  | { readonly why: string; readonly patients: number };

/** Thresholds in the sequence, at most. */
const mostThresholds = 50;

/**
 * @param outOfFold the output's scores in the training part: the sequence of thresholds is fixed by these alone
 * @param untouched the output in a part that nobody has looked at
 */
export function guarantee(
  outOfFold: OutputEntries,
  untouched: OutputEntries,
  request: GuaranteeRequest,
): Guarantee {
  const one = oneOfEachPatient(untouched, request.seed);
  const patients = one.length;
  const needed = Math.ceil(Math.log(1 - request.confidence) / Math.log(request.atLeast));
  if (patients < needed) {
    return {
      patients,
      why: `${patients} patients are too few: even without one error ${needed} would be needed`,
    };
  }
  const sequence = thresholdsOf(outOfFold, request.figure, Math.min(1, roomFor(needed) / patients));
  let best: Guarantee | undefined;
  let tested = 0;
  let last = { called: 0, right: 0 };
  for (const threshold of sequence) {
    tested++;
    const isHigh = request.figure === 'ppv';
    const called = one.filter(({ p }) => isCalled(p, threshold) === isHigh);
    const right = called.filter(({ positive }) => positive === isHigh).length;
    last = { called: called.length, right };
    const level = 1 - request.confidence;
    if (binomialTest(right, called.length, request.atLeast, 'greater') > level) break;
    const { low } = clopperPearson(right, called.length, 1 - 2 * level);
    best = { threshold, ...last, low, tested, patients };
  }
  if (best && 'threshold' in best) return { ...best, tested };
  const percent = `${String(Number((100 * request.atLeast).toFixed(2)))} %`;
  return {
    patients,
    why:
      sequence.length === 0
        ? 'There are no scores out of fold to choose thresholds by'
        : `${last.right} of the ${last.called} patients called at the strictest threshold are right, which does not show ${percent}`,
  };
}

/** How many must be expected so that hardly ever fewer than `needed` are called: two standard deviations more. */
function roomFor(needed: number): number {
  return needed + 2 * Math.sqrt(needed) + 1;
}

/**
 * From the strictest threshold on: for PPV falling, for NPV rising, by the ranks of the scores out of fold.
 * @param least the share that the first calls
 */
function thresholdsOf({ confidence }: OutputEntries, figure: GuaranteedFigure, least: number): number[] {
  const count = confidence.length;
  if (count === 0) return [];
  const thresholds: number[] = [];
  for (let k = 0; k < mostThresholds; k++) {
    const share = least + (1 - least) * (k / mostThresholds);
    const rank = Math.min(count - 1, Math.max(0, Math.ceil(share * count) - 1));
    const threshold = figure === 'ppv' ? confidence[rank]! : confidence[count - 1 - rank]!;
    if (threshold !== thresholds.at(-1)) thresholds.push(threshold);
  }
  return thresholds;
}

/** One image of each patient, drawn: several of one are no independent trials. */
function oneOfEachPatient(
  { patient, confidence, positive }: OutputEntries,
  seed: number,
): { readonly p: number; readonly positive: boolean }[] {
  const random = new SplitMix32(seed);
  const chosen = new Map<number, { readonly at: number; readonly draw: number }>();
  for (let n = 0; n < patient.length; n++) {
    const draw = random.uint32();
    const known = chosen.get(patient[n]!);
    if (!known || draw < known.draw) chosen.set(patient[n]!, { at: n, draw });
  }
  return [...chosen.values()].map(({ at }) => ({ p: confidence[at]!, positive: positive[at] === 1 }));
}
