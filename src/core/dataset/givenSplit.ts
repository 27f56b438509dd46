/** The part of the split that a table names for each row: a word in one column, or a column for each part. */
import type { ProjectConfig } from '../config/config';
import { splitColumns } from '../config/config';
import { isMissing, plainText } from '../table/cellText';
import { findColumn } from '../table/columns';
import type { TextTable } from '../table/table';
import { findingValue } from './givenLabels';
import { splits, type Split } from './model';

const splitNames: ReadonlyMap<string, Split> = new Map([
  ...['train', 'training', 'tr'].map((name) => [name, 'train'] as const),
  ...['validation', 'valid', 'val', 'validate', 'dev', 'tune'].map((name) => [name, 'validation'] as const),
  ...['test', 'testing', 'holdout'].map((name) => [name, 'test'] as const),
]);

/** The part that a word names; null where there is none, undefined where it is no part. */
export function parseSplit(text: string | null): Split | null | undefined {
  return text === null || isMissing(text) ? null : splitNames.get(text.trim().toLowerCase());
}

/** How the parts of a table are read. */
export interface GivenSplit {
  /** The columns that say it; empty where Overread splits. */
  readonly columns: readonly string[];
  /** The part of a row; null where it names none, undefined where what it says is no part. */
  readonly read: (row: number) => Split | null | undefined;
  /** What the row says, for a message. */
  readonly textOf: (row: number) => string;
}

/** @throws OverreadError OVR201 when a column is missing */
export function makeSplitReader(table: TextTable, config: ProjectConfig): GivenSplit {
  const { column, values } = config.split;
  const columns = splitColumns(column);
  const cells = columns.map((name) => findColumn(table, name, 'split.column'));
  const textOf = (row: number): string => cells.map((one) => one[row] ?? '').join(', ');
  if (column !== null && typeof column !== 'string') {
    const parts = splits.flatMap((part) => {
      const name = column[part];
      return name === undefined ? [] : [{ part, cells: findColumn(table, name, 'split.column') }];
    });
    const read = (row: number): Split | null | undefined => {
      const values = parts.map((one) => findingValue(one.cells[row] ?? ''));
      if (values.some((value) => value === undefined || value === 'uncertain')) return undefined;
      const named = parts.filter((_, i) => values[i] === '1');
      return named.length > 1 ? undefined : (named[0]?.part ?? null);
    };
    return { columns, read, textOf };
  }
  const [only] = cells;
  if (!only) return { columns, read: () => null, textOf };
  const mapped = new Map(Object.entries(values ?? {}).map(([text, part]) => [plainText(text), part]));
  const known = new Map<string | null, Split | null | undefined>();
  const parse = (text: string | null): Split | null | undefined => {
    const part = mapped.get(plainText(text ?? ''));
    return part === undefined ? parseSplit(text) : part;
  };
  const read = (row: number): Split | null | undefined => {
    const text = only[row] ?? null;
    if (!known.has(text)) known.set(text, parse(text));
    return known.get(text);
  };
  return { columns, read, textOf };
}
