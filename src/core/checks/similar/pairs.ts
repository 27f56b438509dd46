/** Pairs of images that lie side by side, and groups of those that hang together. */
import type { NearestNeighbours } from '../../neighbours/nearest';

/** Two samples, the one that comes first in the table first. */
export interface SimilarPair {
  readonly first: number;
  readonly second: number;
  /** Cosine similarity of whitened components. */
  readonly similarity: number;
}

/** Pairs that are at least so alike, the most alike first. */
export function similarPairs({ count, index, similarity }: NearestNeighbours, least: number): SimilarPair[] {
  const pairs = new Map<string, SimilarPair>();
  for (let place = 0; place < index.length; place++) {
    const value = similarity[place]!;
    if (!(value >= least)) continue;
    const row = Math.floor(place / count);
    const other = index[place]!;
    const [first, second] = row < other ? [row, other] : [other, row];
    pairs.set(`${first},${second}`, { first, second, similarity: value });
  }
  return [...pairs.values()].sort(
    (a, b) => b.similarity - a.similarity || a.first - b.first || a.second - b.second,
  );
}

/** Groups of samples that pairs join, each in the order of the table; the groups in the order of their first. */
export function groupsOf(pairs: readonly Pick<SimilarPair, 'first' | 'second'>[]): number[][] {
  const parent = new Map<number, number>();
  const rootOf = (one: number): number => {
    let root = one;
    for (let next = parent.get(root); next !== undefined && next !== root; next = parent.get(root))
      root = next;
    // The way is cut short for whoever comes next.
    for (let at = one; at !== root;) {
      const next = parent.get(at) ?? root;
      parent.set(at, root);
      at = next;
    }
    return root;
  };
  for (const { first, second } of pairs) {
    const [a, b] = [rootOf(first), rootOf(second)];
    parent.set(Math.max(a, b), Math.min(a, b));
    parent.set(Math.min(a, b), Math.min(a, b));
  }
  const groups = new Map<number, number[]>();
  for (const one of [...parent.keys()].sort((a, b) => a - b)) {
    const root = rootOf(one);
    const group = groups.get(root);
    if (group) group.push(one);
    else groups.set(root, [one]);
  }
  return [...groups.values()];
}
