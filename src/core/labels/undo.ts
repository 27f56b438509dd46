/** What one annotator can undo and redo. It follows from the log alone, so it survives a restart. */
import { none } from './batches';
import type { EventTable } from './eventTable';
import { grown } from './growing';

/** Batches in the order in which they came; any of them can be taken out at once. */
class Stack {
  private batches: number[] = [];
  /** Per batch: where it is in `batches`, if it is. */
  private places = new Int32Array(0);

  push(batch: number): void {
    this.places = grown(this.places, batch + 1, none);
    this.places[batch] = this.batches.push(batch) - 1;
  }

  /** Whether it was there. */
  take(batch: number): boolean {
    const place = batch < this.places.length ? this.places[batch]! : none;
    if (place === none || this.batches[place] !== batch) return false;
    this.batches[place] = none;
    while (this.batches.at(-1) === none) this.batches.pop();
    return true;
  }

  has(batch: number): boolean {
    return batch < this.places.length && this.batches[this.places[batch]!] === batch;
  }

  clear(): void {
    this.batches = [];
  }

  /** The one that came last; `none` when it is empty. */
  get top(): number {
    return this.batches.at(-1) ?? none;
  }
}

/**
 * Replays one annotator's batches in order: an edit can be undone and ends what could be redone; an undo moves its
 * batch over, a redo moves it back. Later events are taken in as they come, at the cost of those events.
 */
export class UndoHistory {
  private readonly undo = new Stack();
  private readonly redo = new Stack();
  private taken = 0;
  private superseded = 0;
  /** The last own event that was replayed. */
  private last = none;

  constructor(
    private readonly table: EventTable,
    private readonly annotator: string,
  ) {}

  /** The batch that the next undo or redo acts on; `none` when there is nothing to do. */
  next(op: 'undo' | 'redo'): number {
    this.catchUp();
    return this[op].top;
  }

  private catchUp(): void {
    const { table } = this;
    const own: number[] = [];
    const annotator = table.texts.find(this.annotator);
    for (let row = this.taken; row < table.count; row++) {
      if (table.annotator(row) === annotator && !table.isSuperseded(row)) own.push(row);
    }
    this.taken = table.count;
    const isNewer = this.last === none || own.every((row) => table.compare(this.last, row) < 0);
    if (!isNewer || this.superseded !== table.superseded.length) {
      this.superseded = table.superseded.length;
      this.replayAll(annotator);
    } else this.replay(own);
  }

  /** An event turned up that belongs before known ones: a merge. */
  private replayAll(annotator: number | undefined): void {
    const { table } = this;
    this.undo.clear();
    this.redo.clear();
    this.last = none;
    const own: number[] = [];
    for (let row = 0; row < table.count; row++) {
      if (table.annotator(row) === annotator && !table.isSuperseded(row)) own.push(row);
    }
    this.replay(own);
  }

  private replay(rows: number[]): void {
    const { table } = this;
    let before = rows[0] ?? none;
    const sorted = rows.every((row) => {
      const follows = table.compare(before, row) <= 0;
      before = row;
      return follows;
    });
    if (!sorted) rows.sort((a, b) => table.compare(a, b));
    for (const row of rows) {
      const op = table.op(row);
      // The events of one undo name the same target; the second finds its work done.
      if (op === 'undo') {
        if (this.undo.take(table.target(row))) this.redo.push(table.target(row));
      } else if (op === 'redo') {
        if (this.redo.take(table.target(row))) this.undo.push(table.target(row));
      } else if (this.last === none || table.batch(row) !== table.batch(this.last)) {
        // A batch whose events do not stand together counts from where it first stood.
        if (!this.undo.has(table.batch(row))) this.undo.push(table.batch(row));
        this.redo.clear();
      }
      this.last = row;
    }
  }
}
