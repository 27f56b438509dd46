/** Two tables as one: the columns of the second beside the rows of the first, by a key. */
import * as path from 'node:path';
import { findColumn } from './columns';
import type { TextTable } from './table';

/** Columns of the first table, each with the column of the second that must hold the same. */
export type JoinKey = readonly (readonly [left: string, right: string])[];

/** How the rows of two tables came together. */
export interface JoinOutcome {
  /** Rows of the first table that have a partner, and those that have none. */
  readonly matched: number;
  readonly unmatched: number;
  /** The line of the first row without a partner. */
  readonly firstUnmatched: number | undefined;
  /** Rows of the second table whose key no row of the first has. */
  readonly unused: number;
  /** Keys in several rows of the second table that say the same, and in several that do not, with the first line. */
  readonly repeated: number;
  readonly contradicting: number;
  readonly firstContradicting: number | undefined;
  /** Columns of the second table that are called otherwise, because the first has one of that name which says something else. */
  readonly renamed: readonly string[];
}

/** What a cell of a key says: spaces around it and `.0` of a whole number do not count. */
export function keyText(cell: string | null | undefined): string {
  return (cell ?? '')
    .trim()
    .normalize('NFC')
    .replace(/^(\d+)\.0+$/, '$1');
}

/** The key of each row; null where a part of it is empty. */
function keysOf(table: TextTable, names: readonly string[], setting: string): (string | null)[] {
  const columns = names.map((name) => findColumn(table, name, setting));
  return Array.from({ length: table.rowCount }, (_, row) => {
    const parts = columns.map((cells) => keyText(cells[row]));
    return parts.includes('') ? null : parts.join('\n');
  });
}

/** The rows of the second table under each key: the first, and by column what the others do not agree with. */
class Partners {
  readonly rowOf = new Map<string, number>();
  /** By column: the keys whose rows differ in it. */
  readonly differing: ReadonlySet<string>[];
  readonly repeatedKeys = new Set<string>();
  readonly contradictingKeys = new Map<string, number>();
  constructor(table: TextTable, keys: readonly (string | null)[]) {
    const differing = table.columns.map(() => new Set<string>());
    this.differing = differing;
    for (const [row, key] of keys.entries()) {
      if (key === null) continue;
      const first = this.rowOf.get(key);
      if (first === undefined) {
        this.rowOf.set(key, row);
        continue;
      }
      this.repeatedKeys.add(key);
      for (const [c, cells] of table.columns.entries()) {
        if (cells[row] === cells[first]) continue;
        differing[c]?.add(key);
        if (!this.contradictingKeys.has(key)) this.contradictingKeys.set(key, row);
      }
    }
  }
}

/**
 * Joins a table to another: every row of the first, once, with the columns of the second where a row has its key. Where
 * several rows of the second have the key, what they do not agree on stays empty.
 * A column that both have and in which they agree is there once; else the second's is called by its file: `meta.age`.
 * @throws OverreadError OVR201 a column of the key is not there
 */
export function joinTables(
  left: TextTable,
  right: TextTable,
  key: JoinKey,
): { readonly table: TextTable; readonly outcome: JoinOutcome } {
  const leftKeys = keysOf(left, key.map(([name]) => name), 'dataset.join'); // prettier-ignore
  const rightKeys = keysOf(right, key.map(([, name]) => name), 'dataset.join'); // prettier-ignore
  const partners = new Partners(right, rightKeys);
  const partnerOf = leftKeys.map((one) => (one === null ? undefined : partners.rowOf.get(one)));
  const names = [...left.names];
  const columns = [...left.columns];
  const renamed: string[] = [];
  const keyColumns = new Set(key.map(([, name]) => name));
  for (const [c, name] of right.names.entries()) {
    if (keyColumns.has(name)) continue;
    const cells = right.columns[c] ?? [];
    const joined = partnerOf.map((row, i) => {
      if (row === undefined || partners.differing[c]?.has(leftKeys[i] ?? '') === true) return null;
      return cells[row] ?? null;
    });
    const own = left.columns[left.names.indexOf(name)];
    if (own?.every((cell, i) => partnerOf[i] === undefined || keyText(cell) === keyText(joined[i])) === true)
      continue;
    const shown = names.includes(name) ? nameIn(right, name, names) : name;
    if (shown !== name) renamed.push(shown);
    names.push(shown);
    columns.push(joined);
  }
  const matched = partnerOf.filter((row) => row !== undefined).length;
  const firstUnmatched = partnerOf.indexOf(undefined);
  const used = new Set(leftKeys);
  const [firstContradicting] = partners.contradictingKeys.values();
  return {
    table: { ...left, names, columns },
    outcome: {
      matched,
      unmatched: left.rowCount - matched,
      firstUnmatched: firstUnmatched < 0 ? undefined : left.lineOf(firstUnmatched),
      unused: rightKeys.filter((one) => one === null || !used.has(one)).length,
      repeated: partners.repeatedKeys.size - partners.contradictingKeys.size,
      contradicting: partners.contradictingKeys.size,
      firstContradicting: firstContradicting === undefined ? undefined : right.lineOf(firstContradicting),
      renamed,
    },
  };
}

/** A name that is free: `meta.age` of `data/meta.csv`. */
function nameIn(table: TextTable, name: string, taken: readonly string[]): string {
  const stem = path.basename(table.file).split('.')[0] ?? '';
  let free = `${stem}.${name}`;
  for (let k = 2; taken.includes(free); k++) free = `${stem}.${name} ${k}`;
  return free;
}
