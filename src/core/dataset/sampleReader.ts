/** One row of the user's table as a sample, or as the fault that leaves it out. */
import { frameGroup } from '../images/frameReference';
import { normalisePath } from '../base/files';
import { didYouMean } from '../base/suggest';
import { shownValue } from '../base/visibleText';
import type { ProjectConfig } from '../config/config';
import { isReservedClass } from '../config/model';
import { isMissing, isNobody } from '../table/cellText';
import { columnOf, findColumn, readPaths, readReference } from '../table/columns';
import type { TextTable } from '../table/table';
import type { LabelFault, LabelReader } from './givenLabels';
import { makeSplitReader } from './givenSplit';
import type { LabelValue, Sample } from './model';
import type { ProblemList } from './problemList';
import { columnsThatVary, type RepeatedRows } from './repeatedRows';
import type { TableReadings } from './tableReadings';

/** Where rows go that name a sample which another row names, too. */
export interface SeveralRows {
  readonly repeats: RepeatedRows;
  /** Takes every row instead, where rows are readings. */
  readonly readings: TableReadings | undefined;
}

/** Reads the rows of a table in their order; a row that stands for a sample read before is left out. */
export class SampleReader {
  /** Columns that have no other meaning. */
  readonly metadataColumns: readonly string[];
  /** Samples read whose row names no patient, though there is a column for it. */
  withoutGroup = 0;
  private readonly known = new Map<string, Sample>();
  private readonly paths;
  private readonly ids;
  private readonly group;
  private readonly study;
  private readonly split;
  private readonly readers;
  private readonly metadata;

  /**
   * @param several takes the rows that name a sample again, or every row as the reading of its reader
   * @param faults takes what is wrong with rows
   * @throws OVR201 a column that the configuration names is not there
   */
  constructor(
    private readonly table: TextTable,
    private readonly config: ProjectConfig,
    private readonly labels: LabelReader,
    private readonly several: SeveralRows,
    private readonly faults: ProblemList,
  ) {
    const { path, id, group, study } = config.dataset;
    this.paths = readPaths(table, path, 'dataset.path');
    this.ids = id === null ? undefined : findColumn(table, id, 'dataset.id');
    this.group = group === null ? undefined : readReference(table, group, 'dataset.group');
    this.study = study === null ? undefined : readReference(table, study, 'dataset.study');
    this.split = makeSplitReader(table, config);
    const { reader, rows } = config.labels;
    this.readers =
      several.readings && reader !== null ? findColumn(table, reader, 'labels.reader') : undefined;
    const ofTheRow = rows === 'one' ? [] : columnsThatVary(table, (i) => this.idOf(i));
    const ofReader = this.readers && reader !== null ? [reader] : [];
    this.metadata = metadataReader(table, config, [
      ...this.split.columns,
      ...labels.columns,
      ...ofTheRow,
      ...ofReader,
    ]);
    this.metadataColumns = this.metadata.columns;
  }

  /** The sample of a row; undefined where the row has a fault, which is noted. @param i its index in the table */
  read(i: number): Sample | undefined {
    const row = this.table.lineOf(i);
    const path = normalisePath(this.paths[i]?.trim() ?? '');
    const id = this.ids ? this.idOf(i) : path;
    if (path === '' || id === '') {
      this.refuseNameless(row, path === '');
      return undefined;
    }
    const given = this.labels.read(i);
    if (!isLabels(given)) {
      this.refuse(row, given.column, () => describeLabelFault(given, this.config));
      return undefined;
    }
    const reader = this.readers?.[i]?.trim() ?? '';
    if (this.readers && isNobody(reader)) {
      this.refuse(row, this.config.labels.reader ?? '', () => ({
        message: 'The row names no reader',
        expected: 'a name in each row, because labels.rows is readings',
        fix: 'It is left out. Fill the cell or delete the row.',
      }));
      return undefined;
    }
    const known = this.known.get(id);
    if (known) {
      if (this.several.readings) this.several.readings.add(id, reader, row, given);
      else this.several.repeats.add(known, row, given);
      return undefined;
    }
    const givenSplit = this.split.read(i);
    if (givenSplit === undefined) {
      this.refuse(row, this.split.columns.join(', '), () => ({
        message: `"${shownValue(this.split.textOf(i))}" is no part of the split`,
        expected: 'train, validation or test',
        fix: 'The row is left out. Correct the cell, or map its text with split.values.',
      }));
      return undefined;
    }
    const named = this.group?.(i) ?? null;
    const patient = isNobody(named) ? null : named;
    if (this.group && patient === null) this.withoutGroup++;
    const sample: Sample = {
      id,
      path,
      row,
      group: patient ?? frameGroup(path, id),
      study: this.studyOf(i),
      given,
      givenSplit,
      metadata: this.metadata.read(i),
    };
    this.known.set(id, sample);
    this.several.readings?.add(id, reader, row, given);
    return sample;
  }

  private idOf(i: number): string {
    return normalisePath((this.ids ?? this.paths)[i]?.trim() ?? '');
  }

  private studyOf(i: number): string | null {
    const study = this.study?.(i) ?? null;
    return isMissing(study) ? null : study;
  }

  private refuseNameless(row: number, withoutPath: boolean): void {
    const { path, id } = this.config.dataset;
    this.refuse(row, withoutPath ? path : (id ?? ''), () => ({
      message: `The row has no ${withoutPath ? 'image path' : 'id'}`,
      fix: 'It is left out. Fill the cell or delete the row.',
    }));
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
function metadataReader(table: TextTable, config: ProjectConfig, taken: readonly string[]) {
  const { path: pathColumn, id, group, study } = config.dataset;
  const used = new Set<string | null>([
    pathColumn,
    id,
    group === null ? null : columnOf(group),
    study === null ? null : columnOf(study),
    ...taken,
  ]);
  const columns = table.names
    .filter((name) => !used.has(name))
    .map((name) => ({ name, cells: table.columns[table.names.indexOf(name)] ?? [] }));
  const read = (row: number): Record<string, string> => {
    const values: Record<string, string> = {};
    for (const { name, cells } of columns) {
      const value = cells[row]?.trim() ?? '';
      if (value !== '') values[name] = value;
    }
    return values;
  };
  return { columns: columns.map(({ name }) => name), read };
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
