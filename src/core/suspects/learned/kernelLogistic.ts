/**
 * Logistic regression with an L2 penalty by the inner products of its rows: a few hundred reviews with thousands of columns
 * are a small problem seen that way. scikit-learn's C · Σ log loss + ½ ‖w‖² with a free intercept, to its optimum.
 */

/** f(x) = Σ weights[i] · k(x, row i) + intercept. */
export interface KernelFit {
  readonly weights: Float64Array;
  readonly intercept: number;
}

const steps = 30;

/**
 * Newton's method; each step solves (K + diag(1 / (C p (1 - p)))) a + b = z with Σ a = 0 by conjugate gradients.
 * @param kernel row-major rows × rows, positive semi-definite
 * @param changed 1 or 0 for each row
 * @param near a fit to start from
 */
export function fitKernelLogistic(
  kernel: Float64Array,
  changed: Uint8Array,
  C: number,
  near?: KernelFit,
): KernelFit {
  const n = changed.length;
  let weights: Float64Array = near?.weights.slice() ?? new Float64Array(n);
  const share = (changed.reduce((sum, one) => sum + one, 0) + 0.5) / (n + 1);
  let intercept = near?.intercept ?? Math.log(share / (1 - share));
  let f: Float64Array = multiply(kernel, weights, n).map((value) => value + intercept);
  const ridge = new Float64Array(n);
  const working = new Float64Array(n);
  const ones = new Float64Array(n).fill(1);
  for (let step = 0; step < steps; step++) {
    for (let i = 0; i < n; i++) {
      const p = 1 / (1 + Math.exp(-f[i]!));
      const curvature = Math.max(p * (1 - p), 1e-10);
      ridge[i] = 1 / (C * curvature);
      working[i] = f[i]! + (changed[i]! - p) / curvature;
    }
    const u = conjugateGradients(kernel, ridge, working, n);
    const v = conjugateGradients(kernel, ridge, ones, n);
    intercept = total(u) / total(v);
    weights = u.map((value, i) => value - intercept * v[i]!);
    const next = multiply(kernel, weights, n);
    let moved = 0;
    for (let i = 0; i < n; i++) {
      const value = next[i]! + intercept;
      moved = Math.max(moved, Math.abs(value - f[i]!));
      next[i] = value;
    }
    f = next;
    if (moved < 1e-7) break;
  }
  return { weights, intercept };
}

/** Solves (K + diag(ridge)) x = b, scaled by the diagonal. */
function conjugateGradients(
  kernel: Float64Array,
  ridge: Float64Array,
  b: Float64Array,
  n: number,
): Float64Array {
  const x = new Float64Array(n);
  const residual = b.slice();
  const scale = ridge.map((value, i) => 1 / (value + kernel[i * n + i]!));
  const direction = residual.map((value, i) => value * scale[i]!);
  let rho = dot(residual, direction);
  const enough = rho * 1e-22;
  for (let round = 0; round < 3 * n + 20 && rho > enough && rho > 0; round++) {
    const image = multiply(kernel, direction, n);
    for (let i = 0; i < n; i++) image[i]! += ridge[i]! * direction[i]!;
    const length = rho / dot(direction, image);
    for (let i = 0; i < n; i++) {
      x[i]! += length * direction[i]!;
      residual[i]! -= length * image[i]!;
    }
    let next = 0;
    for (let i = 0; i < n; i++) next += residual[i]! * residual[i]! * scale[i]!;
    const turn = next / rho;
    for (let i = 0; i < n; i++) direction[i] = residual[i]! * scale[i]! + turn * direction[i]!;
    rho = next;
  }
  return x;
}

function multiply(matrix: Float64Array, vector: Float64Array, n: number): Float64Array {
  const result = new Float64Array(n);
  for (let i = 0, at = 0; i < n; i++) {
    let sum = 0;
    for (let j = 0; j < n; j++, at++) sum += matrix[at]! * vector[j]!;
    result[i] = sum;
  }
  return result;
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}

function total(values: Float64Array): number {
  let sum = 0;
  for (const value of values) sum += value;
  return sum;
}
