/** The strength of the penalty of the model of reviews: fixed while little is known, then by how well it foretold what came. */

/** As scikit-learn's C. */
export const strengths = [1e-4, 3e-4, 1e-3] as const;
export const usualStrength = 3e-4;
/** Changed and kept labels from which on the strength is chosen. */
export const chosenFrom = 40;

/** A label that was offered, what fits with each of `strengths` said of it before, and what became of it. */
export interface Foretold {
  readonly p: readonly number[];
  readonly changed: boolean;
}

/**
 * The C with the smallest prequential log loss: each review is foretold by the fits of before it (Dawid: Statistical theory, the
 * prequential approach, JRSS A 147, 1984). Of equals the usual one.
 * @param reviewed how many are changed and kept in all
 */
export function chooseStrength(
  reviewed: { readonly changed: number; readonly kept: number },
  foretold: readonly Foretold[],
): number {
  if (reviewed.changed < chosenFrom || reviewed.kept < chosenFrom || foretold.length === 0) {
    return usualStrength;
  }
  const losses = strengths.map((_, k) =>
    foretold.reduce((sum, { p, changed }) => sum + logLoss(p[k] ?? 0.5, changed), 0),
  );
  const least = Math.min(...losses);
  const usual = losses[strengths.indexOf(usualStrength)] ?? Infinity;
  return usual <= least ? usualStrength : (strengths[losses.indexOf(least)] ?? usualStrength);
}

/** Nats. */
export function logLoss(p: number, changed: boolean): number {
  return -Math.log(Math.max(changed ? p : 1 - p, Number.EPSILON));
}
