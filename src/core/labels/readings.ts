/** Readings: what each annotator says of one item, for a person to read. */
import type { LabelValue } from '../dataset/model';
import { none } from './batches';
import type { EventTable } from './eventTable';
import type { EffectiveLabel, LabelOp, Reading } from './model';
import { givenStands, type Resolution } from './resolve';

/** What the events of an item answer. */
export interface Answers {
  /** The code of the value that a `set` or `keep` gives; below 0 for none. */
  readonly code: (row: number) => number;
  /** By code. */
  readonly names: readonly string[];
}

/** A reading and the event that it stands in; `none` for one in the table. */
export interface ReadingOfRow {
  readonly row: number;
  readonly reading: Reading;
}

/**
 * Each annotator's latest answer, by annotator name.
 * @param rows the standing events of the item, in order
 */
export function readingsOf(
  table: EventTable,
  rows: readonly number[],
  { readings, voices }: Resolution,
  { code: codeOf, names }: Answers,
): ReadingOfRow[] {
  const latest = new Map<number, Reading>();
  for (const row of rows) {
    const op = table.op(row);
    if (!isAnswer(op)) continue;
    const code = codeOf(row);
    const event = table.event(row);
    const value = names[code] ?? null;
    const before = latest.get(table.annotator(row));
    const previous = op === 'keep' && before?.value === value ? before.previous : event.previous;
    const { annotator, role, time, reason } = event;
    latest.set(table.annotator(row), {
      annotator,
      role,
      op,
      value,
      ...(previous === undefined ? {} : { previous }),
      time,
      event: event.id,
      ...(reason === undefined ? {} : { reason }),
    });
  }
  const ofEvents = readings.flatMap((row) => {
    const reading = latest.get(table.annotator(row));
    return reading ? [{ row, reading }] : [];
  });
  const ofTable = voices.map(({ annotator, code }): ReadingOfRow => ({
    row: none,
    reading: {
      annotator: table.texts.text(annotator),
      role: 'reader',
      op: 'set',
      value: names[code] ?? null,
    },
  }));
  return [...ofEvents, ...ofTable].sort((a, b) => (a.reading.annotator < b.reading.annotator ? -1 : 1));
}

/**
 * What is shown of the reading that decided; of readings in the table all that say what stands.
 * @param value the label that stands
 */
export function lastOf(
  readings: readonly ReadingOfRow[],
  { last, value: code }: Resolution,
  value: LabelValue,
): EffectiveLabel['last'] {
  if (last === none) {
    const agreeing = readings.filter(({ row, reading }) => row === none && reading.value === value);
    if (code === givenStands || agreeing.length === 0) return undefined;
    return { annotator: agreeing.map(({ reading }) => reading.annotator).join('; ') };
  }
  const decided = readings.find(({ row }) => row === last)?.reading;
  if (!decided) return undefined;
  const { annotator, time, reason, event } = decided;
  return {
    annotator,
    ...(time === undefined ? {} : { time }),
    ...(event === undefined ? {} : { event }),
    ...(reason === undefined ? {} : { reason }),
  };
}

function isAnswer(op: LabelOp): op is 'set' | 'keep' {
  return op === 'set' || op === 'keep';
}
