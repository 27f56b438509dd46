/** The state of a tile that stands for an image: what is so of its findings together. */
import type { ReviewItem } from '../../../src/protocol/engineApi';
import type { GridState } from '../state/model';
import type { ShownItem } from '../state/shown';
import { isAnswered } from './acting';

/** An image as a tile or the filmstrip shows it: saving while an answer is on its way, confirmed when all are answered. */
export function shownImage(item: ReviewItem, state: GridState): ShownItem {
  const chips = item.findings ?? [];
  const pending = chips.some(({ key }) => state.pending.has(key));
  const isDone = chips.length > 0 && chips.every((chip) => isAnswered(chip, state.pending));
  return {
    item,
    value: null,
    previous: undefined,
    predicted: null,
    confidence: null,
    hidden: item.hidden,
    agrees: null,
    edited: false,
    kept: isDone && !pending,
    excluded: chips.length > 0 && chips.every(({ excluded }) => excluded) && !pending,
    disputed: false,
    pending,
  };
}

/** Whether the last answer to one of its findings could not be saved. */
export function hasFailed(item: ReviewItem, { failed }: GridState): boolean {
  return failed.has(item.key) || (item.findings ?? []).some(({ key }) => failed.has(key));
}
