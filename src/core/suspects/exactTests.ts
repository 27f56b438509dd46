/** Exact statistics of an audit drawn without replacement. */
import { logChoose } from '../evaluation/betaFunction';

/** P(at most `found` of `drawn` are wrong) where `wrong` of `all` are, drawn without replacement. */
export function hypergeometricTail(found: number, all: number, wrong: number, drawn: number): number {
  const least = Math.max(0, drawn - (all - wrong));
  let sum = 0;
  for (let k = least; k <= Math.min(found, wrong, drawn); k++) {
    sum += Math.exp(logChoose(wrong, k) + logChoose(all - wrong, drawn - k) - logChoose(all, drawn));
  }
  return Math.min(1, sum);
}

/**
 * The largest number of wrong ones among `all` that the draw does not rule out: the upper bound of level 1 - alpha.
 * @param found wrong ones among the `drawn`
 */
export function wrongAtMost(found: number, all: number, drawn: number, alpha: number): number {
  let low = found;
  let high = all - (drawn - found);
  // The tail falls with the number of wrong ones.
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (hypergeometricTail(found, all, middle, drawn) > alpha) low = middle;
    else high = middle - 1;
  }
  return low;
}

/** The smallest draw which, if nothing in it is wrong, shows that less than `target` of `all` is; all of them at most. */
export function auditSize(all: number, target: number, alpha: number): number {
  let low = Math.min(1, all);
  let high = all;
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    if (wrongAtMost(0, all, middle, alpha) < target * all) high = middle;
    else low = middle + 1;
  }
  return low;
}
