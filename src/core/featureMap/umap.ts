/** UMAP of the components, for whoever asks for it: it takes seconds to minutes, in a process of its own. */
import { UMAP } from 'umap-js';
import { OverreadError } from '../base/errors';
import { SplitMix32 } from '../base/random';
import type { Components } from '../neighbours/components';
import { nearestNeighbours } from '../neighbours/nearest';
import type { MapPositions } from './model';

/** Above, it would take many minutes; the first two components show as many as there are. */
export const mostOfUmap = 20_000;
const neighbours = 15;

/**
 * Uniform manifold approximation and projection (McInnes, Healy, Melville, arXiv 1802.03426) over the exact cosine neighbours.
 * Deterministic for a seed.
 * @throws OVR001 there are too many images
 */
export async function umapOf(components: Components, seed: number): Promise<MapPositions> {
  const { rows, dim, present } = components;
  const images = Int32Array.from(present.keys()).filter((i) => present[i] === 1);
  if (images.length > mostOfUmap) {
    throw new OverreadError({
      code: 'OVR001',
      message: `UMAP is for at most ${mostOfUmap} images, and there are ${images.length}`,
      fix: 'Keep to the first two components',
    });
  }
  const xy = new Float32Array(present.length * 2).fill(NaN);
  const count = Math.min(neighbours, images.length - 1);
  if (dim === 0 || count < 2) return { xy, method: 'umap' };
  const found = await nearestNeighbours(components, count);
  const place = new Map(Array.from(images, (image, n) => [image, n]));
  const random = new SplitMix32(seed);
  const umap = new UMAP({
    nNeighbors: count + 1,
    nComponents: 2,
    minDist: 0.1,
    random: () => random.uniform(),
  });
  // Each image is its own first neighbour, at distance 0.
  const index = Array.from(images, (image, n) => [
    n,
    ...Array.from({ length: count }, (_, k) => place.get(found.index[image * found.count + k]!) ?? n),
  ]);
  const distance = Array.from(images, (image) => [
    0,
    ...Array.from({ length: count }, (_, k) => 1 - found.similarity[image * found.count + k]!),
  ]);
  umap.setPrecomputedKNN(index, distance);
  const data = Array.from(images, (image) => Array.from(rows.subarray(image * dim, (image + 1) * dim)));
  umap.fit(data).forEach(([x = NaN, y = NaN], n) => {
    xy[2 * images[n]!] = x;
    xy[2 * images[n]! + 1] = y;
  });
  return { xy, method: 'umap' };
}
