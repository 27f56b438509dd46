/** Images that look alike: cosine similarity of standardised features, exactly, one pass over all rows. */

/** The images of a project, ready to be asked for neighbours. */
export class Neighbours {
  /** Unit rows; 0 where there are no features. */
  private readonly rows: Float32Array;

  /**
   * Standardises over the rows that are there (constant features count for nothing) and brings each to unit length.
   * @param features row-major rows × dim; they are overwritten
   * @param isPresent 1 where there are features
   */
  constructor(
    features: Float32Array,
    private readonly dim: number,
    private readonly isPresent: Uint8Array,
  ) {
    this.rows = features;
    const { mean, inverse } = moments(features, dim, isPresent);
    for (let row = 0; row < isPresent.length; row++) {
      const at = row * dim;
      let square = 0;
      for (let j = 0; j < dim; j++) {
        const value = isPresent[row] === 1 ? (features[at + j]! - mean[j]!) * inverse[j]! : 0;
        features[at + j] = value;
        square += value * value;
      }
      const scale = square > 0 ? 1 / Math.sqrt(square) : 0;
      for (let j = 0; j < dim; j++) features[at + j]! *= scale;
    }
  }

  /**
   * The rows nearest to any of these, the nearest first; these themselves come first, in their order. Rows without
   * features are no neighbours, and have none.
   * @param count of all together
   */
  nearest(of: readonly number[], count: number): Int32Array {
    const asked = of.filter((row) => this.isPresent[row] === 1);
    const best = new Float32Array(this.isPresent.length).fill(-Infinity);
    for (const row of asked) this.raise(best, row);
    for (const row of of) best[row] = -Infinity;
    return Int32Array.from([...of, ...greatest(best, count - of.length)]);
  }

  /** Cosine similarity of two rows, in [-1, 1]; 0 without features. */
  similarity(a: number, b: number): number {
    return this.product(a * this.dim, b * this.dim);
  }

  private raise(best: Float32Array, row: number): void {
    const from = row * this.dim;
    for (let other = 0; other < best.length; other++) {
      if (this.isPresent[other] !== 1) continue;
      const similarity = this.product(from, other * this.dim);
      if (similarity > best[other]!) best[other] = similarity;
    }
  }

  /** Four sums at a time: one alone waits for each addition to end before the next begins. */
  private product(a: number, b: number): number {
    const { rows, dim } = this;
    const whole = dim - (dim % 4);
    let [s0, s1, s2, s3] = [0, 0, 0, 0];
    for (let j = 0; j < whole; j += 4) {
      s0 += rows[a + j]! * rows[b + j]!;
      s1 += rows[a + j + 1]! * rows[b + j + 1]!;
      s2 += rows[a + j + 2]! * rows[b + j + 2]!;
      s3 += rows[a + j + 3]! * rows[b + j + 3]!;
    }
    for (let j = whole; j < dim; j++) s0 += rows[a + j]! * rows[b + j]!;
    return s0 + s1 + (s2 + s3);
  }
}

function moments(
  features: Float32Array,
  dim: number,
  isPresent: Uint8Array,
): { readonly mean: Float64Array; readonly inverse: Float64Array } {
  const mean = new Float64Array(dim);
  const inverse = new Float64Array(dim);
  let count = 0;
  for (let row = 0; row < isPresent.length; row++) {
    if (isPresent[row] !== 1) continue;
    count++;
    for (let j = 0; j < dim; j++) {
      // Welford's update keeps the digits of features with a large mean.
      const delta = features[row * dim + j]! - mean[j]!;
      mean[j]! += delta / count;
      inverse[j]! += delta * (features[row * dim + j]! - mean[j]!);
    }
  }
  for (let j = 0; j < dim; j++) {
    const variance = count > 0 ? inverse[j]! / count : 0;
    inverse[j] = variance > 1e-12 * (mean[j]! * mean[j]! + 1e-12) ? 1 / Math.sqrt(variance) : 0;
  }
  return { mean, inverse };
}

/** The places of the greatest values, the greatest first, of equals the first; -Infinity is none. For few of many. */
function greatest(values: Float32Array, count: number): number[] {
  const found: number[] = [];
  let least = -Infinity;
  for (let place = 0; place < values.length && count > 0; place++) {
    const value = values[place]!;
    if (value === -Infinity || (found.length === count && value <= least)) continue;
    let at = found.length;
    while (at > 0 && values[found[at - 1] ?? 0]! < value) at--;
    found.splice(at, 0, place);
    if (found.length > count) found.pop();
    least = found.length === count ? values[found[count - 1] ?? 0]! : -Infinity;
  }
  return found;
}
