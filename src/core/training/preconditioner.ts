/**
 * A change of variables under which the last layer's problem is nearly round, so that L-BFGS needs tens of
 * steps instead of hundreds. The Hessian of one output is about s·Σ + I, with Σ the covariance of the
 * standardised features and s = C · Σ weights · p(1 - p). Its leading eigenvectors are found by a randomised
 * sketch (Halko, Martinsson & Tropp, SIAM Review 53, 2011) and inverted as in Frangella, Tropp & Udell,
 * Randomized Nyström Preconditioning, SIAM J. Matrix Anal. Appl. 44, 2023. It changes the way to the optimum,
 * not the optimum.
 */
import { SplitMix32 } from '../base/random';
import { present } from '../base/present';
import { GraphBuilder } from '../onnx/graphBuilder';
import type { Device } from '../onnx/model';
import { symmetricEigen } from './eigen';
import { float32, openGraph, type Graph } from './graph';
import type { Standardisation } from './standardise';

/** Rows that the sketch looks at: enough for the leading directions, whatever the size of the dataset. */
const maxRows = 4096;
const maxRank = 64;

/** Leading eigenvalues and eigenvectors (rows of `vectors`, rank × dim) of the features' covariance. */
export interface Spectrum {
  readonly dim: number;
  readonly rank: number;
  readonly values: Float64Array;
  readonly vectors: Float32Array;
}

/** The sketch of the training rows, deterministic for a seed. */
export async function sketchSpectrum(
  features: Float32Array,
  dim: number,
  trainingRows: Int32Array,
  standardisation: Standardisation,
  options: { readonly seed: number; readonly device: Device },
): Promise<Spectrum> {
  const rows = Math.min(trainingRows.length, maxRows);
  // With fewer rows than this the labels are fitted so closely that p(1 - p) differs from row to row by orders
  // of magnitude, and Σ says little of the Hessian: no fewer steps on 690 × 1,280, a quarter on 16,000 × 512.
  const rank = trainingRows.length < 2 * dim ? 0 : Math.min(maxRank, Math.floor(dim / 2));
  if (rank < 1) return { dim, rank: 0, values: new Float64Array(0), vectors: new Float32Array(0) };
  const X = new Float32Array(rows * dim);
  for (let i = 0; i < rows; i++) {
    // Evenly spread over the training rows: tables are often sorted by class.
    const from = trainingRows[Math.floor((i * trainingRows.length) / rows)]! * dim;
    for (let j = 0; j < dim; j++) {
      X[i * dim + j] = (features[from + j]! - standardisation.mean[j]!) * standardisation.inverseScale[j]!;
    }
  }
  const random = new SplitMix32(options.seed);
  const start = Float32Array.from({ length: rank * dim }, () => random.normal());
  const graph = await openGraph(sketchGraph(), options.device);
  try {
    const project = async (basis: Float32Array) =>
      graph.run({ X: float32(X, [rows, dim]), Q: float32(basis, [rank, dim]) });
    const basis = orthonormalRows(present((await project(start))['SQ'], 'the sketch'), rank, dim);
    const { T } = await project(basis);
    const { values, vectors } = symmetricEigen(
      Float64Array.from(present(T, 'the projected sketch'), (t) => t / rows),
      rank,
    );
    return { dim, rank, values, vectors: combineRows(vectors, basis, rank, dim) };
  } finally {
    await graph.close();
  }
}

/** With Z = X·Qᵀ: `SQ` = Zᵀ·X, the covariance applied to each row of Q, and `T` = Zᵀ·Z. */
function sketchGraph(): Uint8Array {
  const graph = new GraphBuilder('last-layer-sketch');
  const X = graph.input('X', 'float32', ['rows', 'dim']);
  const Q = graph.input('Q', 'float32', ['rank', 'dim']);
  const Z = graph.node('Gemm', [X, Q], { transB: 1 });
  graph.node('Gemm', [Z, X], { transA: 1 }, 'SQ');
  graph.node('Gemm', [Z, Z], { transA: 1 }, 'T');
  graph.output('SQ', 'float32', ['rank', 'dim']);
  graph.output('T', 'float32', ['rank', 'rank']);
  return graph.toModel();
}

/** Gram and Schmidt, each row twice so that rounding leaves no trace; rows without anything new become 0. */
function orthonormalRows(source: Float32Array, rank: number, dim: number): Float32Array {
  const rows = Array.from({ length: rank }, (_, i) =>
    Float64Array.from(source.subarray(i * dim, (i + 1) * dim)),
  );
  rows.forEach((row, i) => {
    const before = Math.hypot(...row);
    for (let pass = 0; pass < 2; pass++) {
      for (const other of rows.slice(0, i)) {
        let share = 0;
        for (let j = 0; j < dim; j++) share += row[j]! * other[j]!;
        for (let j = 0; j < dim; j++) row[j]! -= share * other[j]!;
      }
    }
    const length = Math.hypot(...row);
    const scale = length > 1e-6 * before ? 1 / length : 0;
    for (let j = 0; j < dim; j++) row[j]! *= scale;
  });
  const result = new Float32Array(rank * dim);
  rows.forEach((row, i) => result.set(row, i * dim));
  return result;
}

