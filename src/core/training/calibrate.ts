/** Calibration of out-of-fold logits, and the probabilities that come of it. */
import type { Calibration } from './model';

/** Below this many positive patients a finding keeps its logits as they are. */
export const minPositivePatients = 20;

const maxSteps = 100;

/**
 * The temperature that minimises the log loss of softmax(logits / T) (Guo et al., On calibration of modern
 * neural networks, ICML 2017), by Newton's method on log T; 1 where there is no labelled row.
 * @param logits row-major rows × classes
 * @param labels class of each row, negative: left out
 */
export function fitTemperature(logits: Float64Array, classes: number, labels: Int32Array): number {
  // The loss is convex in beta = 1 / T; the search interval is halved wherever Newton would leave it.
  let low = 0.05;
  let high = 20;
  let beta = 1;
  if (!labels.some((label) => label >= 0)) return 1;
  for (let step = 0; step < maxSteps && high - low > 1e-12 * high; step++) {
    const { slope, bend } = temperatureSlope(logits, classes, labels, beta);
    if (slope > 0) high = beta;
    else low = beta;
    const next = beta - slope / bend;
    const inside = bend > 0 && next > low && next < high;
    const moved = inside ? next : Math.sqrt(low * high);
    if (Math.abs(moved - beta) <= 1e-10 * beta) return 1 / moved;
    beta = moved;
  }
  return 1 / beta;
}

/** First and second derivative of the summed log loss by beta. */
function temperatureSlope(logits: Float64Array, classes: number, labels: Int32Array, beta: number) {
  let slope = 0;
  let bend = 0;
  labels.forEach((label, row) => {
    if (label < 0) return;
    const z = logits.subarray(row * classes, (row + 1) * classes);
    const p = softmax(z.map((value) => value * beta));
    let mean = 0;
    let square = 0;
    for (let k = 0; k < classes; k++) {
      mean += p[k]! * z[k]!;
      square += p[k]! * z[k]! * z[k]!;
    }
    slope += mean - z[label]!;
    bend += square - mean * mean;
  });
  return { slope, bend };
}

/**
 * Platt's slope and intercept with his smoothed targets (Platt 1999; Newton's method after Lin, Lin & Weng,
 * Mach. Learn. 68, 2007), as scikit-learn's sigmoid calibration. A slope that would turn the ranking round
 * (a finding predicted worse than by chance) is not taken: identity.
 * @param labels 1, 0, negative: left out
 */
export function fitPlatt(
  logits: Float64Array,
  labels: Int32Array,
): { readonly slope: number; readonly intercept: number } {
  const identity = { slope: 1, intercept: 0 };
  let positives = 0;
  let negatives = 0;
  for (const label of labels) {
    if (label === 1) positives++;
    else if (label === 0) negatives++;
  }
  if (positives === 0 || negatives === 0) return identity;
  const high = (positives + 1) / (positives + 2);
  const low = 1 / (negatives + 2);
  let slope = 0;
  let intercept = Math.log((positives + 1) / (negatives + 1));
  let at = plattLoss(logits, labels, high, low, slope, intercept);
  for (let step = 0; step < maxSteps; step++) {
    // A ridge keeps the system solvable when all logits are equal.
    const [haa, hab, hbb] = [at.haa + 1e-12, at.hab, at.hbb + 1e-12];
    const determinant = haa * hbb - hab * hab;
    const da = -(hbb * at.ga - hab * at.gb) / determinant;
    const db = -(haa * at.gb - hab * at.ga) / determinant;
    if (Math.hypot(at.ga, at.gb) <= 1e-9 * labels.length || !Number.isFinite(da + db)) break;
    let length = 1;
    let next = plattLoss(logits, labels, high, low, slope + da, intercept + db);
    const descent = at.ga * da + at.gb * db;
    while (next.value > at.value + 1e-4 * length * descent && length > 1e-10) {
      length /= 2;
      next = plattLoss(logits, labels, high, low, slope + length * da, intercept + length * db);
    }
    if (!(next.value < at.value)) break;
    slope += length * da;
    intercept += length * db;
    at = next;
  }
  return slope > 0 ? { slope, intercept } : identity;
}

/** Log loss against the smoothed targets, its gradient and its Hessian by slope (a) and intercept (b). */
function plattLoss(
  logits: Float64Array,
  labels: Int32Array,
  high: number,
  low: number,
  slope: number,
  intercept: number,
) {
  const sums = { value: 0, ga: 0, gb: 0, haa: 0, hab: 0, hbb: 0 };
  labels.forEach((label, row) => {
    if (label < 0) return;
    const z = logits[row]!;
    const u = slope * z + intercept;
    const target = label === 1 ? high : low;
    const p = sigmoid(u);
    const residual = p - target;
    const weight = p * (1 - p);
    sums.value += softplus(u) - target * u;
    sums.ga += residual * z;
    sums.gb += residual;
    sums.haa += weight * z * z;
    sums.hab += weight * z;
    sums.hbb += weight;
  });
  return sums;
}

/** Calibrated probabilities, row-major rows × outputs; rows of NaN stay NaN. */
export function applyCalibration(
  logits: Float64Array,
  outputs: number,
  calibration: Calibration,
): Float64Array {
  if (calibration.kind === 'platt') {
    const slope = Float64Array.from(calibration.slope);
    const intercept = Float64Array.from(calibration.intercept);
    return logits.map((z, n) => {
      const o = n % outputs;
      return sigmoid(slope[o]! * z + intercept[o]!);
    });
  }
  const probabilities = new Float64Array(logits.length);
  for (let from = 0; from < logits.length; from += outputs) {
    const z = logits.subarray(from, from + outputs).map((value) => value / calibration.temperature);
    probabilities.set(softmax(z), from);
  }
  return probabilities;
}

/** 1 / (1 + e^-z) without overflow. */
export function sigmoid(z: number): number {
  if (z >= 0) return 1 / (1 + Math.exp(-z));
  const e = Math.exp(z);
  return e / (1 + e);
}

/** log(1 + e^z) without overflow. */
export function softplus(z: number): number {
  return Math.max(z, 0) + Math.log1p(Math.exp(-Math.abs(z)));
}

/** log Σ e^z without overflow. */
export function logSumExp(z: Float32Array | Float64Array): number {
  let top = Number.NEGATIVE_INFINITY;
  for (const value of z) top = Math.max(top, value);
  let sum = 0;
  for (const value of z) sum += Math.exp(value - top);
  return top + Math.log(sum);
}

/** e^z / Σ e^z. */
export function softmax(z: Float64Array): Float64Array {
  const total = logSumExp(z);
  return z.map((value) => Math.exp(value - total));
}
