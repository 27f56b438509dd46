/** The value that a list is sorted by, for its tiles. */
import type { ReviewItem } from '../../../src/protocol/engineApi';
import type { Formatter } from '../format';
import type { GridState } from '../state/model';

/** As it is read; empty where every tile shows it anyway (confidence, class, path) or the item has none. */
export function scoreOf(item: ReviewItem, { query }: GridState, formatter: Formatter): string {
  return query.sort === 'loss' && item.loss !== null ? formatter.decimal(item.loss) : '';
}
