/** Guesses what the columns of a table mean. Each guess says why, so that a person can see where it is wrong. */
import { splitColumns } from '../config/config';
import type { Split } from '../dataset/model';
import type { ColumnReference } from '../table/columns';
import type { ColumnFacts } from './columnFacts';
import { guessLabels } from './guessLabels';
import type { LabelGuess } from './labelTexts';
import { byName, chooseGroup, guessStudy } from './guessPatient';
import { chooseReader, guessRows, isBox, isReader, labelsOverRows, type RowsRule } from './guessRows';
import { guessSplit, type SplitGuess } from './guessSplit';

/** A guess, or a choice of the user, with its reason. */
export interface Choice<T> {
  readonly value: T;
  readonly because: string;
}

/** Something about a column that a person should look at. */
export interface Doubt {
  readonly message: string;
  readonly field: string;
  readonly fix: string;
}

/** A column that looked like something and is not used as such. */
export interface Ignored {
  readonly column: string;
  readonly because: string;
}

export interface ColumnGuesses {
  readonly path: Choice<string> | undefined;
  readonly id: Choice<string | null>;
  readonly group: Choice<ColumnReference | null>;
  readonly study: Choice<ColumnReference | null>;
  readonly split: SplitGuess;
  readonly labels: LabelGuess | undefined;
  readonly rows: Choice<RowsRule>;
  /** Whether an image stands in several rows. */
  readonly isRepeated: boolean;
  /** Who read a row, where rows are readings. */
  readonly reader?: Choice<string>;
  readonly doubts: readonly Doubt[];
  readonly ignored: readonly Ignored[];
}

/** What the user has said already; null means "there is none". */
export interface ColumnChoices {
  readonly path?: string;
  readonly id?: string | null;
  readonly group?: ColumnReference | null;
  /** The part of the group column's text that is the patient; of the path's where no column is named. */
  readonly groupPattern?: string;
  readonly study?: ColumnReference | null;
  readonly split?: string | null;
  /** What the texts of the split column stand for. */
  readonly splitValues?: Readonly<Record<string, Split | null>>;
  readonly label?: string;
  readonly findings?: readonly string[];
  readonly separator?: string;
  readonly rows?: RowsRule;
  /** The column that names the reader of a row; then rows are readings. */
  readonly reader?: string;
}

/** @throws OverreadError OVR104 a question that only a person can answer: see `guessSplit`, `guessRows` */
export function guessColumns(columns: readonly ColumnFacts[], choices: ColumnChoices = {}): ColumnGuesses {
  const path = choices.path === undefined ? guessPath(columns) : asked(choices.path);
  const pathFacts = columns.find(({ name }) => name === path?.value);
  const split = guessSplit(columns, choices);
  const group = chooseGroup(columns, pathFacts, choices);
  const study = choices.study === undefined ? guessStudy(columns, pathFacts) : asked(choices.study);
  const id = choices.id === undefined ? guessId(columns, pathFacts) : asked(choices.id);
  const taken = [
    path?.value,
    id.value,
    ...splitColumns(split.value),
    ...[group.value, study.value].map(nameOf),
  ];
  const free = columns.filter(({ name }) => !taken.includes(name));
  const found = guessLabels(free, columns, choices);
  const images = columns.find(({ name }) => name === (id.value ?? path?.value));
  const rows: Choice<RowsRule> = images
    ? guessRows(columns, images, found.labels, askedRows(choices))
    : { value: 'one', because: 'no column names images' };
  const reader = rows.value === 'readings' ? chooseReader(columns, choices.reader) : undefined;
  return {
    ...{ path, id, group, study, split, rows },
    isRepeated: images !== undefined && [...images.counts.values()].some((count) => count > 1),
    ...(reader ? { reader } : {}),
    labels:
      images && rows.value !== 'one'
        ? labelsOverRows(found.labels, columns, images, reader?.value)
        : found.labels,
    doubts: [...(split.doubt ? [split.doubt] : []), ...found.doubts],
    ignored: found.ignored,
  };
}

const askedRows = ({ rows, reader }: ColumnChoices): RowsRule | undefined =>
  rows ?? (reader === undefined ? undefined : 'readings');
const asked = <T>(value: T): Choice<T> => ({ value, because: 'you said so' });
const nameOf = (reference: ColumnReference | null): string | undefined =>
  reference === null ? undefined : typeof reference === 'string' ? reference : reference.column;

const pathNames = [
  'path', 'filepath', 'imagepath', 'file', 'filename', 'image', 'imagefile', 'imagefilename', 'imageindex',
  'imagename', 'img', 'imgpath', 'imageid', 'idcode', 'dicomid', 'images',
]; // prettier-ignore

function guessPath(columns: readonly ColumnFacts[]): Choice<string> | undefined {
  const [column] = pathsByLikelihood(columns);
  if (!column) return undefined;
  const because =
    column.imageNames >= 0.9 ? `its cells are names of images, such as ${column.example}` : 'of its name';
  return { value: column.name, because };
}

function pathsByLikelihood(columns: readonly ColumnFacts[]): ColumnFacts[] {
  const several = hasSeveralRows(columns);
  return columns
    .map((column) => {
      const named = pathNames.indexOf(column.plainName);
      const score =
        (column.imageNames >= 0.9 ? 4 : 0) +
        (named >= 0 ? 2 - named / 100 : 0) +
        (column.unique >= 0.9 ? 1 : 0);
      return { column, named: named >= 0, score };
    })
    .filter(({ column, named }) => column.imageNames >= 0.9 || (named && (column.unique >= 0.9 || several)))
    .sort((a, b) => b.score - a.score)
    .map(({ column }) => column);
}

/** Whether a table has a row for each box or reader: it names its images more than once. */
function hasSeveralRows(columns: readonly ColumnFacts[]): boolean {
  return columns.some(isReader) || columns.filter(isBox).length > 1;
}

/** The columns that may be paths, the likeliest first: which of them leads to files is to be tried. */
export function possiblePaths(columns: readonly ColumnFacts[]): {
  readonly likely: readonly string[];
  readonly others: readonly string[];
} {
  const likely = pathsByLikelihood(columns);
  const others = columns.filter(
    ({ filled, unique, imageNames }) => filled > 0.5 && (unique >= 0.9 || imageNames >= 0.5),
  );
  const nameOf = ({ name }: ColumnFacts): string => name;
  return { likely: likely.map(nameOf), others: others.filter((one) => !likely.includes(one)).map(nameOf) };
}

function guessId(columns: readonly ColumnFacts[], path: ColumnFacts | undefined): Choice<string | null> {
  // A number of each row is no name of an image where rows are boxes or readings.
  if (path && path.unique < 1 && !hasSeveralRows(columns)) {
    const named = byName(columns, ['id', 'sampleid', 'uid', 'imageid', 'sopinstanceuid']);
    if (named && named !== path && named.unique === 1) {
      return { value: named.name, because: 'paths occur more than once, and its cells do not' };
    }
  }
  return { value: null, because: 'the path identifies a sample' };
}
