/** Replays a second reader against the ways to choose what is looked at next: how many wrong labels are found. */
import { SplitMix32 } from '../src/core/base/random';
import type { Dataset } from '../src/core/dataset/model';
import { effectiveLabels } from '../src/core/labels/effectiveLabels';
import { drawOffer, type Start } from '../src/core/suspects/learned/drawOffer';
import type { Look } from '../src/core/suspects/learned/looks';
import { ReaderModels } from '../src/core/suspects/learned/readerModel';
import type { ReviewData } from '../src/core/suspects/learned/reviewModel';

/** Labels that may be looked at, and whether a look changes them. */
export interface Pool {
  readonly dataset: Dataset;
  readonly data: Omit<ReviewData, 'labels'>;
  readonly items: readonly number[];
  readonly isWrong: (item: number) => boolean;
  readonly labelOf: (item: number) => number;
}

const batch = 10;

export interface Replay {
  /** Items in the order in which they were looked at. */
  readonly order: readonly number[];
  readonly slowestRefit_s: number;
}

/** By the product's own offers. @param uniform the share that is drawn; 0: greedy */
export function replayOffers(
  pool: Pool,
  reviews: number,
  seed: number,
  {
    start,
    uniform,
    suspicion,
  }: { readonly start: Start; readonly uniform: number; readonly suspicion: (item: number) => number },
): Replay {
  const labels = effectiveLabels(pool.dataset, [], { disputed: 'exclude' });
  const looks: Look[] = [];
  const looked = new Set<number>();
  let slowest = 0;
  while (looks.length < Math.min(reviews, pool.items.length)) {
    const began = performance.now();
    const models = new ReaderModels(labels, pool.data, looks, pool.items, () => []);
    const drawn = drawOffer({
      candidates: pool.items
        .filter((item) => !looked.has(item))
        .map((item) => ({ item, stratum: pool.labelOf(item) })),
      findings: 1,
      models,
      suspicion,
      looks: [],
      size: batch,
      seed: seed * 1000 + looks.length,
      start,
      uniform,
    });
    slowest = Math.max(slowest, (performance.now() - began) / 1000);
    for (const { item } of drawn) {
      looked.add(item);
      const common = { item, label: pool.labelOf(item), value: null, independent: true, again: false };
      looks.push({ ...common, changed: pool.isWrong(item), shown: {} });
    }
  }
  return { order: looks.map(({ item }) => item), slowestRefit_s: slowest };
}

/** By the share of changed labels in a cell so far: ten drawn first, then always those of the cell that changed most. */
export function replayCells(
  pool: Pool,
  reviews: number,
  seed: number,
  cell: (item: number) => string,
): number[] {
  const random = new SplitMix32(seed);
  let rest = random.shuffle([...pool.items]);
  const order = rest.slice(0, batch);
  rest = rest.slice(batch);
  while (order.length < reviews && rest.length > 0) {
    const counts = new Map<string, { changed: number; all: number }>();
    for (const item of order) {
      const own = counts.get(cell(item)) ?? { changed: 0, all: 0 };
      counts.set(cell(item), { changed: own.changed + (pool.isWrong(item) ? 1 : 0), all: own.all + 1 });
    }
    const rate = (item: number): number => {
      const own = counts.get(cell(item)) ?? { changed: 0, all: 0 };
      return (own.changed + 1) / (own.all + 2);
    };
    const next = [...rest].sort((a, b) => rate(b) - rate(a)).slice(0, batch);
    order.push(...next);
    rest = rest.filter((item) => !next.includes(item));
  }
  return order;
}

/** How many wrong labels are among the first looks. */
export function found(pool: Pool, order: readonly number[], reviews: number): number {
  return order.slice(0, reviews).filter(pool.isWrong).length;
}
