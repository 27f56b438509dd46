/** The tail of the normal distribution, for tests whose statistic is normal in the limit. */

/**
 * Two-sided p value of a standard normal statistic, erfc(|z| / √2): by the series of erf (DLMF 7.6.1) for small z, by the
 * continued fraction of erfc (DLMF 7.9.1) beyond. Relative error below 1e-12; NaN for NaN.
 */
export function twoSided(z: number): number {
  const x = Math.abs(z) / Math.SQRT2;
  if (Number.isNaN(x)) return NaN;
  return x < 2 ? 1 - erfSeries(x) : erfcFraction(x);
}

function erfSeries(x: number): number {
  let term = x;
  let sum = x;
  for (let n = 1; Math.abs(term) > 1e-17 * sum; n++) {
    term *= (2 * x * x) / (2 * n + 1);
    sum += term;
  }
  return (2 / Math.sqrt(Math.PI)) * Math.exp(-x * x) * sum;
}

/** Evaluated from its end: 60 terms are exact from x = 2 on. */
function erfcFraction(x: number): number {
  let tail = 0;
  for (let n = 60; n >= 1; n--) tail = n / 2 / (x + tail);
  return Math.exp(-x * x) / (Math.sqrt(Math.PI) * (x + tail));
}
