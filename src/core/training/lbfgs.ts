/**
 * Limited-memory BFGS (Nocedal & Wright, Numerical Optimization, 2nd ed., algorithm 7.4) as a generator: it
 * yields the point to evaluate and is sent the value and gradient there. So many problems, each with its own
 * history and line search, can have their evaluations done together in one matrix product.
 */
import { present } from '../base/present';

/** Value and gradient of the objective at the point that was yielded. The gradient is read at once, and not kept. */
export interface Evaluation {
  readonly value: number;
  readonly gradient: Float64Array;
}

/** Where the search ended. */
export interface Minimum {
  readonly point: Float64Array;
  readonly value: number;
  readonly iterations: number;
  /** ½ gᵀHg, the quadratic model's estimate of how far `value` still is above the minimum. */
  readonly decrement: number;
  /** What the search has learnt of the curvature, for a search from here on nearly the same function. */
  readonly pairs: readonly CurvaturePair[];
  /** False when the iterations or the arithmetic ran out before the tolerance was met. */
  readonly converged: boolean;
}

export interface MinimiseOptions {
  /** The search ends when the decrement is at most this fraction of the value. */
  readonly tolerance: number;
  readonly maxIterations: number;
  /** Rounding error of a value beyond the fraction that every sum in float32 has; absolute, default 0. */
  readonly noise?: number;
  /** What an earlier search learnt, in the same variables. */
  readonly pairs?: readonly CurvaturePair[];
  /** How many pairs are kept: more make fewer steps, each of which takes longer. */
  readonly memory?: number;
}

/** Pairs of steps and gradient changes that are kept, unless a search asks for more. */
const usualMemory = 10;
const sufficientDecrease = 1e-4;
const curvature = 0.9;
/**
 * Values are sums in float32: differences below this fraction of the value say nothing, and the slopes decide
 * (the approximate Wolfe condition of Hager & Zhang, SIAM J. Optim. 16, 2005).
 */
const valueNoise = 5e-7;
const maxTrials = 25;

/** In float32, which is as good a model of the curvature and half the memory to run through. */
export interface CurvaturePair {
  readonly step: Float32Array;
  readonly change: Float32Array;
  /** 1 / stepᵀchange. */
  readonly inverse: number;
  /** stepᵀchange / changeᵀchange: the curvature that is taken where no pair says anything. */
  readonly scale: number;
}

interface Trial {
  readonly point: Float64Array;
  readonly value: number;
  readonly gradient: Float64Array;
}

/** Minimises a smooth convex function from `start`, which is not changed. */
export function* minimise(
  start: Float64Array,
  options: MinimiseOptions,
): Generator<Float64Array, Minimum, Evaluation> {
  let point: Float64Array = start.slice();
  const first = yield point;
  let value = first.value;
  let gradient: Float64Array = first.gradient.slice();
  const pairs: CurvaturePair[] = [...(options.pairs ?? [])];
  for (let iterations = 0; ; iterations++) {
    const direction = newtonDirection(pairs, gradient);
    const slope = dot(gradient, direction);
    const decrement = -slope / 2;
    const end = { point, value, iterations, decrement, pairs };
    if (decrement <= options.tolerance * Math.abs(value)) return { ...end, converged: true };
    if (iterations >= options.maxIterations || !Number.isFinite(decrement)) {
      return { ...end, converged: false };
    }
    const noise = valueNoise * Math.abs(value) + (options.noise ?? 0);
    const next = yield* lineSearch(point, value, slope, direction, noise);
    if (!next) return { ...end, converged: false };
    remember(pairs, { point, value, gradient }, next, options.memory ?? usualMemory);
    ({ point, value, gradient } = next);
  }
}

/** A step along `direction` that meets the weak Wolfe conditions, by bracketing; undefined when there is none. */
function* lineSearch(
  point: Float64Array,
  value: number,
  slope: number,
  direction: Float64Array,
  noise: number,
): Generator<Float64Array, Trial | undefined, Evaluation> {
  let low = 0;
  let high = Number.POSITIVE_INFINITY;
  let length = 1;
  for (let trial = 0; trial < maxTrials; trial++) {
    const next = moved(point, direction, length);
    const evaluation = yield next;
    const slopeThere = dot(evaluation.gradient, direction);
    const lowEnough =
      evaluation.value <= value + sufficientDecrease * length * slope ||
      (evaluation.value <= value + noise && slopeThere <= (2 * sufficientDecrease - 1) * slope);
    if (lowEnough && slopeThere >= curvature * slope) {
      return { point: next, value: evaluation.value, gradient: evaluation.gradient.slice() };
    }
    if (lowEnough) low = length;
    else high = length;
    if (high === Number.POSITIVE_INFINITY) length *= 2;
    else {
      const guess = low === 0 ? parabolaMinimum(length, value, slope, evaluation.value) : Number.NaN;
      const width = high - low;
      const inside = guess > low + 0.1 * width && guess < high - 0.1 * width;
      length = inside ? guess : low + width / 2;
    }
  }
  return undefined;
}

/** Minimum of the parabola through (0, value) with `slope` and (length, valueThere); NaN where there is none. */
function parabolaMinimum(length: number, value: number, slope: number, valueThere: number): number {
  const bend = valueThere - value - slope * length;
  return bend > 0 && Number.isFinite(bend) ? (-slope * length * length) / (2 * bend) : Number.NaN;
}

