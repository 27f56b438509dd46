/** Eigenvalues and eigenvectors of a symmetric tridiagonal matrix. */

/** Rotations for one eigenvalue, of which two or three are usual. */
const mostSweeps = 60;

/**
 * The implicit QL method with Wilkinson's shift (Golub & Van Loan, Matrix Computations, 4th ed., section 8.3).
 * @param diagonal length n @param beside length n - 1 at least: the elements beside it
 * @returns eigenvalues in falling order, and their eigenvectors as the columns of `vectors` (row-major n × n)
 */
export function tridiagonalEigen(
  diagonal: Float64Array,
  beside: Float64Array,
): { readonly values: Float64Array; readonly vectors: Float64Array } {
  const n = diagonal.length;
  // Row i holds eigenvector i while they are turned: both rows of a rotation lie in one piece.
  const z = new Float64Array(n * n);
  for (let i = 0; i < n; i++) z[i * n + i] = 1;
  const { values, order } = turned(diagonal, beside, z, n);
  const vectors = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    const from = order[i]! * n;
    for (let j = 0; j < n; j++) vectors[j * n + i] = z[from + j]!;
  }
  return { values, vectors };
}

/** The same, of each eigenvector its last component alone: a thousandth of the work. */
export function tridiagonalEnds(
  diagonal: Float64Array,
  beside: Float64Array,
): { readonly values: Float64Array; readonly last: Float64Array } {
  const z = new Float64Array(diagonal.length);
  z[diagonal.length - 1] = 1;
  const { values, order } = turned(diagonal, beside, z, 1);
  return { values, last: Float64Array.from(order, (i) => z[i]!) };
}

/** Brings `z`, n rows of `width`, to the eigenvectors; `order` has the row of each value. */
function turned(
  diagonal: Float64Array,
  beside: Float64Array,
  z: Float64Array,
  width: number,
): { readonly values: Float64Array; readonly order: Int32Array } {
  const n = diagonal.length;
  const d = diagonal.slice();
  const e = new Float64Array(n);
  e.set(beside.subarray(0, Math.max(0, n - 1)));
  for (let l = 0; l < n; l++) {
    for (let sweep = 0; sweep < mostSweeps; sweep++) {
      const m = splitAfter(d, e, l);
      if (m === l) break;
      sweepUp(d, e, { z, width }, l, m);
    }
  }
  const order = Int32Array.from(d.keys()).sort((i, j) => d[j]! - d[i]!);
  return { values: Float64Array.from(order, (i) => d[i]!), order };
}

/** Rows that are turned. */
interface Rows {
  readonly z: Float64Array;
  readonly width: number;
}

/** The first place from `l` on after which the matrix falls apart. */
function splitAfter(d: Float64Array, e: Float64Array, l: number): number {
  for (let m = l; m < d.length - 1; m++) {
    const size = Math.abs(d[m]!) + Math.abs(d[m + 1]!);
    if (Math.abs(e[m]!) <= Number.EPSILON * size) return m;
  }
  return d.length - 1;
}

/** One sweep over the block l … m. */
function sweepUp(d: Float64Array, e: Float64Array, rows: Rows, l: number, m: number): void {
  const half = (d[l + 1]! - d[l]!) / (2 * e[l]!);
  const root = Math.hypot(half, 1);
  let g = d[m]! - d[l]! + e[l]! / (half + (half >= 0 ? root : -root));
  let [s, c, p] = [1, 1, 0];
  for (let i = m - 1; i >= l; i--) {
    const f = s * e[i]!;
    const b = c * e[i]!;
    const r = Math.hypot(f, g);
    e[i + 1] = r;
    if (r === 0) {
      d[i + 1]! -= p;
      e[m] = 0;
      return;
    }
    s = f / r;
    c = g / r;
    g = d[i + 1]! - p;
    const q = (d[i]! - g) * s + 2 * c * b;
    p = s * q;
    d[i + 1] = g + p;
    g = c * q - b;
    turn(rows, i, s, c);
  }
  d[l]! -= p;
  e[l] = g;
  e[m] = 0;
}

function turn({ z, width }: Rows, i: number, s: number, c: number): void {
  const first = i * width;
  const second = first + width;
  for (let k = 0; k < width; k++) {
    const above = z[first + k]!;
    const below = z[second + k]!;
    z[second + k] = s * above + c * below;
    z[first + k] = c * above - s * below;
  }
}
