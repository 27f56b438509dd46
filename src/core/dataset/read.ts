/** The user's table as a dataset: every row checked, the broken ones reported and left out. */
import * as path from 'node:path';
import { OverreadError } from '../base/errors';
import { normalisePath } from '../base/files';
import type { Problem } from '../base/report';
import { didYouMean } from '../base/suggest';
import { shownValue } from '../base/visibleText';
import { columnOf, findColumn, readReference } from '../table/columns';
import type { ProjectConfig } from '../config/config';
import { makeLabelReader, type LabelFault, type LabelReader } from './givenLabels';
import { type Dataset, type LabelValue, type Sample, type Split } from './model';
import { isReservedClass } from '../config/model';
import { ProblemList } from './problemList';
import { readTable, type TextTable } from '../table/table';

/**
 * Reads the table of a project. 112,120 rows of NIH ChestX-ray14 take well under a second.
 * Rows with a fault (no path, duplicate, unknown class or value, too many cells) are left out and reported.
 * @throws OverreadError OVR200 (unreadable), OVR201 (column missing), OVR202 (no usable row)
 */
export async function readDataset(
  root: string,
  config: ProjectConfig,
): Promise<{ dataset: Dataset; problems: Problem[] }> {
  const table = await readTable(path.resolve(root, config.dataset.table), config.dataset.table);
  return datasetFromTable(table, config);
}

/** The same for a table that was read already. */
export function datasetFromTable(
  table: TextTable,
  config: ProjectConfig,
): { dataset: Dataset; problems: Problem[] } {
  const { dataset: settings } = config;
  const faults = new ProblemList();
  const labels = makeLabelReader(table, config);
  const paths = findColumn(table, settings.path, 'dataset.path');
  const ids = settings.id === null ? undefined : findColumn(table, settings.id, 'dataset.id');
  const group = settings.group === null ? undefined : readReference(table, settings.group, 'dataset.group');
  const study = settings.study === null ? undefined : readReference(table, settings.study, 'dataset.study');
  const split =
    config.split.column === null ? undefined : findColumn(table, config.split.column, 'split.column');
  const metadata = metadataReader(table, config, labels);

  for (const { line, reason } of table.rejected) {
    faults.add('error', 'OVR200', () => ({
      message: `The row is no row of this table: ${reason}`,
      place: { file: table.file, row: line },
      fix: 'It is left out. Correct it in the table.',
    }));
  }
  const samples: Sample[] = [];
  const firstRow = new Map<string, number>();
  let withoutGroup = 0;
  for (let i = 0; i < table.rowCount; i++) {
    const row = table.lineOf(i);
    const place = (field: string) => ({ file: table.file, row, field });
    const samplePath = normalisePath(paths[i] ?? '');
    const id = ids ? normalisePath(ids[i] ?? '') : samplePath;
    if (samplePath === '' || id === '') {
      const column = samplePath === '' ? settings.path : (settings.id ?? '');
      faults.add('error', 'OVR204', () => ({
        message: `The row has no ${samplePath === '' ? 'image path' : 'id'}`,
        place: place(column),
        fix: 'It is left out. Fill the cell or delete the row.',
      }));
      continue;
    }
    const first = firstRow.get(id);
    if (first !== undefined) {
      faults.add('error', 'OVR203', () => ({
        message: `Rows ${first} and ${row} are the same sample: "${shownValue(id)}"`,
        place: place(settings.id ?? settings.path),
        expected: 'one row per sample',
        fix: `Row ${row} is left out. Delete one of the two, or set dataset.id to a column that tells them apart.`,
      }));
      continue;
    }
    const given = labels.read(i);
    if (!isLabels(given)) {
      faults.add('error', 'OVR204', () => describeLabelFault(given, place(given.column), config));
      continue;
    }
    const givenSplit = split ? parseSplit(split[i] ?? null) : null;
    if (givenSplit === undefined) {
      faults.add('error', 'OVR204', () => ({
        message: `"${shownValue(split?.[i] ?? '')}" is no part of the split`,
        place: place(config.split.column ?? ''),
        expected: 'train, validation or test',
        fix: 'The row is left out. Correct the cell.',
      }));
      continue;
    }
    const patient = group?.(i) ?? null;
    if (group && patient === null) withoutGroup++;
    firstRow.set(id, row);
    samples.push({
      id,
      path: samplePath,
      row,
      group: patient ?? id,
      study: study?.(i) ?? null,
      given,
      givenSplit,
      metadata: metadata.read(i),
    });
  }
  if (samples.length === 0) {
    const first = faults.problems[0];
    throw new OverreadError({
      code: 'OVR202',
      message: `None of the ${table.rowCount + table.rejected.length} rows of the table can be used. The first fault: ${first?.message ?? ''}`,
      place: first?.place ?? { file: table.file },
      ...(first?.expected === undefined ? {} : { expected: first.expected }),
    });
  }
  reportGroups(faults, table, config, withoutGroup);
  reportOtherEntries(faults, table, config, labels);
  return {
    dataset: {
      task: config.labels.task,
      findings: labels.findings,
      samples,
      metadataColumns: metadata.columns,
    },
    problems: faults.problems,
  };
}

