/** Which events stood at a moment: whether their batch was undone then. */
import { atOnce, ofRanges, type Pieces } from '../base/pieces';
import { none } from './batches';
import type { LabelOp, Moment } from './model';
import type { EventTable } from './eventTable';

/** The undo and redo events of a batch at which its state turned, in order. */
interface Turns {
  readonly rows: readonly number[];
  /** The last event that they were made from: another one means that they are out of date. */
  readonly last: number;
  readonly superseded: number;
}

/** Events, and batches, that are looked at in one piece. */
const [rowsAtOnce, batchesAtOnce] = [4096, 4096];

/** Answers for one table. Turns are kept: a bulk undo has as many events as items, and each item asks. */
export class UndoneAt {
  private readonly turns = new Map<number, Turns>();

  constructor(private readonly table: EventTable) {}

  /** Whether a batch was undone as of a moment, by the events' times. */
  isUndone(batch: number, moment: Moment): boolean {
    const { table } = this;
    if (!table.hasReversals(batch)) return false;
    let undone = false;
    for (const row of this.turnsOf(batch)) {
      if (!table.isUntil(row, moment)) break;
      undone = table.op(row) === 'undo';
    }
    return undone;
  }

  /** Whether an event stands now and did not at a moment, or the other way round. */
  isNews(row: number, moment: Moment): boolean {
    const { table } = this;
    const batch = table.batch(row);
    const stoodThen = table.isUntil(row, moment) && !this.isUndone(batch, moment);
    return stoodThen === table.isUndone(batch);
  }

  /** Finds the turns of all batches, in pieces: whoever asks of an item then waits for none that is large. */
  *preparing(): Pieces<void> {
    const { batches } = this.table;
    for (let batch = 0; batch < batches.count; batch++) {
      if (batch % batchesAtOnce === 0) yield;
      if (batches.lastReversalOf(batch) !== none) yield* this.findingTurns(batch);
    }
  }

  private turnsOf(batch: number): readonly number[] {
    return atOnce(this.findingTurns(batch));
  }

  private *findingTurns(batch: number): Pieces<readonly number[]> {
    const { table } = this;
    const last = table.batches.lastReversalOf(batch);
    const superseded = table.superseded.length;
    const known = this.turns.get(batch);
    if (known?.last === last && known.superseded === superseded) return known.rows;
    const all = table.batches.reversals(batch);
    const standing: number[] = [];
    let outOfOrder = 0;
    const take = (from: number, to: number): void => {
      for (const row of all.slice(from, to)) {
        if (table.isSuperseded(row)) continue;
        const before = standing.at(-1);
        if (before !== undefined && table.compare(before, row) > 0) outOfOrder++;
        standing.push(row);
      }
    };
    yield* ofRanges(all.length, take, rowsAtOnce);
    // As one process writes them they are.
    if (outOfOrder > 0) standing.sort((a, b) => table.compare(a, b));
    const rows: number[] = [];
    let before: LabelOp | undefined;
    const note = (from: number, to: number): void => {
      for (const row of standing.slice(from, to)) {
        const op = table.op(row);
        if (op !== before) rows.push(row);
        before = op;
      }
    };
    yield* ofRanges(standing.length, note, rowsAtOnce);
    this.turns.set(batch, { rows, last, superseded });
    return rows;
  }
}
