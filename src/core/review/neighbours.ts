/** Images that look alike: cosine similarity of standardised features, exactly, one pass over all rows. */
import { similarityToAny } from '../neighbours/nearest';

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
  async nearest(of: readonly number[], count: number): Promise<Int32Array> {
    const { rows, dim, isPresent: present } = this;
    const asked = of.filter((row) => present[row] === 1);
    const best = await similarityToAny({ rows, dim, present }, asked);
    for (const row of of) best[row] = -Infinity;
    return Int32Array.from([...of, ...greatest(best, count - of.length)]);
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
