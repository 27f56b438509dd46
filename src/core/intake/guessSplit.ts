/** Which columns divide a table into training, validation and test part, and how. */
import { OverreadError } from '../base/errors';
import type { ProjectConfig } from '../config/config';
import { findingValue } from '../dataset/givenLabels';
import { parseSplit } from '../dataset/givenSplit';
import { splits, type Split } from '../dataset/model';
import { cellNumber } from '../table/cellText';
import { naturally } from '../images/imageTree';
import { plainName, type ColumnFacts } from './columnFacts';
import type { Choice, ColumnChoices, Doubt } from './guessColumns';

type SplitColumn = ProjectConfig['split']['column'];
type SplitValues = Readonly<Record<string, Split | null>>;

export interface SplitGuess extends Choice<SplitColumn> {
  /** What the texts of the column stand for, where they are no words for parts. */
  readonly values?: SplitValues;
  /** A column that may be a split and is not understood, or a guess that needs a look. */
  readonly doubt?: Doubt;
}

const surelySplit = ['split', 'subset', 'partition', 'phase', 'splits', 'datasplit', 'usage'];
const splitNames = [...surelySplit, 'set', 'part', 'dataset', 'fold', 'group'];
const foldNames = /^(?:k?folds?|cv|cvfold|foldid|foldno|kfold\d*)$/;
/** Columns of 1 and 0 that say whether a row is in one part. */
const partNames: readonly (readonly [Split, RegExp])[] = [
  ['train', /^(?:is|in)?(?:train|training|trn|trainset|trainingset)$/],
  ['validation', /^(?:is|in)?(?:val|valid|validation|dev|valset|validationset)$/],
  ['test', /^(?:is|in)?(?:test|testing|tst|testset|holdout)$/],
];

/** Whether a column's name speaks of a part of the split: such a column is no finding. */
export function namesAPart(column: ColumnFacts): boolean {
  return partNames.some(([, pattern]) => pattern.test(column.plainName)) || foldNames.test(column.plainName);
}

/** @throws OverreadError OVR104 the cells of the column that was asked for name no parts */
export function guessSplit(columns: readonly ColumnFacts[], choices: ColumnChoices): SplitGuess {
  if (choices.split === null) return { value: null, because: 'you said so' };
  if (choices.split !== undefined) return askedSplit(columns, choices.split, choices.splitValues);
  const found =
    fromPartColumns(columns) ?? fromOnePart(columns) ?? fromWords(columns) ?? fromNumbers(columns);
  if (found) return found;
  const doubt = doubtful(columns);
  return {
    value: null,
    because: 'no column holds a split: Overread makes one by patient',
    ...(doubt ? { doubt } : {}),
  };
}

function askedSplit(
  columns: readonly ColumnFacts[],
  name: string,
  values: SplitValues | undefined,
): SplitGuess {
  const column = columns.find((one) => one.name === name);
  // A column that is not there is reported when the table is read with it.
  if (values || !column || column.isSplit) {
    return { value: name, because: 'you said so', ...(values ? { values } : {}) };
  }
  const found = fromOnePart([column]) ?? numberedParts(column, true);
  if (found) return found;
  throw new OverreadError({
    code: 'OVR104',
    message: `The cells of "${name}" name no part of a split: ${column.values.slice(0, 10).join(', ')}`,
    place: { field: name },
    expected: 'train, validation or test',
    fix: `Say which is which with --split-values, for instance ${exampleOf(column)}.`,
  });
}

const exampleOf = (column: ColumnFacts): string =>
  column.values
    .slice(0, 3)
    .map((text, i) => `${text}=${splits[(i + 2) % 3] ?? 'train'}`)
    .join(',');

/** A column of 1 and 0 for each part. */
function fromPartColumns(columns: readonly ColumnFacts[]): SplitGuess | undefined {
  const found = partNames.flatMap(([part, pattern]) => {
    const column = columns.find((one) => one.isFinding && pattern.test(one.plainName));
    return column ? [{ part, column }] : [];
  });
  if (found.length < 2) return undefined;
  const rows = found[0]?.column.cells.length ?? 0;
  for (let row = 0; row < rows; row++) {
    if (found.filter(({ column }) => findingValue(column.cells[row] ?? '') === '1').length > 1)
      return undefined;
  }
  return {
    value: Object.fromEntries(found.map(({ part, column }) => [part, column.name])),
    because: `a column of 1 and 0 for each part, at most one 1 in a row`,
  };
}

