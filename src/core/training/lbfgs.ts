/**
 * Limited-memory BFGS (Nocedal & Wright, Numerical Optimization, 2nd ed., algorithm 7.4) as a generator: it
 * yields the point to evaluate and is sent the value and gradient there. So many problems, each with its own
 * history and line search, can have their evaluations done together in one matrix product.
 */

/** Value and gradient of the objective at the point that was yielded. The gradient is not kept. */
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
  /** False when the iterations or the arithmetic ran out before the tolerance was met. */
  readonly converged: boolean;
}

export interface MinimiseOptions {
  /** The search ends when the decrement is at most this fraction of the value. */
  readonly tolerance: number;
  readonly maxIterations: number;
}

/** Pairs of steps and gradient changes that are kept. */
const memory = 10;
const sufficientDecrease = 1e-4;
const curvature = 0.9;
/**
 * Values are sums in float32: differences below this fraction of the value say nothing, and the slopes decide
 * (the approximate Wolfe condition of Hager & Zhang, SIAM J. Optim. 16, 2005).
 */
const valueNoise = 5e-7;
const maxTrials = 25;

interface Pair {
  readonly step: Float64Array;
  readonly change: Float64Array;
  readonly inverse: number;
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
  const pairs: Pair[] = [];
  for (let iterations = 0; ; iterations++) {
    const direction = newtonDirection(pairs, gradient);
    const slope = dot(gradient, direction);
    const decrement = -slope / 2;
    const end = { point, value, iterations, decrement };
    if (decrement <= options.tolerance * Math.abs(value)) return { ...end, converged: true };
    if (iterations >= options.maxIterations || !Number.isFinite(decrement)) {
      return { ...end, converged: false };
    }
    const next = yield* lineSearch(point, value, slope, direction);
    if (!next) return { ...end, converged: false };
    remember(pairs, subtract(next.point, point), subtract(next.gradient, gradient));
    ({ point, value, gradient } = next);
  }
}

/** A step along `direction` that meets the weak Wolfe conditions, by bracketing; undefined when there is none. */
function* lineSearch(
  point: Float64Array,
  value: number,
  slope: number,
  direction: Float64Array,
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
      (evaluation.value <= value + valueNoise * Math.abs(value) &&
        slopeThere <= (2 * sufficientDecrease - 1) * slope);
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
function newtonDirection(pairs: readonly Pair[], gradient: Float64Array): Float64Array {
  const direction = gradient.map((g) => -g);
  const shares = new Float64Array(pairs.length);
  for (let i = pairs.length - 1; i >= 0; i--) {
    const { step, change, inverse } = pairs[i]!;
    shares[i] = inverse * dot(step, direction);
    addScaled(direction, change, -shares[i]!);
  }
  const last = pairs.at(-1);
  if (last) {
    const scale = 1 / (last.inverse * dot(last.change, last.change));
    for (let i = 0; i < direction.length; i++) direction[i]! *= scale;
  }
  pairs.forEach(({ step, change, inverse }, i) => {
    addScaled(direction, step, shares[i]! - inverse * dot(change, direction));
  });
  return direction;
}

/** Keeps the pair unless rounding left it without positive curvature. */
function remember(pairs: Pair[], step: Float64Array, change: Float64Array): void {
  const product = dot(step, change);
  if (!(product > 1e-14 * Math.sqrt(dot(step, step) * dot(change, change)))) return;
  pairs.push({ step, change, inverse: 1 / product });
  if (pairs.length > memory) pairs.shift();
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}

function addScaled(target: Float64Array, source: Float64Array, factor: number): void {
  for (let i = 0; i < target.length; i++) target[i]! += factor * source[i]!;
}

function subtract(a: Float64Array, b: Float64Array): Float64Array {
  return a.map((value, i) => value - b[i]!);
}

function moved(point: Float64Array, direction: Float64Array, length: number): Float64Array {
  return point.map((value, i) => value + length * direction[i]!);
}
