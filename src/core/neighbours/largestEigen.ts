/** The largest eigenvalues of a large symmetric matrix, with their eigenvectors. */
import { SplitMix32 } from '../base/random';
import { tridiagonalEigen, tridiagonalEnds } from './tridiagonalEigen';

/** Of the largest eigenvalue: an eigenvector whose residual is smaller has converged. */
const tolerance = 1e-11;

/** Steps between two looks at what has converged. */
const stride = 64;

/** Eigenvalues in falling order; row i of `vectors` (count × size, row-major) is the unit eigenvector of value i. */
export interface Eigen {
  readonly values: Float64Array;
  readonly vectors: Float64Array;
}

/**
 * By Lanczos' method with full reorthogonalisation (Golub & Van Loan, Matrix Computations, 4th ed., sections 10.1 and 10.3):
 * the Krylov space grows until all that are asked for have converged, at the latest to the whole space. Where it closes
 * before (eigenvalues that occur twice, a matrix of low rank) it goes on from a new direction. Float64 throughout; the same
 * matrix gives the same bits. About 2 s for 128 of 1,280.
 * @param matrix row-major size × size, symmetric; not changed
 * @param count at most size
 */
export function largestEigen(matrix: Float64Array, size: number, count: number): Eigen {
  const wanted = Math.min(count, size);
  const basis: Float64Array[] = [];
  const alpha: number[] = [];
  const beta: number[] = [];
  const random = new SplitMix32(1);
  if (wanted > 0) basis.push(direction(size, basis, random));
  let scale = 0;
  let next = Math.min(size, 2 * wanted + stride);
  while (basis.length > 0) {
    const steps = alpha.length;
    const q = basis[steps];
    if (!q) break;
    const w = multiply(matrix, size, q);
    const a = product(q, w);
    alpha.push(a);
    const b = orthogonalise(w, basis, basis.slice(-2));
    scale = Math.max(scale, Math.abs(a), b);
    const isClosed = b <= 1e-14 * scale;
    if (alpha.length === next || alpha.length === size) {
      const m = alpha.length;
      const small = [Float64Array.from(alpha), Float64Array.from(beta)] as const;
      const { values, last } = tridiagonalEnds(...small);
      const limit = tolerance * Math.abs(values[0] ?? 0);
      const hasConverged = last.subarray(0, wanted).every((s) => Math.abs(s * b) <= limit);
      if (m === size || (hasConverged && !isClosed)) {
        return combine(basis, tridiagonalEigen(...small), wanted, size);
      }
      next = Math.min(size, m + stride);
    }
    beta.push(isClosed ? 0 : b);
    basis.push(isClosed ? direction(size, basis, random) : scaled(w, 1 / b));
  }
  return { values: new Float64Array(0), vectors: new Float64Array(0) };
}

/** Ritz vectors: the eigenvectors of the small matrix in the basis of the Krylov space. */
function combine(basis: readonly Float64Array[], ritz: Eigen, count: number, size: number): Eigen {
  const m = ritz.values.length;
  const vectors = new Float64Array(count * size);
  for (const [k, q] of basis.slice(0, m).entries()) {
    for (let i = 0; i < count; i++) {
      const s = ritz.vectors[k * m + i]!;
      const at = i * size;
      for (let j = 0; j < size; j++) vectors[at + j]! += s * q[j]!;
    }
  }
  return { values: ritz.values.slice(0, count), vectors };
}

/** A random unit vector that is orthogonal to all of the basis. */
function direction(size: number, basis: readonly Float64Array[], random: SplitMix32): Float64Array {
  const vector = Float64Array.from({ length: size }, () => random.uniform() - 0.5);
  return scaled(vector, 1 / orthogonalise(vector, basis, []));
}

/**
 * Takes off what lies along the basis: first along those members that most of it lies along, then along all. Where what is left
 * is short, rounding is a part of it, and a second pass takes that off (twice is enough: Kahan and Parlett).
 * @returns the length of what is left
 */
function orthogonalise(
  vector: Float64Array,
  basis: readonly Float64Array[],
  first: readonly Float64Array[],
): number {
  for (const q of first) takeOff(vector, q);
  let before = Math.sqrt(product(vector, vector));
  for (let pass = 0; ; pass++) {
    for (const q of basis) takeOff(vector, q);
    const after = Math.sqrt(product(vector, vector));
    if (pass === 1 || after > Math.SQRT1_2 * before) return after;
    before = after;
  }
}

function takeOff(vector: Float64Array, q: Float64Array): void {
  const along = product(q, vector);
  for (let j = 0; j < q.length; j++) vector[j]! -= along * q[j]!;
}

function multiply(matrix: Float64Array, size: number, vector: Float64Array): Float64Array {
  const out = new Float64Array(size);
  for (let i = 0; i < size; i++) out[i] = product(matrix, vector, i * size);
  return out;
}

/** Four sums at a time: one alone waits for each addition to end before the next begins. @param at where `a` begins */
function product(a: Float64Array, b: Float64Array, at = 0): number {
  const { length } = b;
  const whole = length - (length % 4);
  let [s0, s1, s2, s3] = [0, 0, 0, 0];
  for (let j = 0; j < whole; j += 4) {
    s0 += a[at + j]! * b[j]!;
    s1 += a[at + j + 1]! * b[j + 1]!;
    s2 += a[at + j + 2]! * b[j + 2]!;
    s3 += a[at + j + 3]! * b[j + 3]!;
  }
  for (let j = whole; j < length; j++) s0 += a[at + j]! * b[j]!;
  return s0 + s1 + (s2 + s3);
}

function scaled(vector: Float64Array, by: number): Float64Array {
  return vector.map((value) => value * by);
}
