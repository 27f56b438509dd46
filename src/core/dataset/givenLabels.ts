/** What the table says about each image, as values of the findings. */
import type { ProjectConfig } from '../config/config';
import { labelColumn } from '../config/config';
import { findColumn } from '../table/columns';
import { classFinding, type Finding, type LabelValue } from './model';
import type { TextTable } from '../table/table';

/** A cell that is no value of its finding. */
export interface LabelFault {
  readonly column: string;
  readonly text: string;
  readonly expected: readonly string[];
}

/** The given labels of a row, one per finding, or what is wrong with the first wrong one. */
export type ReadLabels = (row: number) => readonly LabelValue[] | LabelFault;

/** How the labels of a table are read. */
export interface LabelReader {
  readonly findings: readonly Finding[];
  /** The columns that labels are read from: they are no metadata. */
  readonly columns: readonly string[];
  readonly read: ReadLabels;
  /** Entries of a list column that are no configured finding, with their counts; filled while rows are read. */
  readonly otherEntries: ReadonlyMap<string, number>;
}

type ValueMap = Readonly<Record<string, string | number | null>>;

/** Spellings of the three values in finding columns; pandas writes 1.0 where a column has blanks. */
const multiLabelValues: ReadonlyMap<string, string> = new Map([
  ...['1', '1.0', 'true', 'yes', 'positive', 'present'].map((text) => [text, '1'] as const),
  ...['0', '0.0', 'false', 'no', 'negative', 'absent'].map((text) => [text, '0'] as const),
  ...['-1', '-1.0', 'uncertain'].map((text) => [text, 'uncertain'] as const),
]);

/** @throws OverreadError OVR201 when a column is missing */
export function makeLabelReader(table: TextTable, config: ProjectConfig): LabelReader {
  if (config.labels.task === 'multi-class') return readClasses(table, config);
  const column = labelColumn(config);
  return column === null ? readFindingColumns(table, config) : readFindingList(table, config, column);
}

/** multi-class: one column; an empty cell is unlabelled. */
function readClasses(table: TextTable, config: ProjectConfig): LabelReader {
  const classes = config.labels.classes ?? [];
  const name = labelColumn(config) ?? 'label';
  const cells = findColumn(table, name, 'labels.column');
  // One shared array per distinct text: 100,000 rows need not hold 100,000 of them.
  const known = new Map<string, readonly LabelValue[] | LabelFault>();
  const mapped = valueOf(config.labels.values);
  const read: ReadLabels = (row) => {
    const text = cells[row]?.trim() ?? '';
    let labels = known.get(text);
    if (!labels) {
      const value = text === '' ? null : mapped(text);
      const fits = value === null || classes.includes(value);
      labels = fits ? [value] : { column: name, text, expected: classes };
      known.set(text, labels);
    }
    return labels;
  };
  const finding: Finding = {
    name: classFinding,
    values: [...classes],
    uncertain: 'masked',
    unmentioned: 'masked',
  };
  return { findings: [finding], columns: [name], read, otherEntries: new Map() };
}

/** multi-label: a column per finding with 1, 0, -1 or nothing (CheXpert). */
function readFindingColumns(table: TextTable, config: ProjectConfig): LabelReader {
  const settings = findingSettings(config);
  const findings = settings.map(({ column, values }) => ({
    column,
    values,
    cells: findColumn(table, column, 'labels.findings'),
    known: new Map<string, LabelValue>(),
  }));
  const read: ReadLabels = (row) => {
    const labels: LabelValue[] = [];
    for (const { column, values, cells, known } of findings) {
      const text = cells[row]?.trim() ?? '';
      let value = known.get(text);
      if (value === undefined) {
        const mapped = text === '' && !(values && '' in values) ? null : multiLabelValue(text, values);
        if (mapped === undefined) return { column, text, expected: ['1', '0', '-1 (uncertain)', 'nothing'] };
        known.set(text, (value = mapped));
      }
      labels.push(value);
    }
    return labels;
  };
  return {
    findings: settings.map(({ finding }) => finding),
    columns: settings.map(({ column }) => column),
    read,
    otherEntries: new Map(),
  };
}

/**
 * multi-label: one column that lists the findings present (NIH). What a list does not name is 0: the list is of
 * what is there. An empty cell mentions nothing at all.
 */
function readFindingList(table: TextTable, config: ProjectConfig, name: string): LabelReader {
  const settings = findingSettings(config);
  const cells = findColumn(table, name, 'labels.column');
  const { separator, none } = config.labels;
  const indexOf = new Map(settings.map(({ column }, i) => [column, i]));
  const known = new Map<
    string,
    { readonly labels: readonly LabelValue[]; readonly others: readonly string[] }
  >();
  const otherEntries = new Map<string, number>();
  const parse = (text: string): { labels: readonly LabelValue[]; others: readonly string[] } => {
    const entries = text
      .split(separator)
      .map((entry) => entry.trim())
      .filter((entry) => entry !== '');
    const labels: LabelValue[] = settings.map(() => (entries.length === 0 ? null : '0'));
    const others: string[] = [];
    for (const entry of entries) {
      const index = indexOf.get(entry);
      if (index !== undefined) labels[index] = '1';
      else if (entry !== none) others.push(entry);
    }
    return { labels, others };
  };
  const read: ReadLabels = (row) => {
    const text = cells[row] ?? '';
    let entry = known.get(text);
    if (!entry) known.set(text, (entry = parse(text)));
    for (const other of entry.others) otherEntries.set(other, (otherEntries.get(other) ?? 0) + 1);
    return entry.labels;
  };
  return { findings: settings.map(({ finding }) => finding), columns: [name], read, otherEntries };
}

function findingSettings(config: ProjectConfig) {
  const { labels } = config;
  return (labels.findings ?? []).map((entry) => {
    const own = typeof entry === 'string' ? { name: entry } : entry;
    const finding: Finding = {
      name: own.name,
      values: ['0', '1', 'uncertain'],
      uncertain: own.uncertain ?? labels.uncertain,
      unmentioned: own.unmentioned ?? labels.unmentioned,
    };
    const values: ValueMap | undefined = own.values ?? labels.values;
    return { finding, column: own.column ?? own.name, values };
  });
}

function valueOf(values: ValueMap | undefined): (text: string) => LabelValue {
  if (!values) return (text) => text;
  return (text) => {
    if (!Object.hasOwn(values, text)) return text;
    const value = values[text] ?? null;
    return value === null ? null : String(value);
  };
}

function multiLabelValue(text: string, values: ValueMap | undefined): LabelValue | undefined {
  if (values && Object.hasOwn(values, text)) {
    const value = values[text] ?? null;
    return value === null ? null : String(value);
  }
  return multiLabelValues.get(text.toLowerCase());
}
