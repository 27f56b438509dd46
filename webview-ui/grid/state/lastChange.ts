/** What the last answer, undo or redo did to which items: enough to say it, and to show them again. */
import type { EditOutcome, ItemQuery, LabelValue, ReviewItem } from '../../../src/protocol/engineApi';

/** Items that are in the same state now. */
export interface ChangedTo {
  readonly value: LabelValue;
  /** Of a single item. */
  readonly previous: LabelValue | undefined;
  readonly excluded: boolean;
  readonly kept: boolean;
  readonly count: number;
}

export interface LastChange {
  readonly op: EditOutcome['op'];
  readonly count: number;
  /** The path of a single item. */
  readonly path: string | null;
  /** The most frequent first. */
  readonly to: readonly ChangedTo[];
  /** Lists exactly the images that were changed. */
  readonly query: ItemQuery;
}

/** @returns null for an outcome without items */
export function summariseChange({ op, items }: EditOutcome): LastChange | null {
  const [first] = items;
  if (!first) return null;
  const groups = new Map<string, ChangedTo>();
  for (const item of items) {
    const { value, excluded, kept } = item;
    const previous = items.length === 1 ? item.previous : undefined;
    const name = JSON.stringify([value, excluded, kept]);
    const count = (groups.get(name)?.count ?? 0) + 1;
    groups.set(name, { value, previous, excluded, kept, count });
  }
  return {
    op,
    count: items.length,
    path: items.length === 1 ? first.path : null,
    to: [...groups.values()].sort((a, b) => b.count - a.count),
    query: queryOf(items, first),
  };
}

/** Only the parts that the items are in: to look at the test part is counted. */
function queryOf(items: readonly ReviewItem[], first: ReviewItem): ItemQuery {
  const isOneFinding = items.every(({ finding }) => finding === first.finding);
  return {
    queue: 'all',
    splits: [...new Set(items.map(({ split }) => split))],
    samples: [...new Set(items.map(({ sample }) => sample))],
    ...(isOneFinding && first.finding !== 'class' ? { finding: first.finding } : {}),
    sort: 'path',
    descending: false,
  };
}
