/** Which events stood at a moment: whether their batch was undone then. */
import type { LabelOp, Moment } from './model';
import type { EventTable } from './eventTable';

/** The undo and redo events of a batch at which its state turned, in order. */
interface Turns {
  readonly rows: readonly number[];
  /** The last event that they were made from: another one means that they are out of date. */
  readonly last: number;
  readonly superseded: number;
}

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

  private turnsOf(batch: number): readonly number[] {
    const { table } = this;
    const last = table.batches.lastReversalOf(batch);
    const superseded = table.superseded.length;
    const known = this.turns.get(batch);
    if (known?.last === last && known.superseded === superseded) return known.rows;
    const sorted = table.batches
      .reversals(batch)
      .filter((row) => !table.isSuperseded(row))
      .sort((a, b) => table.compare(a, b));
    let before: LabelOp | undefined;
    const rows = sorted.filter((row) => {
      const op = table.op(row);
      const turns = op !== before;
      before = op;
      return turns;
    });
    this.turns.set(batch, { rows, last, superseded });
    return rows;
  }
}
