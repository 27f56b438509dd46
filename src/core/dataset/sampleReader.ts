/** One row of the user's table as a sample, or as the fault that leaves it out. */
import { normalisePath } from '../base/files';
import { didYouMean } from '../base/suggest';
import { shownValue } from '../base/visibleText';
import type { ProjectConfig } from '../config/config';
import { isReservedClass } from '../config/model';
import { columnOf, findColumn, readReference } from '../table/columns';
import type { TextTable } from '../table/table';
import type { LabelFault, LabelReader } from './givenLabels';
import type { LabelValue, Sample, Split } from './model';
import type { ProblemList } from './problemList';

/** Reads the rows of a table in their order; a row that stands for a sample read before is left out. */
export class SampleReader {
  /** Columns that have no other meaning. */
  readonly metadataColumns: readonly string[];
  /** Samples read whose row names no patient, though there is a column for it. */
  withoutGroup = 0;
  private readonly firstRow = new Map<string, number>();
  private readonly paths;
  private readonly ids;
  private readonly group;
  private readonly study;
  private readonly split;
  private readonly metadata;

  /**
   * @param faults takes what is wrong with rows
   * @throws OVR201 a column that the configuration names is not there
   */
  constructor(
    private readonly table: TextTable,
    private readonly config: ProjectConfig,
    private readonly labels: LabelReader,
    private readonly faults: ProblemList,
  ) {
    const { path, id, group, study } = config.dataset;
    const { column } = config.split;
    this.paths = findColumn(table, path, 'dataset.path');
    this.ids = id === null ? undefined : findColumn(table, id, 'dataset.id');
    this.group = group === null ? undefined : readReference(table, group, 'dataset.group');
    this.study = study === null ? undefined : readReference(table, study, 'dataset.study');
    this.split = column === null ? undefined : findColumn(table, column, 'split.column');
    this.metadata = metadataReader(table, config, labels);
    this.metadataColumns = this.metadata.columns;
  }

  /** The sample of a row; undefined where the row has a fault, which is noted. @param i its index in the table */
  read(i: number): Sample | undefined {
    const row = this.table.lineOf(i);
    const path = normalisePath(this.paths[i] ?? '');
    const id = this.ids ? normalisePath(this.ids[i] ?? '') : path;
    if (!this.isNew(id, path, row)) return undefined;
    const given = this.labels.read(i);
    if (!isLabels(given)) {
      this.refuse(row, given.column, () => describeLabelFault(given, this.config));
      return undefined;
    }
    const splitText = this.split?.[i] ?? null;
    const givenSplit = parseSplit(splitText);
    if (givenSplit === undefined) {
      this.refuse(row, this.config.split.column ?? '', () => ({
        message: `"${shownValue(splitText ?? '')}" is no part of the split`,
        expected: 'train, validation or test',
        fix: 'The row is left out. Correct the cell.',
      }));
      return undefined;
    }
    const patient = this.group?.(i) ?? null;
    if (this.group && patient === null) this.withoutGroup++;
    this.firstRow.set(id, row);
    return {
      id,
      path,
      row,
      group: patient ?? id,
      study: this.study?.(i) ?? null,
      given,
      givenSplit,
      metadata: this.metadata.read(i),
    };
  }

  /** Whether a row names a sample, and one that was not there before. */
  private isNew(id: string, path: string, row: number): boolean {
    const settings = this.config.dataset;
    if (path === '' || id === '') {
      this.refuse(row, path === '' ? settings.path : (settings.id ?? ''), () => ({
        message: `The row has no ${path === '' ? 'image path' : 'id'}`,
        fix: 'It is left out. Fill the cell or delete the row.',
      }));
      return false;
    }
    const first = this.firstRow.get(id);
    if (first === undefined) return true;
    const place = { file: this.table.file, row, field: settings.id ?? settings.path };
    this.faults.add('error', 'OVR203', () => ({
      message: `Rows ${first} and ${row} are the same sample: "${shownValue(id)}"`,
      place,
      expected: 'one row per sample',
      fix: `Row ${row} is left out. Delete one of the two, or set dataset.id to a column that tells them apart.`,
    }));
    return false;
  }

  /** Notes a cell that makes a row unusable. */
  private refuse(
    row: number,
    field: string,
    describe: () => { readonly message: string; readonly expected?: string; readonly fix: string },
  ): void {
    this.faults.add('error', 'OVR204', () => ({
      ...describe(),
      place: { file: this.table.file, row, field },
    }));
  }
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
  const columns = table.names
    .filter((name) => !used.has(name))
    .map((name) => ({ name, cells: table.columns[table.names.indexOf(name)] ?? [] }));
  const read = (row: number): Record<string, string> => {
    const values: Record<string, string> = {};
    for (const { name, cells } of columns) {
      const value = cells[row];
      if (value !== null && value !== undefined) values[name] = value;
    }
    return values;
  };
  return { columns: columns.map(({ name }) => name), read };
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

function describeLabelFault(fault: LabelFault, config: ProjectConfig) {
  const kind = config.labels.task === 'multi-class' ? 'class' : `value of "${fault.column}"`;
  const hint = didYouMean(fault.text, fault.expected);
  if (config.labels.task === 'multi-class' && isReservedClass(fault.text)) {
    return {
      message: `"${fault.text}" can be no class: it is the answer of a reader who cannot tell`,
      expected: fault.expected.join(', '),
      fix: `The row is left out. Map it with labels.values ("${fault.text}": null), then mark such images in the review (U) or with overread label DIR SAMPLE uncertain.`,
    };
  }
  return {
    message: `"${shownValue(fault.text)}" is no ${kind}`,
    expected: fault.expected.join(', '),
    fix: `${hint === '' ? '' : `${hint} `}The row is left out. Correct the cell, or map its text with labels.values.`,
  };
}