/** Row i of the result: Σ over m of vectors[m, i] · basis row m. */
function combineRows(vectors: Float64Array, basis: Float32Array, rank: number, dim: number): Float32Array {
  const result = new Float32Array(rank * dim);
  for (let i = 0; i < rank; i++) {
    for (let m = 0; m < rank; m++) {
      const share = vectors[m * rank + i]!;
      for (let j = 0; j < dim; j++) result[i * dim + j]! += share * basis[m * dim + j]!;
    }
  }
  return result;
}

/** (s·Σ + I)^-½ for one row of coefficients per column: `tail` off the leading space, `leading` more in it. */
export interface Stretch {
  readonly tail: Float32Array;
  /** columns × rank. */
  readonly leading: Float32Array;
}

/**
 * The stretch of each column.
 * @param strengths s of each column
 */
export function stretchFor(spectrum: Spectrum, strengths: readonly number[]): Stretch {
  const { rank, values } = spectrum;
  const tail = new Float32Array(strengths.length);
  const leading = new Float32Array(strengths.length * rank);
  strengths.forEach((s, column) => {
    const factor = (value: number) => 1 / Math.sqrt(s * Math.max(0, value) + 1);
    // Without a spectrum the variance of any standardised feature: it keeps weights and intercept in proportion,
    // without which a C of 0.1 took twice the steps on 690 × 1,280.
    const last = factor(rank > 0 ? values[rank - 1]! : 1);
    tail[column] = last;
    for (let i = 0; i < rank; i++) leading[column * rank + i] = factor(values[i]!) - last;
  });
  return { tail, leading };
}

/** The stretch that undoes `stretch`. */
export function invert(stretch: Stretch): Stretch {
  const rank = stretch.leading.length / stretch.tail.length;
  const tail = stretch.tail.map((value) => 1 / value);
  const leading = stretch.leading.map((more, n) => {
    const column = Math.floor(n / rank);
    return 1 / (stretch.tail[column]! + more) - tail[column]!;
  });
  return { tail, leading };
}

/** One stretch for the columns of several. */
export function joinStretches(parts: readonly Stretch[]): Stretch {
  return {
    tail: Float32Array.from(parts.flatMap((part) => [...part.tail])),
    leading: Float32Array.from(parts.flatMap((part) => [...part.leading])),
  };
}

/** Applies stretches to batches of rows. */
export class Stretcher {
  private constructor(
    /** null without a spectrum: then a stretch is one factor per column. */
    private readonly graph: Graph | null,
    readonly spectrum: Spectrum,
  ) {}

  static async open(spectrum: Spectrum, device: Device): Promise<Stretcher> {
    return new Stretcher(spectrum.rank > 0 ? await openGraph(stretchGraph(), device) : null, spectrum);
  }

  /**
   * Each row of `rows` (columns × dim) times its column's stretch.
   * @param result may take it
   */
  async apply(rows: Float32Array, stretch: Stretch, result?: Float32Array): Promise<Float32Array> {
    const { dim, rank, vectors } = this.spectrum;
    const columns = stretch.tail.length;
    if (!this.graph) return scaleRows(rows, dim, stretch.tail, result);
    const out = await this.graph.run({
      U: float32(rows, [columns, dim]),
      V: float32(vectors, [rank, dim]),
      tail: float32(stretch.tail, [columns, 1]),
      leading: float32(stretch.leading, [columns, rank]),
    });
    return present(out['stretched'], 'the stretched rows');
  }

  async close(): Promise<void> {
    await this.graph?.close();
  }
}

function scaleRows(
  rows: Float32Array,
  dim: number,
  factors: Float32Array,
  result: Float32Array = new Float32Array(rows.length),
): Float32Array {
  factors.forEach((factor, column) => {
    const end = (column + 1) * dim;
    for (let n = column * dim; n < end; n++) result[n] = rows[n]! * factor;
  });
  return result;
}

function stretchGraph(): Uint8Array {
  const graph = new GraphBuilder('last-layer-stretch');
  const U = graph.input('U', 'float32', ['columns', 'dim']);
  const V = graph.input('V', 'float32', ['rank', 'dim']);
  const tail = graph.input('tail', 'float32', ['columns', 1]);
  const leading = graph.input('leading', 'float32', ['columns', 'rank']);
  const shares = graph.mul(graph.node('Gemm', [U, V], { transB: 1 }), leading);
  graph.add(graph.mul(U, tail), graph.matmul(shares, V), 'stretched');
  graph.output('stretched', 'float32', ['columns', 'dim']);
  return graph.toModel();
}
