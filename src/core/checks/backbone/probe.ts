/** A linear probe: whether features tell two groups of images apart better than groups that were drawn. */
import { SplitMix32 } from '../../base/random';

/** Groups that are drawn beside the true one. */
const shuffles = 39;

export interface Probe {
  /** AUROC on images of patients that the probe did not see, the mean of both halves. */
  readonly auroc: number;
  /** The greatest AUROC of the same images with the groups dealt out anew: of 39 draws, one in 40 exceeds it by chance. */
  readonly shuffled: number;
}

export interface ProbeRows {
  /** Row-major images × dim; whitened. */
  readonly rows: Float32Array;
  readonly dim: number;
  /** 1 and 0: the two groups. */
  readonly positive: Uint8Array;
  /** 0 or 1: the half of each image; a patient is in one. */
  readonly half: Uint8Array;
}

/**
 * The direction between the means of the two groups, which in whitened components is Fisher's discriminant (Hastie, Tibshirani
 * & Friedman, The Elements of Statistical Learning, 2nd ed., 4.3), found in one half and scored in the other, both ways.
 * @returns null where a half has fewer than two images of a group
 */
export function probe(rows: ProbeRows, seed = 1): Probe | null {
  const auroc = aurocOf(rows, rows.positive);
  if (auroc === null) return null;
  const random = new SplitMix32(seed);
  let shuffled = 0;
  for (let n = 0; n < shuffles; n++) {
    const drawn = Uint8Array.from(random.shuffle([...rows.positive]));
    shuffled = Math.max(shuffled, aurocOf(rows, drawn) ?? 0);
  }
  return { auroc, shuffled };
}

function aurocOf({ rows, dim, half }: ProbeRows, positive: Uint8Array): number | null {
  let sum = 0;
  for (const side of [0, 1]) {
    const counts = new Uint32Array(2);
    const means = [new Float64Array(dim), new Float64Array(dim)] as const;
    for (let i = 0; i < half.length; i++) {
      if (half[i] === side) continue;
      const mean = means[positive[i] === 1 ? 1 : 0];
      counts[positive[i]!]!++;
      for (let j = 0; j < dim; j++) mean[j]! += rows[i * dim + j]!;
    }
    const [none = 0, some = 0] = counts;
    if (none < 2 || some < 2) return null;
    const axis = means[1].map((value, j) => value / some - means[0][j]! / none);
    const own = Int32Array.from(half.keys()).filter((i) => half[i] === side);
    const scores = Float64Array.from(own, (i) => {
      let score = 0;
      for (let j = 0; j < dim; j++) score += rows[i * dim + j]! * axis[j]!;
      return score;
    });
    const area = rankArea(
      scores,
      Uint8Array.from(own, (i) => positive[i]!),
    );
    if (area === null) return null;
    sum += area / 2;
  }
  return sum;
}

/** AUROC as Mann and Whitney's statistic; equal scores count half. null with one group only. */
function rankArea(scores: Float64Array, positive: Uint8Array): number | null {
  const order = Int32Array.from(scores.keys()).sort((a, b) => scores[a]! - scores[b]!);
  let [negatives, positives, area] = [0, 0, 0];
  for (let n = 0; n < order.length;) {
    const score = scores[order[n]!]!;
    let [some, none] = [0, 0];
    for (; n < order.length && scores[order[n]!] === score; n++) {
      if (positive[order[n]!] === 1) some++;
      else none++;
    }
    area += some * (negatives + none / 2);
    positives += some;
    negatives += none;
  }
  return positives > 0 && negatives > 0 ? area / (positives * negatives) : null;
}
