/** Exact statistics of counts: the binomial interval, and the bound of an audit drawn without replacement. */

/** Logarithm of the gamma function for x > 0 (Lanczos, g = 7, nine terms; about 15 digits). */
function logGamma(x: number): number {
  if (x < 0.5) return Math.log(Math.PI / Math.sin(Math.PI * x)) - logGamma(1 - x);
  let sum = 0.99999999999980993;
  lanczos.forEach((c, k) => (sum += c / (x + k)));
  const t = x + 6.5;
  return 0.5 * Math.log(2 * Math.PI) + (x - 0.5) * Math.log(t) - t + Math.log(sum);
}

const lanczos = Float64Array.of(
  676.5203681218851,
  -1259.1392167224028,
  771.32342877765313,
  -176.61502916214059,
  12.507343278686905,
  -0.13857109526572012,
  9.9843695780195716e-6,
  1.5056327351493116e-7,
);

/** The regularised incomplete beta function I_x(a, b), by its continued fraction (DLMF 8.17.22) as Lentz evaluates it. */
function betaShare(x: number, a: number, b: number): number {
  if (x <= 0) return 0;
  if (x >= 1) return 1;
  if (x > (a + 1) / (a + b + 2)) return 1 - betaShare(1 - x, b, a);
  const front = Math.exp(logGamma(a + b) - logGamma(a) - logGamma(b) + a * Math.log(x) + b * Math.log1p(-x));
  const tiny = 1e-300;
  const safe = (value: number): number => (Math.abs(value) < tiny ? tiny : value);
  let c = 1;
  let d = 1 / safe(1 - ((a + b) * x) / (a + 1));
  let fraction = d;
  for (let m = 1; m < 1000; m++) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m));
    d = 1 / safe(1 + even * d);
    c = safe(1 + even / c);
    fraction *= d * c;
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1));
    d = 1 / safe(1 + odd * d);
    c = safe(1 + odd / c);
    const step = d * c;
    fraction *= step;
    if (Math.abs(step - 1) < 1e-15) break;
  }
  return (front * fraction) / a;
}

/** The x at which I_x(a, b) is `share`, by halving. */
function betaQuantile(share: number, a: number, b: number): number {
  let low = 0;
  let high = 1;
  for (let step = 0; step < 200 && high - low > 1e-15; step++) {
    const middle = (low + high) / 2;
    if (betaShare(middle, a, b) < share) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

export interface Interval {
  readonly low: number;
  readonly high: number;
}

/**
 * The exact interval of a share (Clopper, Pearson: Biometrika 26, 1934), 95 % unless asked otherwise. Counts may be
 * fractions, as those of weighted draws are.
 * @param found of `drawn`; 0 to 1 where nothing was drawn
 */
export function binomialInterval(found: number, drawn: number, confidence = 0.95): Interval {
  if (drawn <= 0) return { low: 0, high: 1 };
  const tail = (1 - confidence) / 2;
  return {
    low: found <= 0 ? 0 : betaQuantile(tail, found, drawn - found + 1),
    high: found >= drawn ? 1 : betaQuantile(1 - tail, found + 1, drawn - found),
  };
}

function logChoose(n: number, k: number): number {
  return logGamma(n + 1) - logGamma(k + 1) - logGamma(n - k + 1);
}

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
