/** What a project is made from, understood: settings, each with its reason, and the rows. */
import * as path from 'node:path';
import type { Problem } from '../base/report';
import { quoteCell } from '../split/splitFiles';
import type { TextTable } from '../table/table';
import type { Alternative } from './alternatives';
import type { Ignored } from './guessColumns';
import type { InitChoice } from './settings';

export interface Source {
  readonly draft: readonly InitChoice[];
  readonly table: TextTable;
  /** A table to write; absent when the user's own is used. */
  readonly tableText?: string;
  readonly problems: readonly Problem[];
  /** Columns that looked like labels and are not used as such. */
  readonly ignored?: readonly Ignored[];
  /** What else guesses could be, beside columns. */
  readonly alternatives?: readonly Alternative[];
}

/** A table that is to be written, as CSV. */
export function textOf({ names, columns, rowCount }: TextTable): string {
  const rows = Array.from({ length: rowCount }, (_, i) => columns.map((column) => column[i] ?? ''));
  return [names, ...rows]
    .map((cells) => `${cells.map((cell) => (cell === '' ? '' : quoteCell(cell))).join(',')}\n`)
    .join('');
}

/** POSIX separators; absolute only where there is no way from here to there (another drive). */
export function relativeTo(root: string, target: string): string {
  const relative = path.relative(root, target);
  return relative === '' ? '.' : relative.split(path.sep).join('/');
}