/** -Hg by the two loops of algorithm 7.4; H is the identity until there is a pair. */
function newtonDirection(pairs: readonly CurvaturePair[], gradient: Float64Array): Float64Array {
  const direction = scaled(gradient, -1);
  const last = pairs.at(-1);
  if (!last) return direction;
  const shares = new Float64Array(pairs.length);
  let product = dotPair(last.step, direction);
  for (let i = pairs.length - 1; i >= 0; i--) {
    const { change, inverse } = present(pairs[i], 'the pair');
    shares[i] = inverse * product;
    const before = pairs[i - 1];
    if (before) product = addAndDot(direction, change, -shares[i]!, before.step);
    else addScaled(direction, change, -shares[i]!);
  }
  for (let i = 0; i < direction.length; i++) direction[i]! *= last.scale;
  product = dotPair(present(pairs[0], 'the first pair').change, direction);
  pairs.forEach(({ step, inverse }, i) => {
    const factor = shares[i]! - inverse * product;
    const next = pairs[i + 1];
    if (next) product = addAndDot(direction, step, factor, next.change);
    else addScaled(direction, step, factor);
  });
  return direction;
}

/** Keeps the step and the change of the gradient unless rounding left them without positive curvature. */
function remember(pairs: CurvaturePair[], from: Trial, to: Trial, memory: number): void {
  const { product, square, length } = productsOfDifferences(from, to);
  if (!(product > 1e-14 * Math.sqrt(length * square))) return;
  pairs.push({
    step: difference(to.point, from.point),
    change: difference(to.gradient, from.gradient),
    inverse: 1 / product,
    scale: product / square,
  });
  if (pairs.length > memory) pairs.shift();
}

/** Of the step and the change of the gradient, in double precision: stepᵀchange, changeᵀchange and stepᵀstep. */
function productsOfDifferences(from: Trial, to: Trial) {
  let [product, square, length] = [0, 0, 0];
  for (let i = 0; i < from.point.length; i++) {
    const step = to.point[i]! - from.point[i]!;
    const change = to.gradient[i]! - from.gradient[i]!;
    product += step * change;
    square += change * change;
    length += step * step;
  }
  return { product, square, length };
}

/** Four sums at a time: one alone waits for each addition to end before the next begins. */
function dot(a: Float64Array, b: Float64Array): number {
  const whole = a.length - (a.length % 4);
  let [s0, s1, s2, s3] = [0, 0, 0, 0];
  for (let i = 0; i < whole; i += 4) {
    s0 += a[i]! * b[i]!;
    s1 += a[i + 1]! * b[i + 1]!;
    s2 += a[i + 2]! * b[i + 2]!;
    s3 += a[i + 3]! * b[i + 3]!;
  }
  for (let i = whole; i < a.length; i++) s0 += a[i]! * b[i]!;
  return s0 + s1 + (s2 + s3);
}

/** `dot` again: a function that sees two kinds of arrays is compiled for neither. */
function dotPair(a: Float32Array, b: Float64Array): number {
  const whole = a.length - (a.length % 4);
  let [s0, s1, s2, s3] = [0, 0, 0, 0];
  for (let i = 0; i < whole; i += 4) {
    s0 += a[i]! * b[i]!;
    s1 += a[i + 1]! * b[i + 1]!;
    s2 += a[i + 2]! * b[i + 2]!;
    s3 += a[i + 3]! * b[i + 3]!;
  }
  for (let i = whole; i < a.length; i++) s0 += a[i]! * b[i]!;
  return s0 + s1 + (s2 + s3);
}

/** `addScaled`, then `dotPair` of `next` and the target, in one pass: most of a search's time goes into these. */
function addAndDot(target: Float64Array, source: Float32Array, factor: number, next: Float32Array): number {
  const whole = target.length - (target.length % 4);
  let [s0, s1, s2, s3] = [0, 0, 0, 0];
  for (let i = 0; i < whole; i += 4) {
    const t0 = target[i]! + factor * source[i]!;
    const t1 = target[i + 1]! + factor * source[i + 1]!;
    const t2 = target[i + 2]! + factor * source[i + 2]!;
    const t3 = target[i + 3]! + factor * source[i + 3]!;
    target[i] = t0;
    target[i + 1] = t1;
    target[i + 2] = t2;
    target[i + 3] = t3;
    s0 += next[i]! * t0;
    s1 += next[i + 1]! * t1;
    s2 += next[i + 2]! * t2;
    s3 += next[i + 3]! * t3;
  }
  for (let i = whole; i < target.length; i++) {
    target[i]! += factor * source[i]!;
    s0 += next[i]! * target[i]!;
  }
  return s0 + s1 + (s2 + s3);
}

function addScaled(target: Float64Array, source: Float32Array, factor: number): void {
  for (let i = 0; i < target.length; i++) target[i]! += factor * source[i]!;
}

// Plain loops: a callback per element, as in Float64Array.map, takes several times as long.
function scaled(source: Float64Array, factor: number): Float64Array {
  const result = new Float64Array(source.length);
  for (let i = 0; i < source.length; i++) result[i] = factor * source[i]!;
  return result;
}

function difference(a: Float64Array, b: Float64Array): Float32Array {
  const result = new Float32Array(a.length);
  for (let i = 0; i < a.length; i++) result[i] = a[i]! - b[i]!;
  return result;
}

function moved(point: Float64Array, direction: Float64Array, length: number): Float64Array {
  const result = new Float64Array(point.length);
  for (let i = 0; i < point.length; i++) result[i] = point[i]! + length * direction[i]!;
  return result;
}
