/** Images that lie apart from all others in the features, alone or a few together. */
import type { WorkOptions } from '../../base/ports';
import type { ComponentSpace } from '../../neighbours/components';
import { nearestByDistance } from '../../neighbours/nearest';
import { groupsOf } from './pairs';

/** Components that count, each by how much the features vary along it: whitened, noise would count as much as what is seen. */
const leading = 64;
/** The neighbour whose distance counts: images of another kind are each other's neighbours, up to so many are found. */
const mostNeighbours = 50;
const imagesOfNeighbour = 10;
/** Fewer say nothing of what is usual. */
const fewestImages = 60;
/** Robust standard deviations of the logarithm of the distance. */
const limit = 4;

export interface ApartGroup {
  /** Images that are nearer to each other than to ordinary ones; the first of the table first. */
  readonly images: readonly number[];
  /** How many times as far as is usual its images are from their neighbours, the median of them. */
  readonly times: number;
}

export interface Apart {
  /** Which neighbour's distance was taken. */
  readonly neighbour: number;
  /** The farthest first. */
  readonly groups: readonly ApartGroup[];
}

/**
 * Images whose distance to their k-th neighbour is far above what is usual (Ramaswamy, Rastogi & Shim, SIGMOD 2000, 427): its
 * logarithm lies 4 robust standard deviations above the median (1.4826 × the median absolute deviation; Iglewicz & Hoaglin
 * 1993, who take 3.5). Of a normal distribution 3 in 100,000 do. Euclidean distance on the 64 leading principal components.
 * @returns nothing in fewer than 60 images, or where most of them are copies of each other
 * @throws OVR002 cancelled
 */
export async function imagesApart(
  { components, deviations }: ComponentSpace,
  options: WorkOptions,
): Promise<Apart> {
  const { rows, present, dim: all } = components;
  const images = present.reduce((sum, one) => sum + one, 0);
  const neighbour = Math.min(mostNeighbours, Math.floor(images / imagesOfNeighbour));
  if (images < fewestImages) return { neighbour, groups: [] };
  const dim = Math.min(leading, all);
  const scaled = new Float32Array(present.length * dim);
  for (let i = 0; i < present.length; i++) {
    for (let c = 0; c < dim; c++) scaled[i * dim + c] = rows[i * all + c]! * deviations[c]!;
  }
  const { index, distance } = await nearestByDistance({ rows: scaled, dim, present }, neighbour, options);
  const logs = Float64Array.from(present, (_, i) => Math.log(distance[(i + 1) * neighbour - 1]!));
  const known = logs.filter((value) => !Number.isNaN(value)).sort();
  const median = middle(known);
  const deviation = 1.4826 * middle(known.map((value) => Math.abs(value - median)).sort());
  if (!Number.isFinite(median) || !(deviation > 0)) return { neighbour, groups: [] };
  const isFar = logs.map((value) => Number((value - median) / deviation >= limit));
  const together: { first: number; second: number }[] = [];
  for (const [i, far] of isFar.entries()) {
    if (far === 0) continue;
    together.push({ first: i, second: i });
    // Like each other are those that are nearer than the first ordinary image.
    for (let n = i * neighbour; n < (i + 1) * neighbour && isFar[index[n]!] === 1; n++) {
      together.push({ first: Math.min(i, index[n]!), second: Math.max(i, index[n]!) });
    }
  }
  const groups = groupsOf(together).map((own) => ({
    images: own,
    times: Math.exp(middle(Float64Array.from(own, (i) => logs[i]!).sort()) - median),
  }));
  return { neighbour, groups: groups.sort((a, b) => b.times - a.times) };
}

const middle = (sorted: Float64Array): number => sorted[Math.floor(sorted.length / 2)] ?? NaN;
