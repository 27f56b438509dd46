/** The table of a project with those that are joined to it, and what of their rows did not come together. */
import * as path from 'node:path';
import { counted } from '../base/counted';
import { OverreadError } from '../base/errors';
import type { Problem } from '../base/report';
import { shownValue } from '../base/visibleText';
import type { ProjectConfig } from '../config/config';
import { joinTables, type JoinKey, type JoinOutcome } from '../table/joinTables';
import { readTable, type TextTable } from '../table/table';

type Join = ProjectConfig['dataset']['join'][number];

/** The columns of a key as pairs. */
export function joinKey({ key }: Pick<Join, 'key'>): JoinKey {
  if (typeof key === 'string') return [[key, key]];
  return Array.isArray(key) ? key.map((name: string) => [name, name] as const) : Object.entries(key);
}

/**
 * Reads `dataset.table` and what `dataset.join` names.
 * @throws OverreadError OVR200 to OVR202 for a table that cannot be read; OVR214 where no row of a joined one fits
 */
export async function readJoinedTable(
  root: string,
  { dataset }: Pick<ProjectConfig, 'dataset'>,
): Promise<{ readonly table: TextTable; readonly problems: readonly Problem[] }> {
  const [first, ...others] = await Promise.all(
    [dataset, ...dataset.join].map(({ table, sheet = null }) =>
      readTable(path.resolve(root, table), table, sheet),
    ),
  );
  if (!first) throw new Error('A project has a table');
  let table = first;
  const problems: Problem[] = [];
  for (const [k, other] of others.entries()) {
    const join = dataset.join[k];
    if (!join) continue;
    const joined = joinChecked(table, other, joinKey(join));
    table = joined.table;
    problems.push(...joined.problems);
  }
  return { table, problems };
}

/** Joins, and says what did not come together. @throws OverreadError OVR214 where no row fits */
export function joinChecked(
  left: TextTable,
  right: TextTable,
  key: JoinKey,
): { readonly table: TextTable; readonly problems: readonly Problem[] } {
  const { table, outcome } = joinTables(left, right, key);
  const named = key.map(([a, b]) => (a === b ? `"${a}"` : `"${a}" = "${b}"`)).join(' and ');
  if (outcome.matched === 0) throw nothingFits(left, right, key, named);
  return { table, problems: problemsOf(left, right, named, outcome) };
}

function nothingFits(left: TextTable, right: TextTable, key: JoinKey, named: string): OverreadError {
  const [first] = key;
  const example = (table: TextTable, name: string | undefined): string =>
    shownValue(table.columns[table.names.indexOf(name ?? '')]?.find((cell) => cell !== null) ?? '');
  return new OverreadError({
    code: 'OVR214',
    message: `No row of ${shownValue(right.file)} has the key of a row of ${shownValue(left.file)} (${named}): "${example(left, first?.[0])}" there, "${example(right, first?.[1])}" here`,
    place: { file: right.file, field: first?.[1] ?? '' },
    expected: 'the same texts in both columns',
    fix: 'Name the columns that hold the same in both: dataset.join with key: {COLUMN: COLUMN THERE}.',
  });
}

function problemsOf(left: TextTable, right: TextTable, named: string, outcome: JoinOutcome): Problem[] {
  const { unmatched, firstUnmatched, unused, repeated, contradicting, firstContradicting, renamed } = outcome;
  const other = shownValue(right.file);
  const problems: Problem[] = [];
  if (contradicting > 0) {
    problems.push({
      severity: 'error',
      code: 'OVR214',
      message: `${counted(contradicting, 'key')} of ${other} (${named}) ${contradicting === 1 ? 'is' : 'are'} in several rows that differ`,
      place: { file: right.file, ...(firstContradicting === undefined ? {} : { row: firstContradicting }) },
      expected: 'one row for each key, or rows that agree',
      fix: 'What they do not agree on is left empty. Keep the row that is right; or, if the images stand in this table, make it dataset.table and join the other.',
    });
  }
  if (repeated > 0) {
    problems.push({
      severity: 'warning',
      code: 'OVR214',
      message: `${counted(repeated, 'key')} of ${other} (${named}) ${repeated === 1 ? 'is' : 'are'} in several rows that say the same`,
      place: { file: right.file },
      fix: 'One of them is taken. Delete what is double.',
    });
  }
  if (unmatched > 0) {
    problems.push({
      severity: 'warning',
      code: 'OVR214',
      message: `${counted(unmatched, 'row')} of ${left.rowCount} ${unmatched === 1 ? 'has' : 'have'} no row in ${other} (${named})`,
      place: { file: left.file, ...(firstUnmatched === undefined ? {} : { row: firstUnmatched }) },
      fix: 'What that table says stays empty for them.',
    });
  }
  if (unused > 0) {
    problems.push({
      severity: 'info',
      code: 'OVR214',
      message: `${counted(unused, 'row')} of ${other} ${unused === 1 ? 'belongs' : 'belong'} to no row of ${shownValue(left.file)}, and ${unused === 1 ? 'is' : 'are'} not used`,
      place: { file: right.file },
    });
  }
  if (renamed.length > 0) {
    problems.push({
      severity: 'info',
      code: 'OVR214',
      message: `Both tables have ${renamed.length === 1 ? 'a column' : 'columns'} of the same name that ${renamed.length === 1 ? 'says' : 'say'} something else: here ${renamed.map((name) => `"${shownValue(name)}"`).join(', ')}`,
      place: { file: right.file },
    });
  }
  return problems;
}
