/** The other label of a finding: what one key gives to it, wherever it is shown beside the key. */
import type { ReviewItem } from '../../../src/protocol/engineApi';
import { valuesByKey } from '../format';
import type { GridState } from '../state/model';
import { shownItem } from '../state/shown';

/**
 * Absent for present, present for absent or not mentioned. undefined where there is no other of two: of an uncertain finding,
 * of a dispute without a decision, and of what a blind reader is not told.
 */
export function otherLabel(item: ReviewItem, state: GridState): '0' | '1' | undefined {
  const { value, hidden, pending } = shownItem(item, state);
  if ((hidden && !pending) || (item.disputed && value === null)) return undefined;
  const other = value === '1' ? '0' : value === '0' || value === null ? '1' : undefined;
  return other !== undefined && valuesByKey(state.project, item.finding).includes(other) ? other : undefined;
}
