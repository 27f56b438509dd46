/**
 * Batches: the events of one edit of one annotator, and what was undone and redone of them. Nobody's undo reaches
 * another person's batch, even under the same id.
 */
import type { EventIds } from './eventIds';
import { grown } from './growing';

/** In place of a row or a batch: there is none. */
export const none = -1;

export class Batches {
  private size = 0;
  /** Per id: the first batch of that id. */
  private firstOfId = new Int32Array(0);
  /** Per batch: the next one with the same id, of another annotator. */
  private nextOfId = new Int32Array(0);
  private ids = new Int32Array(0);
  private annotators = new Int32Array(0);
  /** Per batch: its last edit; each row names the one before it. */
  private lastEdit = new Int32Array(0);
  /** Per batch: the undo or redo of it that came last into the table. */
  private lastReversal = new Int32Array(0);
  /** Per row: the row before it in its chain. */
  private previous = new Int32Array(0);

  constructor(private readonly eventIds: EventIds) {}

  get count(): number {
    return this.size;
  }

  /** Makes room for so many events, which saves copying. */
  reserve(events: number): void {
    this.previous = grown(this.previous, events);
    this.firstOfId = grown(this.firstOfId, events, none);
  }

  /** The number of the batch of an annotator under an id; a new one when it was not seen before. */
  number(annotator: number, id: number): number {
    if (id >= this.firstOfId.length) this.firstOfId = grown(this.firstOfId, id + 1, none);
    const first = this.firstOfId[id]!;
    for (let batch = first; batch !== none; batch = this.nextOfId[batch]!) {
      if (this.annotators[batch] === annotator) return batch;
    }
    const batch = this.size++;
    if (this.size > this.ids.length) this.growTo(this.size);
    this.ids[batch] = id;
    this.annotators[batch] = annotator;
    this.nextOfId[batch] = first;
    this.firstOfId[id] = batch;
    return batch;
  }

  /** The id as text. */
  id(batch: number): string {
    return this.eventIds.text(this.ids[batch]!);
  }

  /** The batches under an id, one for each annotator that has one. */
  withId(id: string): number[] {
    const number = this.eventIds.number(id);
    const batches: number[] = [];
    if (number >= this.firstOfId.length) return batches;
    for (let batch = this.firstOfId[number]!; batch !== none; batch = this.nextOfId[batch]!)
      batches.push(batch);
    return batches;
  }

  addEdit(batch: number, row: number): void {
    if (row >= this.previous.length) this.previous = grown(this.previous, row + 1);
    this.previous[row] = this.lastEdit[batch]!;
    this.lastEdit[batch] = row;
  }

  addReversal(target: number, row: number): void {
    if (row >= this.previous.length) this.previous = grown(this.previous, row + 1);
    this.previous[row] = this.lastReversal[target]!;
    this.lastReversal[target] = row;
  }

  /** The edits of a batch, in the order in which they came. */
  edits(batch: number): number[] {
    return this.chain(this.lastEdit[batch]!);
  }

  /** The undo and redo events of a batch, in the order in which they came. */
  reversals(batch: number): number[] {
    return this.chain(this.lastReversal[batch]!);
  }

  /** Of the undo and redo events of a batch the one that came last; `none` without. */
  lastReversalOf(batch: number): number {
    return this.lastReversal[batch]!;
  }

  private chain(last: number): number[] {
    const rows: number[] = [];
    for (let row = last; row !== none; row = this.previous[row]!) rows.push(row);
    return rows.reverse();
  }

  private growTo(batches: number): void {
    this.ids = grown(this.ids, batches);
    this.nextOfId = grown(this.nextOfId, batches, none);
    this.annotators = grown(this.annotators, batches);
    this.lastEdit = grown(this.lastEdit, batches, none);
    this.lastReversal = grown(this.lastReversal, batches, none);
  }
}
