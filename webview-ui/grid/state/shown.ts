/**
 * What may be shown of an item now. An edit that is on its way shows its value and the mark "saving"; the
 * marks of a finished answer come with the acknowledgement. Of an item that is hidden from a blind reader the engine
 * gives nothing but its picture.
 */
import type { LabelValue, ReviewItem } from '../../../src/protocol/engineApi';
import type { GridState, PendingEdit } from './model';

export interface ShownItem {
  readonly item: ReviewItem;
  readonly value: LabelValue;
  /** With `uncertain`: the label before. */
  readonly previous: LabelValue | undefined;
  /** null: no prediction, or not to be shown. */
  readonly predicted: string | null;
  /** Confidence in `predicted`, [0, 1]. */
  readonly confidence: number | null;
  /** Nothing is known of it but its picture. */
  readonly hidden: boolean;
  /** Prediction against label; null where either is missing or hidden. */
  readonly agrees: boolean | null;
  readonly edited: boolean;
  readonly kept: boolean;
  readonly excluded: boolean;
  readonly disputed: boolean;
  readonly pending: boolean;
}

export function shownItem(item: ReviewItem, state: GridState): ShownItem {
  const pending = state.pending.get(item.key);
  const { hidden } = item;
  const value = pending === undefined ? item.value : pendingValue(item, pending, state.query.queue);
  const { predicted } = item;
  const wrong = pending === undefined ? item.wrong : value !== predicted && value !== 'uncertain';
  return {
    item,
    value,
    previous: pending === undefined || item.value === 'uncertain' ? item.previous : item.value,
    predicted,
    confidence: predicted === null ? null : item.confidence,
    hidden,
    agrees: predicted === null || value === null ? null : wrong ? false : value === predicted ? true : null,
    edited: item.edited && pending === undefined,
    kept: item.kept && pending === undefined,
    excluded: item.excluded && pending === undefined,
    disputed: item.disputed,
    pending: pending !== undefined,
  };
}

/** The value that the label file will hold when the edit is acknowledged. */
function pendingValue(item: ReviewItem, pending: PendingEdit, queue: string): LabelValue {
  switch (pending.op) {
    case 'set':
      return pending.value ?? null;
    case 'accept':
      return (queue === 'suspects' ? item.suggested : undefined) ?? item.predicted ?? item.value;
    case 'uncertain':
      return 'uncertain';
    case 'keep':
    case 'exclude':
    case 'include':
      return item.value;
  }
}
