/** The frozen files of a split: read, and written once by whoever comes first. */
import * as path from 'node:path';
import { OverreadError } from '../base/errors';
import { normalisePath, readTextIfPresent } from '../base/files';
import { inTurns, ownTurns, type Pieces, type Turns } from '../base/pieces';
import type { ProjectFolder } from '../base/projectFolder';
import { readTable } from '../table/table';

/** One line of a frozen file: `value` is the part, or the fold as text. */
export interface FrozenRow {
  readonly sample: string;
  readonly group: string;
  readonly value: string;
  /** 1-based line, for messages. */
  readonly line: number;
}

/** Read in one piece. */
const linesAtOnce = 1024;

export const splitFile = 'splits/split.csv';
export const foldsFile = 'splits/folds.csv';

/**
 * The rows of a frozen file; undefined when there is none.
 * @param valueColumn `split` or `fold`
 * @throws OverreadError OVR208 when it is damaged (a merge left half done, a missing column)
 */
export async function readFrozen(
  root: string,
  file: string,
  valueColumn: 'split' | 'fold',
  turns: Turns = ownTurns,
): Promise<FrozenRow[] | undefined> {
  const absolute = path.join(root, file);
  const text = await readTextIfPresent(absolute);
  if (text === undefined) return undefined;
  const plain = await inTurns(readPlainRows(text, valueColumn), turns);
  if (plain) return plain;
  const table = await readTable(absolute, file).catch((error: unknown) => {
    const reason = error instanceof OverreadError ? error.message : String(error);
    throw damaged(file, reason, undefined);
  });
  const [rejected] = table.rejected;
  if (rejected) throw damaged(file, `The line is damaged: ${rejected.reason}`, rejected.line);
  const [samples, groups, values] = ['sample', 'group', valueColumn].map((name) => {
    const column = table.columns[table.names.indexOf(name)];
    if (!column) throw damaged(file, `The column "${name}" is missing`, 1);
    return column;
  });
  return Array.from({ length: table.rowCount }, (_, i) => {
    const sample = samples?.[i];
    const value = values?.[i];
    const group = groups?.[i];
    if (sample === null || sample === undefined || value === null || value === undefined) {
      throw damaged(file, 'The line has an empty cell', table.lineOf(i));
    }
    return {
      sample: normalisePath(sample),
      group: group ?? normalisePath(sample),
      value,
      line: table.lineOf(i),
    };
  });
}

/**
 * The rows of a file as `writeFrozen` leaves it when no cell needs quotes, six times as fast as a CSV reader;
 * undefined for any other, damaged ones among them.
 */
function* readPlainRows(text: string, valueColumn: string): Pieces<FrozenRow[] | undefined> {
  if (text.includes('"') || text.includes('\r') || !text.startsWith(`sample,group,${valueColumn}\n`)) {
    return undefined;
  }
  yield;
  const lines = text.split('\n');
  if (lines.at(-1) === '') lines.pop();
  const rows: FrozenRow[] = [];
  for (const [i, line] of lines.entries()) {
    if (i % linesAtOnce === 0) yield;
    if (i === 0) continue;
    const first = line.indexOf(',');
    const second = line.indexOf(',', first + 1);
    if (first <= 0 || second <= first + 1 || second === line.length - 1) return undefined;
    if (line.includes(',', second + 1)) return undefined;
    const group = line.slice(first + 1, second);
    const sample = normalisePath(line.slice(0, first));
    rows.push({ sample, group, value: line.slice(second + 1), line: i + 1 });
  }
  return rows.length > 0 ? rows : undefined;
}

/** @returns the standard error for a frozen file that cannot be used */
export function damaged(file: string, what: string, line: number | undefined): OverreadError {
  return new OverreadError({
    code: 'OVR208',
    message: what,
    place: { file, ...(line === undefined ? {} : { row: line }) },
    fix: `Restore ${file} from version control, or delete the folder splits to make a new split (runs before and after cannot then be compared).`,
  });
}

/**
 * Writes a frozen file unless there is one; of two processes that come at once one writes, and both agree.
 * @returns whether this call wrote it
 * @throws OVR003 the file system refused; OVR005 a link is in the way, or the workspace is not trusted
 */
export function writeFrozen(
  folder: ProjectFolder,
  file: string,
  valueColumn: 'split' | 'fold',
  rows: readonly Omit<FrozenRow, 'line'>[],
): Promise<boolean> {
  const lines = rows.map((row) => [row.sample, row.group, row.value].map(quoteCell).join(','));
  return folder.createFile(file, `${[`sample,group,${valueColumn}`, ...lines].join('\n')}\n`);
}

/** A cell as RFC 4180 wants it. */
export function quoteCell(text: string): string {
  return /[",\r\n]|^\s|\s$|^$/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
