/** Exact statistics of counts: the binomial interval and test, and McNemar's test of two paired judgements. */
import { betaQuantile, betaShare, logChoose } from './betaFunction';

export interface Interval {
  readonly low: number;
  readonly high: number;
}

/**
 * The exact interval of a share (Clopper, Pearson: Biometrika 26, 1934), 95 % unless asked otherwise. Counts may be
 * fractions, as those of weighted draws are. It holds for counts that are independent: where a patient has several
 * images, count one for each.
 * @param found of `drawn`; 0 to 1 where nothing was drawn
 */
export function clopperPearson(found: number, drawn: number, confidence = 0.95): Interval {
  if (drawn <= 0) return { low: 0, high: 1 };
  const tail = (1 - confidence) / 2;
  return {
    low: found <= 0 ? 0 : betaQuantile(tail, found, drawn - found + 1),
    high: found >= drawn ? 1 : betaQuantile(1 - tail, found + 1, drawn - found),
  };
}

/** What is tried to be shown: that the true share is greater, less, or another than `share`. */
export type Alternative = 'two-sided' | 'greater' | 'less';

/** Outcomes this much more probable than the one found count as equally probable, as SciPy has it. */
const equallyProbable = 1 + 1e-7;

/**
 * The p value of the exact binomial test of `found` of `drawn` against a true share. Two-sided: the probability of
 * all counts that are no more probable than the one found, as in SciPy's binomtest.
 * @param found whole, 0 to `drawn`
 * @param share 0 to 1
 * @returns 1 where nothing was drawn
 */
export function binomialTest(
  found: number,
  drawn: number,
  share: number,
  alternative: Alternative = 'two-sided',
): number {
  if (drawn === 0) return 1;
  if (alternative === 'greater') return atLeast(found, drawn, share);
  if (alternative === 'less') return atMost(found, drawn, share);
  const expected = drawn * share;
  if (found === expected) return 1;
  const bound = logProbability(found, drawn, share) + Math.log(equallyProbable);
  const isRare = (count: number): boolean => logProbability(count, drawn, share) <= bound;
  // Away from the expected count the probabilities fall, so that halving finds the first rare one of the other side.
  if (found < expected) {
    const first = firstWhere(Math.ceil(expected), drawn, isRare);
    return Math.min(1, atMost(found, drawn, share) + (first > drawn ? 0 : atLeast(first, drawn, share)));
  }
  const last = -firstWhere(-Math.floor(expected), 0, (count) => isRare(-count));
  return Math.min(1, atLeast(found, drawn, share) + (last < 0 ? 0 : atMost(last, drawn, share)));
}

/**
 * The p value of McNemar's exact test (McNemar, Psychometrika 12, 1947): whether two judges of the same things err
 * alike. Only what one of them alone has right counts. Equal to statsmodels' mcnemar(exact=True).
 * @param onlyFirst things that the first alone has right
 * @param onlySecond things that the second alone has right
 * @returns 1 where they differ on nothing
 */
export function mcNemar(onlyFirst: number, onlySecond: number): number {
  return Math.min(1, 2 * atMost(Math.min(onlyFirst, onlySecond), onlyFirst + onlySecond, 0.5));
}

/** P(X ≥ found) of the binomial distribution. */
function atLeast(found: number, drawn: number, share: number): number {
  return found <= 0 ? 1 : betaShare(share, found, drawn - found + 1);
}

/** P(X ≤ found) of the binomial distribution. */
function atMost(found: number, drawn: number, share: number): number {
  return found >= drawn ? 1 : betaShare(1 - share, drawn - found, found + 1);
}

function logProbability(count: number, drawn: number, share: number): number {
  const term = (n: number, p: number): number => (n === 0 ? 0 : n * Math.log(p));
  return logChoose(drawn, count) + term(count, share) + term(drawn - count, 1 - share);
}

/** The smallest whole number from `low` to `high` where a condition holds that never ends once it does; else `high` + 1. */
function firstWhere(low: number, high: number, holds: (at: number) => boolean): number {
  let [from, to] = [low, high + 1];
  while (from < to) {
    const middle = Math.floor((from + to) / 2);
    if (holds(middle)) to = middle;
    else from = middle + 1;
  }
  return from;
}
