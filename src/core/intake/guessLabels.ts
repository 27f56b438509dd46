/** Guesses where the labels are: one column of classes, one column of lists, or a column per finding. */
import type { ColumnFacts } from './columnFacts';
import { naturally } from '../images/imageTree';
import type { ColumnChoices } from './guessColumns';

export type LabelGuess =
  | {
      readonly kind: 'classes';
      readonly column: string;
      readonly classes: readonly string[];
      readonly because: string;
    }
  | {
      readonly kind: 'list';
      readonly column: string;
      readonly separator: string;
      readonly none: string | undefined;
      readonly findings: readonly string[];
      readonly because: string;
    }
  | { readonly kind: 'columns'; readonly findings: readonly string[]; readonly because: string };

const labelNames = [
  'label', 'labels', 'class', 'classname', 'classlabel', 'target', 'diagnosis', 'dx', 'category', 'findinglabels',
  'findings', 'finding', 'groundtruth', 'gt', 'y', 'grade', 'severity',
]; // prettier-ignore

/** Columns of numbers or yes and no that say something else about an image. */
const otherNames =
  /^(?:age|sex|gender|male|female|view|frontal|lateral|followup|height|width|rows|columns|fold|id|index|unnamed|column\d+|.*id)$/;

/** More distinct texts than this are no classes. */
const mostClasses = 100;
const separators = ['|', ';', ','] as const;

/**
 * @param free the columns that have no other meaning
 * @param all every column, for those that the user names
 */
export function guessLabels(
  free: readonly ColumnFacts[],
  all: readonly ColumnFacts[],
  choices: ColumnChoices,
): LabelGuess | undefined {
  if (choices.label !== undefined) {
    const column = all.find(({ name }) => name === choices.label);
    // A column that is not there is reported when the table is read with it.
    if (!column) return { kind: 'classes', column: choices.label, classes: ['?'], because: 'you said so' };
    return fromOneColumn(column, choices, 'you said so');
  }
  if (choices.findings && choices.findings.length > 0) {
    return { kind: 'columns', findings: choices.findings, because: 'you said so' };
  }
  for (const name of labelNames) {
    const column = free.find(
      (candidate) => candidate.plainName === name && candidate.distinct > 0 && candidate.imageNames < 0.5,
    );
    const guess = column && fromOneColumn(column, choices, 'of its name');
    if (guess) return guess;
  }
  const findings = free.filter((column) => column.isFinding && !otherNames.test(column.plainName));
  if (findings.length > 1) {
    return {
      kind: 'columns',
      findings: findings.map(({ name }) => name),
      because: `these ${findings.length} columns hold only 1, 0, -1 or nothing`,
    };
  }
  const [single] = findings;
  if (single && single.distinct > 1) {
    return fromOneColumn(single, choices, 'it is the only column of 1 and 0');
  }
  const few = free.filter(
    (column) =>
      column.distinct > 1 &&
      column.distinct <= 20 &&
      column.filled > 0.9 &&
      !otherNames.test(column.plainName),
  );
  const [only] = few;
  return few.length === 1 && only
    ? fromOneColumn(only, choices, 'it is the only column with a few distinct texts')
    : undefined;
}

function fromOneColumn(column: ColumnFacts, choices: ColumnChoices, because: string): LabelGuess | undefined {
  const separator = choices.separator ?? separators.find((candidate) => isList(column, candidate));
  if (separator !== undefined) {
    const entries = countEntries(column, separator);
    const none = [...entries.keys()].find((entry) =>
      /^(?:no[ _-]?findings?|normal|none|healthy|negative)$/i.test(entry),
    );
    const findings =
      choices.findings ?? [...entries.keys()].filter((entry) => entry !== none).sort(naturally);
    return {
      kind: 'list',
      column: column.name,
      separator,
      none,
      findings,
      because: `${because}, and its cells are lists such as ${example(column, separator)}`,
    };
  }
  if (column.distinct > mostClasses) return undefined;
  const classes = [...new Set(column.values.map((value) => value.trim()))];
  return {
    kind: 'classes',
    column: column.name,
    classes,
    because: `${because}; ${classes.length} distinct texts`,
  };
}

/** A list column has cells with the separator, and far fewer distinct entries than distinct cells. */
function isList(column: ColumnFacts, separator: string): boolean {
  const filled = column.cells.filter((cell) => cell !== null);
  const withSeparator = filled.filter((cell) => cell.includes(separator));
  if (withSeparator.length < Math.max(1, 0.002 * filled.length)) return false;
  const entries = countEntries(column, separator);
  return entries.size <= mostClasses && entries.size <= column.distinct;
}

function countEntries(column: ColumnFacts, separator: string): Map<string, number> {
  const counts = new Map<string, number>();
  for (const cell of column.cells) {
    for (const part of cell?.split(separator) ?? []) {
      const entry = part.trim();
      if (entry !== '') counts.set(entry, (counts.get(entry) ?? 0) + 1);
    }
  }
  return counts;
}

function example(column: ColumnFacts, separator: string): string {
  return column.cells.find((cell) => cell?.includes(separator)) ?? column.example;
}
