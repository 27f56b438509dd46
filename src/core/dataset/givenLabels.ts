/** What the table says about each image, as values of the findings. */
import type { ProjectConfig } from '../config/config';
import { labelColumn } from '../config/config';
import { cellNumber, isBracketed, isMissing, listEntries } from '../table/cellText';
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

/** Words for the three values in finding columns. */
const multiLabelWords: ReadonlyMap<string, string> = new Map([
  ...['true', 'yes', 'positive', 'present'].map((text) => [text, '1'] as const),
  ...['false', 'no', 'negative', 'absent'].map((text) => [text, '0'] as const),
  ['uncertain', 'uncertain'] as const,
]);
/** Their numbers; pandas writes 1.0 where a column has blanks, others 1,0. */
const multiLabelNumbers: ReadonlyMap<number, string> = new Map([
  [1, '1'],
  [0, '0'],
  [-1, 'uncertain'],
]);

/** What a cell of a finding column says: `1`, `0`, `uncertain`, null for nothing; undefined where it is none of these. */
export function findingValue(text: string): LabelValue | undefined {
  if (isMissing(text)) return null;
  const number = cellNumber(text);
  return number === undefined
    ? multiLabelWords.get(text.trim().toLowerCase())
    : multiLabelNumbers.get(number);
}

/** @throws OverreadError OVR201 when a column is missing */
export function makeLabelReader(table: TextTable, config: ProjectConfig): LabelReader {
  if (config.labels.task === 'multi-class') {
    return config.labels.one_hot ? readOneHot(table, config) : readClasses(table, config);
  }
  const column = labelColumn(config);
  return column === null ? readFindingColumns(table, config) : readFindingList(table, config, column);
}

/** multi-class: one column; a cell that holds nothing is unlabelled. */
function readClasses(table: TextTable, config: ProjectConfig): LabelReader {
  const classes = config.labels.classes ?? [];
  const name = labelColumn(config) ?? 'label';
  const cells = findColumn(table, name, 'labels.column');
  // One shared array per distinct text: 100,000 rows need not hold 100,000 of them.
  const known = new Map<string, readonly LabelValue[] | LabelFault>();
  const valueOf = classReader(classes, config.labels.values);
  const read: ReadLabels = (row) => {
    const text = cells[row]?.trim() ?? '';
    let labels = known.get(text);
    if (!labels) {
      const value = valueOf(text);
      labels = value === undefined ? { column: name, text, expected: classes } : [value];
      known.set(text, labels);
    }
    return labels;
  };
  return { findings: [classesAsFinding(classes)], columns: [name], read, otherEntries: new Map() };
}

/** The key of `labels.values` that stands for every text that is not named. */
const everyOther = '*';

/** What a text stands for: as mapped, as a class is written, nothing, a class that is the same number, or the rest. */
function classReader(
  classes: readonly string[],
  values: ValueMap | undefined,
): (text: string) => LabelValue | undefined {
  const numbers = new Map(classes.map((name) => [cellNumber(name), name]));
  const mapped = (key: string): LabelValue | undefined => {
    if (!values || !Object.hasOwn(values, key)) return undefined;
    const value = values[key] ?? null;
    if (value === null) return null;
    return classes.includes(String(value)) ? String(value) : undefined;
  };
  return (text) => {
    if (values && Object.hasOwn(values, text)) return mapped(text);
    if (classes.includes(text)) return text;
    if (isMissing(text)) return null;
    const number = cellNumber(text);
    return (number === undefined ? undefined : numbers.get(number)) ?? mapped(everyOther);
  };
}

/** multi-class: a column per class, and 1 in one of them (ISIC). A row without any 1 is unlabelled. */
function readOneHot(table: TextTable, config: ProjectConfig): LabelReader {
  const classes = config.labels.classes ?? [];
  const columns = classes.map((name) => ({
    labels: [name],
    name,
    cells: findColumn(table, name, 'labels.classes'),
  }));
  const unlabelled = [null];
  const read: ReadLabels = (row) => {
    let found: (typeof columns)[number] | undefined;
    for (const column of columns) {
      const text = column.cells[row] ?? '';
      const value = findingValue(text);
      if (value === undefined || value === 'uncertain') {
        return { column: column.name, text, expected: ['1 in one column', '0 in the others'] };
      }
      if (value !== '1') continue;
      if (found) {
        const text = `${found.name} and ${column.name}`;
        return { column: column.name, text, expected: ['1 in one column', '0 in the others'] };
      }
      found = column;
    }
    return found?.labels ?? unlabelled;
  };
  return { findings: [classesAsFinding(classes)], columns: classes, read, otherEntries: new Map() };
}

function classesAsFinding(classes: readonly string[]): Finding {
  return { name: classFinding, values: [...classes], uncertain: 'masked', unmentioned: 'masked' };
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
    const whole = text.trim();
    const isNothing = isMissing(whole) && whole !== none && !indexOf.has(whole);
    const entries = isNothing ? [] : listEntries(whole, separator);
    // A list that is there and empty says that there is nothing; a cell without a list says nothing.
    const mentions = entries.length > 0 || isBracketed(whole);
    const labels: LabelValue[] = settings.map(() => (mentions ? '0' : null));
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

function multiLabelValue(text: string, values: ValueMap | undefined): LabelValue | undefined {
  if (values && Object.hasOwn(values, text)) {
    const value = values[text] ?? null;
    return value === null ? null : String(value);
  }
  return findingValue(text);
}
