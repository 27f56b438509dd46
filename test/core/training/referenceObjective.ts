/** The last layer's objective in float64, straight from its definition: what the graph is checked against. */

export interface ReferenceProblem {
  /** Standardised features, row by row. */
  readonly rows: readonly (readonly number[])[];
  /** Class of each row for softmax; 1 or 0 for sigmoid. */
  readonly labels: readonly number[];
  readonly weights: readonly number[];
  readonly C: number;
  /** Outputs of the model: classes, or 1. */
  readonly width: number;
}

/** Value and gradient at [w (width × dim), b (width)]. */
export function referenceObjective(
  problem: ReferenceProblem,
  point: Float64Array,
): { readonly value: number; readonly gradient: Float64Array } {
  const { rows, labels, weights, C, width } = problem;
  const dim = rows[0]!.length;
  const gradient = new Float64Array(point.length);
  let value = 0;
  for (let n = 0; n < width * dim; n++) {
    value += (point[n]! * point[n]!) / 2;
    gradient[n] = point[n]!;
  }
  rows.forEach((x, i) => {
    const z = Array.from({ length: width }, (_, k) =>
      x.reduce((sum, xj, j) => sum + xj * point[k * dim + j]!, point[width * dim + k]!),
    );
    const y = labels[i]!;
    const total = Math.log(width === 1 ? 1 + Math.exp(z[0]!) : z.reduce((sum, zk) => sum + Math.exp(zk), 0));
    const picked = width === 1 ? y * z[0]! : z[y]!;
    value += C * weights[i]! * (total - picked);
    for (let k = 0; k < width; k++) {
      const target = width === 1 ? y : k === y ? 1 : 0;
      const residual = C * weights[i]! * (Math.exp(z[k]! - total) - target);
      x.forEach((xj, j) => (gradient[k * dim + j]! += residual * xj));
      gradient[width * dim + k]! += residual;
    }
  });
  return { value, gradient };
}

/** (x - mean) / sd by the rows in `fitOn`; population variance, constant columns become 0. */
export function standardised(
  rows: readonly (readonly number[])[],
  fitOn: (row: number) => boolean,
): number[][] {
  const used = rows.filter((_, i) => fitOn(i));
  const dim = rows[0]!.length;
  const mean = Array.from({ length: dim }, (_, j) => used.reduce((s, x) => s + x[j]!, 0) / used.length);
  const sd = mean.map((m, j) => Math.sqrt(used.reduce((s, x) => s + (x[j]! - m) ** 2, 0) / used.length));
  return rows.map((x) => x.map((xj, j) => (sd[j]! > 0 ? (xj - mean[j]!) / sd[j]! : 0)));
}
