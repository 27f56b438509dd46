/** The rule of the effective label, for the events of one review item. */
import { none } from './batches';
import type { EventTable } from './eventTable';
import type { DisputedPolicy, LabelSource } from './model';
import { present } from '../base/present';
import type { Voice } from './tableVoices';

/** In place of a value's code: the given label stands. */
export const givenStands = -2;

/** What the standing events and the readings of one item add up to, without the sample's given label. */
export interface Resolution {
  readonly source: LabelSource;
  /** A code, `none` for null, or `givenStands`. */
  readonly value: number;
  /** Disputed, and the policy finds no value. */
  readonly masked: boolean;
  readonly kept: boolean;
  readonly excluded: boolean;
  /** The row of each annotator's latest answer, in the order in which the annotators first answered. */
  readonly readings: readonly number[];
  /** The value's code of each reading. */
  readonly codes: readonly number[];
  /** Readings in the table, of readers that have not answered since. */
  readonly voices: readonly Voice[];
  /** The row of the answer that stands; `none` for the given label, or where only readings in the table decide. */
  readonly last: number;
}

/**
 * @param rows the events of the item that were not undone, in the order of `EventTable.compare`; those without a
 *   finding act on the whole sample and are part of every item's list
 * @param codeOf the code of the value that a `set` or `keep` gives
 * @param fromTable readings in the table: older than any event
 */
export function resolveItem(
  table: EventTable,
  rows: readonly number[],
  codeOf: (row: number) => number,
  policy: DisputedPolicy,
  fromTable: readonly Voice[] = [],
): Resolution {
  const annotators: number[] = [];
  const readings: number[] = [];
  let excluded = false;
  for (const row of rows) {
    const op = table.op(row);
    if (op === 'exclude' || op === 'include') excluded = op === 'exclude';
    else {
      const annotator = table.annotator(row);
      const known = annotators.indexOf(annotator);
      if (known < 0) annotators.push(annotator);
      readings[known < 0 ? readings.length : known] = row;
    }
  }
  const [only] = readings;
  if (only !== undefined && readings.length === 1 && fromTable.length === 0) {
    return { ...alone(table, only, codeOf(only)), excluded };
  }
  const codes = readings.map(codeOf);
  const voices = fromTable.filter(({ annotator }) => !annotators.includes(annotator));
  return { ...standing(table, { readings, codes, voices }, policy), excluded, readings, codes, voices };
}

/** One reading, and no other voice: most items, so that a bulk edit does not weigh each as a dispute. */
function alone(table: EventTable, row: number, code: number): Omit<Resolution, 'excluded'> {
  return {
    source: table.isAdjudicator(row) ? 'adjudication' : 'reading',
    value: code,
    masked: false,
    kept: table.op(row) === 'keep',
    last: row,
    readings: [row],
    codes: [code],
    voices: [],
  };
}

type Standing = Omit<Resolution, keyof Readings | 'excluded'>;
/** Everybody's answer: of events the rows with their codes, and those in the table. */
type Readings = Pick<Resolution, 'readings' | 'codes' | 'voices'>;

function standing(
  table: EventTable,
  { readings, codes, voices }: Readings,
  policy: DisputedPolicy,
): Standing {
  const all = [...codes, ...voices.map(({ code }) => code)];
  if (all.length === 0) {
    return { source: 'given', value: givenStands, masked: false, kept: false, last: none };
  }
  const adjudication = latestOf(table, readings, (row) => table.isAdjudicator(row));
  if (adjudication !== none) return stands(table, adjudication, 'adjudication', readings, codes);
  if (all.every((code) => code === all[0])) {
    if (readings.length === 0) {
      const value = present(all[0], 'the code');
      return { source: 'reading', value, masked: false, kept: false, last: none };
    }
    return stands(
      table,
      latestOf(table, readings, () => true),
      'reading',
      readings,
      codes,
    );
  }
  const disputed = { source: 'disputed', masked: false, kept: false, last: none } as const;
  if (policy === 'given') return { ...disputed, value: givenStands };
  const value = policy === 'majority' ? majority(all) : undefined;
  if (value === undefined) return { ...disputed, value: none, masked: true };
  const winner = latestOf(table, readings, (_, k) => codes[k] === value);
  return { ...disputed, value, last: winner === none ? none : present(readings[winner], 'the reading') };
}

/** @param last index of the reading that stands */
function stands(
  table: EventTable,
  last: number,
  source: LabelSource,
  readings: readonly number[],
  codes: readonly number[],
): Standing {
  const value = present(codes[last], 'the code');
  const kept = readings.some((row, k) => codes[k] === value && table.op(row) === 'keep');
  return { source, value, masked: false, kept, last: present(readings[last], 'the reading') };
}

/** The code that more annotators gave than any other; undefined for a tie. */
function majority(codes: readonly number[]): number | undefined {
  const votes = new Map<number, number>();
  for (const code of codes) votes.set(code, (votes.get(code) ?? 0) + 1);
  const most = Math.max(...votes.values());
  const leading = [...votes.keys()].filter((code) => votes.get(code) === most);
  return leading.length === 1 ? leading[0] : undefined;
}

/** Index of the latest reading that fits; `none` when none does. */
function latestOf(
  table: EventTable,
  readings: readonly number[],
  fits: (row: number, k: number) => boolean,
): number {
  let latest = none;
  let latestRow = none;
  readings.forEach((row, k) => {
    if (!fits(row, k) || (latest !== none && table.compare(latestRow, row) >= 0)) return;
    latest = k;
    latestRow = row;
  });
  return latest;
}
