/** The one state of a tile, of those that it could be said to be in: what matters most for what to do next. */
import type { ShownItem } from './shown';

export type TileState =
  'open' | 'changed' | 'confirmed' | 'uncertain' | 'excluded' | 'disputed' | 'saving' | 'failed';

/** @param failed the last answer to it could not be saved */
export function stateOf(shown: ShownItem, failed = false): TileState {
  if (shown.pending) return 'saving';
  if (failed) return 'failed';
  if (shown.excluded) return 'excluded';
  if (shown.value === 'uncertain') return 'uncertain';
  if (shown.edited && shown.value !== shown.item.given) return 'changed';
  if (shown.kept || shown.edited) return 'confirmed';
  return shown.disputed ? 'disputed' : 'open';
}
