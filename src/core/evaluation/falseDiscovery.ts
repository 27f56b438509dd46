/** Many tests at once: how many of those called significant may be so by chance. */

/**
 * P values adjusted so that calling those of at most q significant has a false discovery rate of at most q (Benjamini,
 * Hochberg: J. R. Stat. Soc. B 57, 1995), for tests that are independent or positively dependent. Equal to statsmodels'
 * multipletests(method='fdr_bh').
 * @param values p values, 0 to 1, in any order; NaN for a test that could not be made, which counts as none
 * @returns one for each, in the same order; NaN where there was none
 */
export function benjaminiHochberg(values: readonly number[]): number[] {
  const falling = [...values.keys()]
    .filter((at) => !Number.isNaN(values[at]))
    .sort((a, b) => (values[b] ?? 0) - (values[a] ?? 0));
  const adjusted = values.map(() => NaN);
  let least = 1;
  falling.forEach((at, n) => {
    least = Math.min(least, ((values[at] ?? 0) * falling.length) / (falling.length - n));
    adjusted[at] = least;
  });
  return adjusted;
}
