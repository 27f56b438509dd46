/** Label events where they act: on an item or a sample, standing or undone. */
import { isUntil, type Moment } from './asOf';
import { compareEvents } from './events';
import type { LabelEvent } from './model';

/** The events of one edit, and what was undone and redone of it. */
export interface Batch {
  /** Undo and redo events that name the batch. */
  reversals: LabelEvent[];
  readonly units: Set<number>;
}

/** An event on an item or a whole sample. */
export interface Entry {
  readonly event: LabelEvent;
  /** Index of the finding; `everyFinding` for the whole sample. */
  readonly finding: number;
  readonly batch: Batch;
}

/** In place of a finding: the event acts on all of them. */
export const everyFinding = -1;

/** Whether an event acts on a finding of its sample. */
export function touches(entry: Entry, finding: number): boolean {
  return entry.finding === finding || entry.finding === everyFinding;
}

/** Whether a batch is undone, now or as of a moment: its latest undo or redo decides. */
export function isUndone(batch: Batch, asOf?: Moment): boolean {
  let latest: LabelEvent | undefined;
  for (const reversal of batch.reversals) {
    if (asOf && !isUntil(reversal, asOf)) continue;
    if (!latest || compareEvents(latest, reversal) < 0) latest = reversal;
  }
  return latest?.op === 'undo';
}

/** Whether an event stands now and did not at a moment, or the other way round. */
export function isNews({ event, batch }: Entry, moment: Moment): boolean {
  const stoodThen = isUntil(event, moment) && !isUndone(batch, moment);
  return stoodThen === isUndone(batch);
}
