/**
 * What the review has found so far, estimated on the labels that were drawn at random: those that were chosen by score say
 * nothing of the others. Before there are ten changed and ten kept labels there are plain counts only.
 */
import { clopperPearson, type Interval } from '../../evaluation/exactTests';
import { isRandomDraw, type Look } from './looks';
import { compareRivals, type Rival, type YieldInput } from './rivals';

/** Changed and kept labels from which on there are estimates. */
const estimatedFrom = 10;
/** The looks that plain counts are of. */
const lastLooks = 30;
/** From which probability on the model calls a label wrong. */
const calledFrom = 0.5;

export interface Share extends Interval {
  readonly value: number;
  /** The draws that it is estimated on. */
  readonly draws: number;
}

export interface HonestYield {
  readonly changed: number;
  readonly kept: number;
  /** Looks that could not tell, or left the image out. */
  readonly undecided: number;
  readonly last: { readonly looks: number; readonly changed: number };
  /** Labels of all that are wrong: those that were changed, and the estimated share of those nobody looked at. */
  readonly noise: Share | null;
  /** Of the drawn labels that the model called wrong, those that were. null where it called none. */
  readonly precision: Share | null;
  readonly rivals: readonly Rival[];
}

export function honestYield(input: YieldInput): HonestYield {
  const first = input.looks.filter(({ again }) => !again);
  const told = first.filter(({ changed }) => changed !== null);
  const changed = told.filter((look) => look.changed === true).length;
  const last = told.slice(-lastLooks);
  const counts = {
    changed,
    kept: told.length - changed,
    undecided: first.length - told.length,
    last: { looks: last.length, changed: last.filter((look) => look.changed === true).length },
  };
  if (changed < estimatedFrom || counts.kept < estimatedFrom) {
    return { ...counts, noise: null, precision: null, rivals: [] };
  }
  const draws = told.filter(isRandomDraw);
  return {
    ...counts,
    noise: noiseOf(input, draws, told.length, changed),
    precision: precisionOf(input, draws),
    rivals: compareRivals(input, told, draws),
  };
}

/** Post-stratified by given label, since draws are uniform within one; its interval is exact at the effective number of draws. */
function noiseOf(
  { unreviewed, stratumOf }: YieldInput,
  draws: readonly Look[],
  reviewed: number,
  changed: number,
): Share | null {
  const open = [...unreviewed.values()].reduce((sum, count) => sum + count, 0);
  if (draws.length === 0) return null;
  const wrongOf = (some: readonly Look[]): number => some.filter((look) => look.changed === true).length;
  const pooled = wrongOf(draws) / draws.length;
  let rate = 0;
  let variance = 0;
  for (const [stratum, count] of unreviewed) {
    const own = draws.filter(({ item }) => stratumOf(item) === stratum);
    const weight = count / Math.max(1, open);
    const share = own.length === 0 ? pooled : wrongOf(own) / own.length;
    rate += weight * share;
    variance += (weight * weight * share * (1 - share)) / Math.max(1, own.length);
  }
  const effective = variance > 0 ? Math.min(draws.length, (rate * (1 - rate)) / variance) : draws.length;
  const { low, high } = clopperPearson(rate * effective, effective);
  const all = open + reviewed;
  const ofAll = (share: number): number => (changed + share * open) / Math.max(1, all);
  return { value: ofAll(rate), low: ofAll(low), high: ofAll(high), draws: draws.length };
}

function precisionOf({ foretold }: YieldInput, draws: readonly Look[]): Share | null {
  const called = draws.filter((look) => (foretold(look) ?? 0) >= calledFrom);
  if (called.length === 0) return null;
  const right = called.filter((look) => look.changed === true).length;
  return {
    value: right / called.length,
    ...clopperPearson(right, called.length),
    draws: called.length,
  };
}