function isLabels(given: readonly LabelValue[] | LabelFault): given is readonly LabelValue[] {
  return Array.isArray(given);
}

/** Every column that has no other meaning is metadata. */
function metadataReader(table: TextTable, config: ProjectConfig, labels: LabelReader) {
  const { path: pathColumn, id, group, study } = config.dataset;
  const used = new Set<string | null>([
    pathColumn,
    id,
    group === null ? null : columnOf(group),
    study === null ? null : columnOf(study),
    config.split.column,
    ...labels.columns,
  ]);
  const columns = table.names.filter((name) => !used.has(name));
  const cells = columns.map((name) => table.columns[table.names.indexOf(name)] ?? []);
  const read = (row: number): Record<string, string> => {
    const values: Record<string, string> = {};
    for (let c = 0; c < columns.length; c++) {
      const value = cells[c]![row];
      if (value !== null && value !== undefined) values[columns[c]!] = value;
    }
    return values;
  };
  return { columns, read };
}

const splitNames: ReadonlyMap<string, Split> = new Map([
  ...['train', 'training', 'tr'].map((name) => [name, 'train'] as const),
  ...['validation', 'valid', 'val', 'validate', 'dev', 'tune'].map((name) => [name, 'validation'] as const),
  ...['test', 'testing', 'holdout'].map((name) => [name, 'test'] as const),
]);

/** The part that a cell of an existing split column names; null where it is empty, undefined where it is no part. */
export function parseSplit(text: string | null): Split | null | undefined {
  const name = text?.trim().toLowerCase() ?? '';
  return name === '' ? null : splitNames.get(name);
}

function describeLabelFault(
  fault: LabelFault,
  place: { file: string; row: number; field: string },
  config: ProjectConfig,
) {
  const kind = config.labels.task === 'multi-class' ? 'class' : `value of "${fault.column}"`;
  const hint = didYouMean(fault.text, fault.expected);
  if (config.labels.task === 'multi-class' && isReservedClass(fault.text)) {
    return {
      message: `"${fault.text}" can be no class: it is the answer of a reader who cannot tell`,
      place,
      expected: fault.expected.join(', '),
      fix: `The row is left out. Map it with labels.values ("${fault.text}": null), then mark such images in the review (U) or with overread label DIR SAMPLE uncertain.`,
    };
  }
  return {
    message: `"${shownValue(fault.text)}" is no ${kind}`,
    place,
    expected: fault.expected.join(', '),
    fix: `${hint === '' ? '' : `${hint} `}The row is left out. Correct the cell, or map its text with labels.values.`,
  };
}

function reportGroups(
  faults: ProblemList,
  table: TextTable,
  config: ProjectConfig,
  withoutGroup: number,
): void {
  const { group } = config.dataset;
  if (group === null) {
    faults.add('warning', 'OVR210', () => ({
      message: 'No patient column is configured, so every image counts as its own patient',
      place: { file: 'overread.yaml', field: 'dataset.group' },
      fix: 'If patients have several images, name their column in dataset.group: else the same patient may be in training and test.',
    }));
  } else if (withoutGroup > 0) {
    faults.add('warning', 'OVR210', () => ({
      message: `${withoutGroup} rows name no patient; each counts as its own`,
      place: { file: table.file, field: columnOf(group) },
    }));
  }
}

function reportOtherEntries(
  faults: ProblemList,
  table: TextTable,
  config: ProjectConfig,
  labels: LabelReader,
): void {
  if (labels.otherEntries.size === 0) return;
  const entries = [...labels.otherEntries].sort(([, a], [, b]) => b - a);
  const listed = entries.slice(0, 20).map(([name, count]) => `${name} (${count})`);
  faults.add('info', 'OVR204', () => ({
    message: `Entries that are no configured finding are ignored: ${listed.join(', ')}${entries.length > 20 ? ', …' : ''}`,
    place: { file: table.file, field: config.labels.column ?? '' },
    fix: 'Add them to labels.findings to train on them.',
  }));
}
