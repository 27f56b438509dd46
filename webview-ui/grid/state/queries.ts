/** Rules about queries: what blind mode may ask, what counts as filtered. */
import type { ItemQuery } from '../../../src/protocol/engineApi';
import { usualQuery } from './model';

/** The query without hints at the model's opinion: no sort by score, no filter on the prediction. */
export function blindQuery(query: ItemQuery): ItemQuery {
  const { predicted: _predicted, ...rest } = query;
  return { ...rest, sort: 'path', descending: false };
}

/** A copy with some fields changed; a field set to undefined is removed. */
export function changeQuery(
  query: ItemQuery,
  change: { readonly [K in keyof ItemQuery]?: ItemQuery[K] | undefined },
): ItemQuery {
  const next: Record<string, unknown> = { ...query, ...change };
  for (const [field, value] of Object.entries(next))
    if (value === undefined) Reflect.deleteProperty(next, field);
  return next as unknown as ItemQuery;
}

/** True when more than queue, sort and the usual splits narrow the list. */
export function isFiltered(query: ItemQuery): boolean {
  return (
    query.finding !== undefined ||
    (query.given?.length ?? 0) > 0 ||
    (query.predicted?.length ?? 0) > 0 ||
    (query.samples?.length ?? 0) > 0 ||
    (query.where ?? '') !== '' ||
    splitChoice(query.splits) !== 'review'
  );
}

/** The same queue and order without any filter. */
export function withoutFilters(query: ItemQuery): ItemQuery {
  return { queue: query.queue, splits: usualQuery.splits, sort: query.sort, descending: query.descending };
}

export type SplitChoice = 'review' | 'all' | 'train' | 'validation' | 'test' | 'other';

const choices: Readonly<Record<Exclude<SplitChoice, 'other'>, ItemQuery['splits']>> = {
  review: ['train', 'validation'],
  all: ['train', 'validation', 'test'],
  train: ['train'],
  validation: ['validation'],
  test: ['test'],
};

/** The choice of the toolbar that these splits are. No splits do not filter: all. */
export function splitChoice(splits: ItemQuery['splits']): SplitChoice {
  const wanted = [...new Set(splits.length === 0 ? choices.all : splits)].sort().join();
  const found = Object.entries(choices).find(([, parts]) => [...parts].sort().join() === wanted);
  return (found?.[0] ?? 'other') as SplitChoice;
}

export function splitsOf(choice: string): ItemQuery['splits'] {
  return Object.hasOwn(choices, choice) ? choices[choice as keyof typeof choices] : choices.all;
}
