/** Guesses what the columns of a table mean. Each guess says why, so that a person can see where it is wrong. */
import type { ColumnReference } from '../table/columns';
import { factsOf, type ColumnFacts } from './columnFacts';
import { extractPattern } from '../base/linearPattern';
import { guessLabels, type LabelGuess } from './guessLabels';
import type { TextTable } from '../table/table';

/** A guess, or a choice of the user, with its reason. */
export interface Choice<T> {
  readonly value: T;
  readonly because: string;
}

export interface ColumnGuesses {
  readonly path: Choice<string> | undefined;
  readonly id: Choice<string | null>;
  readonly group: Choice<ColumnReference | null>;
  readonly study: Choice<ColumnReference | null>;
  readonly split: Choice<string | null>;
  readonly labels: LabelGuess | undefined;
}

/** What the user has said already; null means "there is none". */
export interface ColumnChoices {
  readonly path?: string;
  readonly id?: string | null;
  readonly group?: ColumnReference | null;
  readonly study?: ColumnReference | null;
  readonly split?: string | null;
  readonly label?: string;
  readonly findings?: readonly string[];
  readonly separator?: string;
}

export function guessColumns(table: TextTable, choices: ColumnChoices = {}): ColumnGuesses {
  const columns = factsOf(table);
  const path = choices.path === undefined ? guessPath(columns) : asked(choices.path);
  const pathFacts = columns.find(({ name }) => name === path?.value);
  const split = choices.split === undefined ? guessSplit(columns) : asked(choices.split);
  const group = choices.group === undefined ? guessGroup(columns, pathFacts) : asked(choices.group);
  const study = choices.study === undefined ? guessStudy(columns, pathFacts) : asked(choices.study);
  const id = choices.id === undefined ? guessId(columns, pathFacts) : asked(choices.id);
  const taken = [path?.value, id.value, split.value, ...[group.value, study.value].map(nameOf)];
  const free = columns.filter(({ name }) => !taken.includes(name));
  return { path, id, group, study, split, labels: guessLabels(free, columns, choices) };
}

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
    column.imageNames >= 0.9
      ? `its cells are names of images, such as ${column.example}`
      : 'of its name, and no two cells are equal';
  return { value: column.name, because };
}

function pathsByLikelihood(columns: readonly ColumnFacts[]): ColumnFacts[] {
  return columns
    .map((column) => {
      const named = pathNames.indexOf(column.plainName);
      const score =
        (column.imageNames >= 0.9 ? 4 : 0) +
        (named >= 0 ? 2 - named / 100 : 0) +
        (column.unique >= 0.9 ? 1 : 0);
      return { column, named: named >= 0, score };
    })
    .filter(({ column, named }) => column.imageNames >= 0.9 || (named && column.unique >= 0.9))
    .sort((a, b) => b.score - a.score)
    .map(({ column }) => column);
}

/** The columns that may be paths, the likeliest first: which of them leads to files is to be tried. */
export function possiblePaths(table: TextTable): {
  readonly likely: readonly string[];
  readonly others: readonly string[];
} {
  const columns = factsOf(table);
  const likely = pathsByLikelihood(columns);
  const others = columns.filter(
    ({ filled, unique, imageNames }) => filled > 0.5 && (unique >= 0.9 || imageNames >= 0.5),
  );
  const nameOf = ({ name }: ColumnFacts): string => name;
  return { likely: likely.map(nameOf), others: others.filter((one) => !likely.includes(one)).map(nameOf) };
}

const groupNames = [
  'patientid', 'patient', 'subjectid', 'subject', 'personid', 'person', 'pid', 'mrn', 'patid', 'participantid',
  'participant', 'patientname', 'groupid', 'group', 'caseid', 'case',
]; // prettier-ignore

/** Ways in which data sets write the patient into the path. */
const pathPatterns = [
  'patient[-_ ]?(\\d+)',
  'subject[-_ ]?(\\d+)',
  'sub-([A-Za-z0-9]+)',
  'person[-_ ]?(\\d+)',
  '(?:^|/)p(\\d{4,})/',
  '(?:^|/)(\\d{8})_\\d{3}\\.',
] as const;

function guessGroup(
  columns: readonly ColumnFacts[],
  path: ColumnFacts | undefined,
): Choice<ColumnReference | null> {
  const named = byName(columns, groupNames);
  if (named) {
    return { value: named.name, because: `of its name; ${named.distinct} patients in ${named.rows} rows` };
  }
  const found = path && patternIn(path, pathPatterns);
  // A patient of one image each would tell nothing that the path does not.
  const useful = found && found.distinct < path.rows;
  if (useful) {
    return {
      value: { column: path.name, pattern: found.pattern },
      because: `the path holds it; ${found.distinct} patients in ${path.rows} rows`,
    };
  }
  return { value: null, because: 'no column looks like a patient: every image counts as its own' };
}

const studyNames = ['studyid', 'study', 'studyinstanceuid', 'studyuid', 'accession', 'accessionnumber', 'examid', 'exam']; // prettier-ignore
const studyPatterns = ['(patient[-_ ]?\\d+/study[-_ ]?\\d+)', '(?:^|/)(p\\d{4,}/s\\d{4,})/'] as const;

function guessStudy(
  columns: readonly ColumnFacts[],
  path: ColumnFacts | undefined,
): Choice<ColumnReference | null> {
  const named = byName(columns, studyNames);
  if (named) return { value: named.name, because: `of its name; ${named.distinct} studies` };
  const found = path && patternIn(path, studyPatterns);
  if (found) {
    return {
      value: { column: path.name, pattern: found.pattern },
      because: `the path holds it; ${found.distinct} studies`,
    };
  }
  return { value: null, because: 'no column looks like a study' };
}

const splitNames = ['split', 'set', 'subset', 'partition', 'part', 'dataset', 'phase', 'fold'];

function guessSplit(columns: readonly ColumnFacts[]): Choice<string | null> {
  const found = columns.find(
    (column) => splitNames.includes(column.plainName) && column.isSplit && column.distinct > 1,
  );
  if (found) return { value: found.name, because: `its cells are ${found.values.slice(0, 4).join(', ')}` };
  return { value: null, because: 'no column holds a split: Overread makes one by patient' };
}

function guessId(columns: readonly ColumnFacts[], path: ColumnFacts | undefined): Choice<string | null> {
  if (path && path.unique < 1) {
    const named = byName(columns, ['id', 'sampleid', 'uid', 'imageid', 'sopinstanceuid']);
    if (named && named !== path && named.unique === 1) {
      return { value: named.name, because: 'paths occur more than once, and its cells do not' };
    }
  }
  return { value: null, because: 'the path identifies a sample' };
}

function byName(columns: readonly ColumnFacts[], names: readonly string[]): ColumnFacts | undefined {
  for (const name of names) {
    const found = columns.find((column) => column.plainName === name && column.filled > 0.5);
    if (found) return found;
  }
  return undefined;
}

/** The first pattern that nearly every cell fits. */
function patternIn(
  column: ColumnFacts,
  patterns: readonly string[],
): { readonly pattern: string; readonly distinct: number } | undefined {
  for (const pattern of patterns) {
    const matched = extractPattern(pattern, column.cells).filter((part) => part !== null);
    const distinct = new Set(matched).size;
    if (matched.length >= 0.95 * column.rows && distinct > 1) {
      return { pattern, distinct };
    }
  }
  return undefined;
}
