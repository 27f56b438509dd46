/** Features that say nothing whatever the image: no numbers, one value throughout, the greatest value nearly always. */

export interface FeatureFaults {
  /** Images with a feature that is no finite number. */
  readonly broken: readonly number[];
  /** The share of the features that have one value in all images. */
  readonly constant: number;
  /** The share of those that have their greatest value in nine of ten images, as a clipped activation has. */
  readonly saturated: number;
}

/** Of the images, so many have the greatest value of a saturated feature. */
const saturatedFrom = 0.9;

/** Two passes over the features. @param features row-major images × dim @param present 1 where there are features */
export function featureFaults(features: Float32Array, dim: number, present: Uint8Array): FeatureFaults {
  const broken: number[] = [];
  const most = new Float32Array(dim).fill(-Infinity);
  const least = new Float32Array(dim).fill(Infinity);
  let images = 0;
  const rows = Int32Array.from([...present.keys()].filter((row) => present[row] === 1));
  const whole = rows.filter((row) => {
    const own = features.subarray(row * dim, (row + 1) * dim);
    if (own.every(Number.isFinite)) return true;
    broken.push(row);
    return false;
  });
  for (const row of whole) {
    images++;
    for (let j = 0; j < dim; j++) {
      const value = features[row * dim + j]!;
      if (value > most[j]!) most[j] = value;
      if (value < least[j]!) least[j] = value;
    }
  }
  const atMost = new Uint32Array(dim);
  for (const row of whole) {
    for (let j = 0; j < dim; j++) if (features[row * dim + j] === most[j]) atMost[j]!++;
  }
  let [constant, saturated] = [0, 0];
  for (let j = 0; j < dim; j++) {
    if (most[j] === least[j]) constant++;
    else if (atMost[j]! >= saturatedFrom * images) saturated++;
  }
  // One image is no "throughout".
  if (images < 2) return { broken, constant: 0, saturated: 0 };
  return { broken, constant: constant / dim, saturated: saturated / dim };
}
