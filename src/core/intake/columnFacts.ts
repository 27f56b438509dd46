/** What can be counted about a column without knowing what it means. */
import { splitFrame } from '../images/frameReference';
import { isImageName } from '../images/imageNames';
import { naturally } from '../images/imageTree';
import { findingValue } from '../dataset/givenLabels';
import { parseSplit } from '../dataset/givenSplit';
import { isMissing } from '../table/cellText';
import type { TextTable } from '../table/table';

export interface ColumnFacts {
  readonly name: string;
  /** Lower case, letters and digits only: `Patient ID` is `patientid`. */
  readonly plainName: string;
  /** Without spaces around them; null where nothing stands, or a text for nothing. */
  readonly cells: readonly (string | null)[];
  readonly rows: number;
  /** Share of cells that are not empty, 0 to 1. */
  readonly filled: number;
  /** How often each text occurs; texts for nothing are not among them. */
  readonly counts: ReadonlyMap<string, number>;
  readonly distinct: number;
  /** Distinct cells among the filled ones, 0 to 1. */
  readonly unique: number;
  /** Distinct texts in natural order; at most 1,000 of them. */
  readonly values: readonly string[];
  /** Texts that stand for nothing (`nan`, `N/A`), as they are written, with their counts. */
  readonly missing: ReadonlyMap<string, number>;
  /** Share of filled cells that end like an image file. */
  readonly imageNames: number;
  /** Every filled cell is 1, 0, -1, true, false, yes or no, as finding columns write them. */
  readonly isFinding: boolean;
  /** Texts that are none of these, in a column of which most cells are. */
  readonly nearlyFinding: readonly string[];
  /** Every filled cell names a part of a split. */
  readonly isSplit: boolean;
  readonly example: string;
}

/** Share of a column's cells that must be 1, 0 or -1 for the others to look like slips. */
const nearly = 0.9;
/** More distinct texts than this are not looked at one by one. */
const mostValues = 1000;

export function factsOf(table: TextTable): ColumnFacts[] {
  return table.names.map((name, c) => factsOfColumn(name, table.columns[c] ?? [], table.rowCount));
}

function factsOfColumn(name: string, written: readonly (string | null)[], rows: number): ColumnFacts {
  const missing = new Map<string, number>();
  const counts = new Map<string, number>();
  const known = new Map<string, string | null>();
  const cells = written.map((cell) => {
    if (cell === null) return null;
    let text = known.get(cell);
    if (text === undefined) known.set(cell, (text = isMissing(cell) ? null : cell.trim()));
    const [counted, key] = text === null ? [missing, cell.trim()] : [counts, text];
    if (key !== '') counted.set(key, (counted.get(key) ?? 0) + 1);
    return text;
  });
  const filled = [...counts.values()].reduce((sum, count) => sum + count, 0);
  const values = [...counts.keys()].slice(0, mostValues).sort(naturally);
  const odd = values.filter((text) => (findingValue(text) ?? null) === null);
  const fitting = filled - odd.reduce((sum, text) => sum + (counts.get(text) ?? 0), 0);
  let images = 0;
  for (const [text, count] of counts) if (isImageName(splitFrame(text).file)) images += count;
  return {
    name,
    plainName: plainName(name),
    cells,
    rows,
    filled: rows === 0 ? 0 : filled / rows,
    counts,
    distinct: counts.size,
    unique: filled === 0 ? 0 : counts.size / filled,
    values,
    missing,
    imageNames: filled === 0 ? 0 : images / filled,
    isFinding: counts.size > 0 && odd.length === 0,
    nearlyFinding: odd.length > 0 && counts.size < mostValues && fitting >= nearly * filled ? odd : [],
    isSplit: counts.size > 0 && values.every((text) => Boolean(parseSplit(text))),
    example: [...counts.keys()][0] ?? '',
  };
}

/** Lower case, letters and digits only. */
export function plainName(name: string): string {
  return name.toLowerCase().replaceAll(/[^\p{L}\p{N}]/gu, '');
}