/** One column that says whether a row is in one part: the others are training, or test where it says what is training. */
function fromOnePart(columns: readonly ColumnFacts[]): SplitGuess | undefined {
  for (const [part, pattern] of partNames) {
    const column = columns.find(
      (one) =>
        one.isFinding &&
        one.distinct === 2 &&
        /^(?:is|in)/.test(one.plainName) &&
        pattern.test(one.plainName),
    );
    if (!column) continue;
    const other: Split = part === 'train' ? 'test' : 'train';
    const values = Object.fromEntries(
      column.values.map((text) => [text, findingValue(text) === '1' ? part : other]),
    );
    return {
      value: column.name,
      values,
      because: `its name says what its cells mean: ${describe(values)}; no image is in a third part`,
    };
  }
  return undefined;
}

function fromWords(columns: readonly ColumnFacts[]): SplitGuess | undefined {
  const found = columns.find((column) => isSplitName(column) && column.isSplit && column.distinct > 1);
  return found && { value: found.name, because: `its cells are ${found.values.slice(0, 4).join(', ')}` };
}

function fromNumbers(columns: readonly ColumnFacts[]): SplitGuess | undefined {
  for (const column of columns) {
    const surely = spelledOrder(column) !== undefined || surelySplit.includes(column.plainName);
    const guess = surely ? numberedParts(column, false) : undefined;
    if (guess) return guess;
  }
  return undefined;
}

const isSplitName = (column: ColumnFacts): boolean =>
  splitNames.includes(column.plainName) || spelledOrder(column) !== undefined;

/** The parts in the order in which a name spells them: `Train_Val_Test`. */
function spelledOrder({ name }: ColumnFacts): readonly Split[] | undefined {
  const words = name.split(/[^\p{L}\p{N}]+|(?<=\p{Ll})(?=\p{Lu})/u).map(plainName);
  const parts = words.flatMap((word) => parseSplit(word) ?? []);
  return parts.length > 1 && new Set(parts).size === parts.length ? parts : undefined;
}

/** Two or three numbers as parts: in the order of the name, else training first, the most of them, and a doubt. */
function numberedParts(column: ColumnFacts, asked: boolean): SplitGuess | undefined {
  const numbers = [...column.values].sort(naturally);
  if (numbers.length < 2 || numbers.some((text) => cellNumber(text) === undefined)) return undefined;
  const order = spelledOrder(column);
  const usual: readonly Split[] = numbers.length === 2 ? ['train', 'test'] : splits;
  const parts = order?.length === numbers.length ? order : usual;
  if (parts.length !== numbers.length) return undefined;
  const values = Object.fromEntries(numbers.map((text, i) => [text, parts[i] ?? 'train']));
  if (parts === order)
    return { value: column.name, values, because: `in the order of its name: ${describe(values)}` };
  const most = Math.max(...column.counts.values());
  if (!asked && column.counts.get(numbers[0] ?? '') !== most) return undefined;
  return {
    value: column.name,
    values,
    because: `a guess, because the first number is the most frequent: ${describe(values)}`,
    doubt: {
      message: `Numbers of "${column.name}" are taken as parts of the split: ${describe(values)}`,
      field: column.name,
      fix: `If that is wrong, use --split-values, for instance ${exampleOf(column)}, or correct split.values in overread.yaml.`,
    },
  };
}

const describe = (values: SplitValues): string =>
  Object.entries(values)
    .map(([text, part]) => `${text} is ${part ?? 'nothing'}`)
    .join(', ');

/** A column that is called like a split, and is not understood. */
function doubtful(columns: readonly ColumnFacts[]): Doubt | undefined {
  const column = columns.find(
    (one) =>
      one.distinct > 1 &&
      one.distinct <= 20 &&
      (foldNames.test(one.plainName) ||
        surelySplit.includes(one.plainName) ||
        spelledOrder(one) !== undefined ||
        (one.isFinding && namesAPart(one))),
  );
  if (!column) return undefined;
  const odd = column.values.filter((text) => !parseSplit(text));
  const cells = `${odd.slice(0, 6).join(', ')}${odd.length > 6 ? ', …' : ''}`;
  const isFold = foldNames.test(column.plainName);
  return {
    message: isFold
      ? `"${column.name}" holds folds (${cells}) and is not used: Overread makes its own split and folds, by patient`
      : `"${column.name}" looks like a split, but its cells (${cells}) name no part: it is not used`,
    field: column.name,
    fix: `To use it, say which part each text is: --split ${JSON.stringify(column.name)} --split-values ${exampleOf(column)}.`,
  };
}
