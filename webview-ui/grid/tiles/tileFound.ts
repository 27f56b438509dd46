/** What a check found, on the tiles of a list that is ordered by it. */
import type { ItemFinding, ReviewItem } from '../../../src/protocol/engineApi';
import type { GridState } from '../state/model';
import { checkOrder } from '../state/queries';

/** The findings of an item, or of those of an image that its list is about: each once, the gravest first. */
export function findingsOn(item: ReviewItem): readonly ItemFinding[] {
  const all = [...(item.checks ?? []), ...(item.findings ?? []).flatMap(({ checks }) => checks ?? [])];
  return [...new Map(all.map((one) => [one.message, one])).values()];
}

/** Those that a tile marks: none in a list of another order, where they would speak of something else. */
export function markedFindings(
  item: ReviewItem,
  { query }: Pick<GridState, 'query'>,
): readonly ItemFinding[] {
  if (query.sort !== checkOrder || item.hidden) return [];
  return findingsOn(item).filter(({ severity }) => severity !== 'info');
}
