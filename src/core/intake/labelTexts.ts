/** What the texts of label columns are: classes, lists, run lengths of masks, or one 1 in every row. */
import { findingValue } from '../dataset/givenLabels';
import { naturally } from '../images/imageTree';
import { isBracketed, listEntries, plainText } from '../table/cellText';
import type { ColumnFacts } from './columnFacts';
import { noneNames } from './guessRows';

interface ClassColumn {
  readonly column: string;
  readonly classes: readonly string[];
  /** What other texts of the column stand for. */
  readonly values?: Readonly<Record<string, string>>;
  readonly because: string;
}

export type LabelGuess =
  | (ClassColumn & { readonly kind: 'classes' })
  | (ClassColumn & { readonly kind: 'mask' })
  | {
      readonly kind: 'list';
      readonly column: string;
      readonly separator: string;
      readonly none: string | undefined;
      readonly findings: readonly string[];
      readonly because: string;
    }
  | { readonly kind: 'one-hot'; readonly classes: readonly string[]; readonly because: string }
  | { readonly kind: 'columns'; readonly findings: readonly string[]; readonly because: string };

/** More distinct texts than this are no classes. */
export const mostClasses = 100;
/** What may stand between the entries of a list. */
export const separators = ['|', ';', ','] as const;
const maskText = /^\d+ \d+(?: \d+ \d+)*$/;

/** Share of rows that may be slips where all others have exactly one 1. */
export const fewSlips = 0.01;

/**
 * Rows with another number of 1 than one, or with something that is neither 1 nor 0. Counted no further than to where
 * they are more than slips.
 */
export function exclusiveRows(findings: readonly ColumnFacts[]): {
  odd: number;
  first: number;
  rows: number;
} {
  const rows = findings[0]?.cells.length ?? 0;
  let odd = 0;
  let first = -1;
  for (let row = 0; row < rows && odd <= fewSlips * rows; row++) {
    let ones = 0;
    let others = 0;
    for (const { cells } of findings) {
      const value = findingValue(cells[row] ?? '');
      if (value === '1') ones++;
      else if (value !== '0') others++;
    }
    if (ones === 1 && others === 0) continue;
    odd++;
    if (first < 0) first = row;
  }
  return { odd, first, rows };
}

/** Run lengths, `start length start length`, beside -1 or nothing for images without a mask (SIIM-ACR). */
export function isMaskColumn(column: ColumnFacts): boolean {
  const texts = [...column.counts.keys()];
  return (
    texts.some((text) => maskText.test(text)) && texts.every((text) => maskText.test(text) || text === '-1')
  );
}

/** The label that such a column gives. */
export function masks(column: ColumnFacts, because: string): LabelGuess {
  const empty = column.cells.some((cell) => cell === null);
  return {
    kind: 'mask',
    column: column.name,
    classes: ['no mask', 'mask'],
    values: { ...(empty ? { '': 'no mask' } : {}), '-1': 'no mask', '*': 'mask' },
    because: `${because}, and its cells are run lengths of masks or -1: the label is whether there is a mask`,
  };
}

/** The findings that the cells of a list column name. */
export function fromList(
  column: ColumnFacts,
  separator: string,
  asked: readonly string[] | undefined,
  because: string,
): LabelGuess {
  const entries = [...new Set([...column.counts.keys()].flatMap((text) => listEntries(text, separator)))];
  const none = entries.find((entry) => noneNames.test(entry));
  return {
    kind: 'list',
    column: column.name,
    separator,
    none,
    findings: asked ?? entries.filter((entry) => entry !== none).sort(naturally),
    because: `${because}, and its cells are lists such as ${example(column, separator)}`,
  };
}

/** Lists of Python that hold one entry each, `['N']`: one class an image. Undefined where a column is none of these. */
export function fromSingleEntries(column: ColumnFacts, because: string): LabelGuess | undefined {
  const texts = [...column.counts.keys()];
  if (column.distinct < 2 || column.distinct > mostClasses || !texts.every(isBracketed)) return undefined;
  const entries = texts.map((text) => [text, ...listEntries(text, ',')]);
  if (entries.some(({ length }) => length !== 2)) return undefined;
  const values = Object.fromEntries(entries.map(([text = '', entry = '']) => [text, entry]));
  const classes = [...new Set(Object.values(values))].sort(naturally);
  const counted = `${classes.length} distinct entries, one in each list`;
  return { kind: 'classes', column: column.name, classes, values, because: `${because}; ${counted}` };
}

/**
 * A list column has cells with the separator, far fewer distinct entries than distinct cells, and, but for the bar,
 * which is in no name, entries that also stand alone or beside others: "Pneumonia, viral" is one class.
 */
export function isList(column: ColumnFacts, separator: string): boolean {
  const texts = [...column.counts];
  const compound = texts.filter(([text]) => text.includes(separator));
  const all = texts.reduce((sum, [, count]) => sum + count, 0);
  if (compound.reduce((sum, [, count]) => sum + count, 0) < Math.max(1, 0.002 * all)) return false;
  const entries = new Set(texts.flatMap(([text]) => listEntries(text, separator)));
  if (entries.size > mostClasses || entries.size > column.distinct) return false;
  return (
    separator === '|' ||
    entriesStandAlone(
      column,
      compound.map(([text]) => text),
      separator,
    )
  );
}

function entriesStandAlone(column: ColumnFacts, compound: readonly string[], separator: string): boolean {
  const lists = new Map<string, number>();
  for (const text of compound) {
    for (const entry of new Set(listEntries(text, separator))) lists.set(entry, (lists.get(entry) ?? 0) + 1);
  }
  const supported = [...lists].filter(([entry, count]) => column.counts.has(entry) || count > 1);
  return supported.length >= 0.9 * lists.size;
}

/** Texts that are the same but for case, spaces or the spelling of a number: the most frequent stands for all. */
export function joinSpellings(column: ColumnFacts): {
  readonly classes: readonly string[];
  readonly values: Readonly<Record<string, string>>;
} {
  const best = new Map<string, string>();
  const count = (text: string): number => column.counts.get(text) ?? 0;
  for (const text of column.values) {
    const known = best.get(plainText(text));
    if (known === undefined || count(text) > count(known)) best.set(plainText(text), text);
  }
  const classes = column.values.filter((text) => best.get(plainText(text)) === text);
  const others = column.values.filter((text) => best.get(plainText(text)) !== text);
  return {
    classes,
    values: Object.fromEntries(others.map((text) => [text, best.get(plainText(text)) ?? text])),
  };
}

function example(column: ColumnFacts, separator: string): string {
  return [...column.counts.keys()].find((text) => text.includes(separator)) ?? column.example;
}
