/** The table that is made of headers: its columns, those of the labels, and which of all are written. */
import { splitColumns } from '../../config/config';
import type { TextTable } from '../../table/table';
import type { ColumnGuesses, Ignored } from '../guessColumns';
import type { HeaderFacts } from './headerFacts';
import type { LinkedLabels } from './labelsOf';
import type { Grouping } from './patients';
import type { Pseudonyms } from './pseudonyms';
import { daysColumn, offeredColumns } from './tagColumns';

/** The column with the files, below the folder. */
export const pathColumn = 'path';

export type Columns = ReadonlyMap<string, readonly (string | null)[]>;

interface ImageColumns {
  readonly files: readonly { readonly path: string; readonly facts: HeaderFacts }[];
  readonly grouping: Grouping;
  readonly pseudonyms: Pseudonyms;
  readonly wanted: readonly string[];
  /** Samples are called by a hash as well. */
  readonly hidden: boolean;
}

/** The columns that come from the headers, in their order. */
export function columnsOfImages({ files, grouping, pseudonyms, wanted, hidden }: ImageColumns): Columns {
  const columns = new Map<string, readonly (string | null)[]>();
  columns.set(
    pathColumn,
    files.map((file) => file.path),
  );
  if (hidden)
    columns.set(
      'id',
      files.map((file) => pseudonyms.name('sample', file.path)),
    );
  columns.set(
    'patient',
    grouping.groups.map((group) => pseudonyms.name('patient', group)),
  );
  columns.set(
    'study',
    files.map(({ facts: { identity } }) =>
      identity.study === '' ? null : pseudonyms.name('study', identity.study),
    ),
  );
  const days = daysSinceFirst(
    files.map(({ facts }) => facts.date),
    grouping.groups,
  );
  const offered = [...offeredColumns.map(({ name }) => name), daysColumn].filter((name) =>
    wanted.includes(name),
  );
  for (const name of offered) {
    const cells = name === daysColumn ? days : files.map(({ facts }) => facts.offered.get(name) || null);
    if (cells.some((cell) => cell !== null)) columns.set(name, cells);
  }
  for (const keyword of files[0]?.facts.kept.keys() ?? []) {
    columns.set(
      keyword,
      files.map(({ facts }) => facts.kept.get(keyword) || null),
    );
  }
  return columns;
}

/** Days of each image since the first study of its group. */
function daysSinceFirst(
  dates: readonly (number | undefined)[],
  groups: readonly string[],
): (string | null)[] {
  const first = new Map<string, number>();
  for (const [i, group] of groups.entries()) {
    const date = dates[i];
    if (date !== undefined) first.set(group, Math.min(date, first.get(group) ?? date));
  }
  return groups.map((group, i) => {
    const date = dates[i];
    const start = first.get(group);
    return date === undefined || start === undefined ? null : String(date - start);
  });
}

/** The images with the columns of their labels: an image of several rows is there as often. */
export function withLabels(own: Columns, images: number, labels: LinkedLabels | undefined): TextTable {
  const pairs = Array.from({ length: images }, (_, i) => {
    const rows = labels?.rows[i] ?? [];
    return rows.length === 0 ? [[i, -1] as const] : rows.map((row) => [i, row] as const);
  }).flat();
  const names = [...own.keys()];
  const columns = [...own.values()].map((cells) => pairs.map(([i]) => cells[i] ?? null));
  labels?.table.names.forEach((name, c) => {
    if (name === labels.column) return;
    names.push(names.includes(name) ? `labels.${name}` : name);
    columns.push(pairs.map(([, row]) => (row < 0 ? null : (labels.table.columns[c]?.[row] ?? null))));
  });
  return {
    ...{ file: 'samples.csv', names, columns, rowCount: pairs.length },
    lineOf: (row) => row + 2,
    rejected: [],
  };
}

/** The table that is written: the columns of the headers, and of the labels those with a meaning or a name to keep. */
export function onlyUsed(
  all: TextTable,
  own: Columns,
  { labels, split, reader }: ColumnGuesses,
  linked: LinkedLabels | undefined,
  keep: readonly string[],
): TextTable {
  const used = new Set<string>(own.keys());
  if (labels?.kind === 'columns') labels.findings.forEach((name) => used.add(name));
  else if (labels?.kind === 'one-hot') labels.classes.forEach((name) => used.add(name));
  else if (labels) used.add(labels.column);
  for (const name of splitColumns(split.value)) used.add(name);
  if (reader) used.add(reader.value);
  for (const name of keep) if (linked?.table.names.includes(name)) used.add(name);
  const at = [...all.names.entries()].filter(([, name]) => used.has(name)).map(([i]) => i);
  return {
    ...all,
    names: at.map((i) => all.names[i] ?? ''),
    columns: at.map((i) => all.columns[i] ?? []),
  };
}

/** Columns of the table of labels that are not written: they may tell who somebody is. */
export function leftInTable({ table, column }: LinkedLabels, written: TextTable): Ignored[] {
  return table.names
    .filter((name) => name !== column && !written.names.includes(name))
    .map((name) => ({ column: name, because: 'it may tell who somebody is; --keep writes it' }));
}
