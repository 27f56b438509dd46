/** What can be counted about a column without knowing what it means. */
import { isImageName } from '../images/imageNames';
import { naturally } from '../images/imageTree';
import { parseSplit } from '../dataset/givenSplit';
import type { TextTable } from '../table/table';

export interface ColumnFacts {
  readonly name: string;
  /** Lower case, letters and digits only: `Patient ID` is `patientid`. */
  readonly plainName: string;
  readonly cells: readonly (string | null)[];
  readonly rows: number;
  /** Share of cells that are not empty, 0 to 1. */
  readonly filled: number;
  readonly distinct: number;
  /** Distinct cells among the filled ones, 0 to 1. */
  readonly unique: number;
  /** Distinct texts in natural order; at most 1,000 of them. */
  readonly values: readonly string[];
  /** Share of filled cells that end like an image file. */
  readonly imageNames: number;
  /** Every filled cell is 1, 0, -1, true, false, yes or no, as finding columns write them. */
  readonly isFinding: boolean;
  /** Every filled cell names a part of a split. */
  readonly isSplit: boolean;
  readonly example: string;
}

const findingTexts = new Set(['1', '0', '-1', '1.0', '0.0', '-1.0', 'true', 'false', 'yes', 'no']);

export function factsOf(table: TextTable): ColumnFacts[] {
  return table.names.map((name, c) => {
    const cells = table.columns[c] ?? [];
    const filled = cells.filter((cell): cell is string => cell !== null && cell.trim() !== '');
    const distinct = new Set(filled);
    const values = [...distinct].slice(0, 1000).sort(naturally);
    return {
      name,
      plainName: name.toLowerCase().replaceAll(/[^\p{L}\p{N}]/gu, ''),
      cells,
      rows: table.rowCount,
      filled: table.rowCount === 0 ? 0 : filled.length / table.rowCount,
      distinct: distinct.size,
      unique: filled.length === 0 ? 0 : distinct.size / filled.length,
      values,
      imageNames: filled.length === 0 ? 0 : filled.filter((cell) => isImageName(cell)).length / filled.length,
      isFinding: distinct.size > 0 && values.every((text) => findingTexts.has(text.trim().toLowerCase())),
      isSplit: distinct.size > 0 && values.every((text) => Boolean(parseSplit(text))),
      example: filled[0] ?? '',
    };
  });
}
