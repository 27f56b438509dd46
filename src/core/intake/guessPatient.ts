/** Where the patient and the study of an image stand: in a column, or inside the name of the file. */
import { OverreadError } from '../base/errors';
import { extractPattern, patternFault } from '../base/linearPattern';
import type { ColumnReference } from '../table/columns';
import type { ColumnFacts } from './columnFacts';
import type { Choice, ColumnChoices } from './guessColumns';

const groupNames = [
  'patientid', 'patient', 'subjectid', 'subject', 'personid', 'person', 'pid', 'mrn', 'patid', 'participantid',
  'participant', 'patientname', 'patientindex', 'patientno', 'patientnumber', 'patientcode', 'studysubjectid', 'eid',
  'groupid', 'group', 'caseid', 'case',
]; // prettier-ignore
/** Names that say a patient only where they repeat. */
const groupNamesThatRepeat = ['lesionid', 'lesion', 'id'];

/** Ways in which data sets write the patient into the name of a file; the first that fits nearly all names is taken. */
const pathPatterns = [
  'patient[-_ ]?(\\d+)',
  'subject[-_ ]?(\\d+)',
  'sub-([A-Za-z0-9]+)',
  'person[-_ ]?(\\d+)',
  '(?:^|/)p(\\d{4,})/',
  // NIH ChestX-ray14: 00000013_005.png
  '(?:^|/)(\\d{8})_\\d{3}(?:\\.|$)',
  // EyePACS: 10_left.jpeg
  '(?:^|/)(\\d+)_(?:left|right)(?:\\.|$)',
  // Kermany: CNV-1016042-1.jpeg; person1_virus_6.jpeg beside IM-0115-0001.jpeg
  '(?:^|/)(?:CNV|DME|DRUSEN|NORMAL)-(\\d+)-\\d+(?:\\.|$)',
  '(person\\d+|IM-\\d+)',
  // Knee radiographs of the Osteoarthritis Initiative: 9001695L.png
  '(?:^|/)(\\d{4,})[LR](?:\\.|$)',
  // Patches of one slide: 10253_idx5_x1351_y1101_class0.png; BreakHis: SOB_B_A-14-22549AB-40-001.png
  '(?:^|/)(\\d+)_idx\\d+_',
  '(?:^|/)SOB_[BM]_[A-Z]+-(\\d+-\\d+[A-Z]*)-',
] as const;

/** Share of names that a pattern must fit to be taken, and to be spoken of. */
const nearlyAll = 0.95;
const most = 0.5;
const some = 0.2;

/**
 * The patient as it was said, or guessed.
 * @throws OverreadError OVR001 for a pattern that cannot be used, or that no column is there for
 */
export function chooseGroup(
  columns: readonly ColumnFacts[],
  path: ColumnFacts | undefined,
  { group, groupPattern: pattern }: Pick<ColumnChoices, 'group' | 'groupPattern'>,
): Choice<ColumnReference | null> {
  if (pattern === undefined)
    return group === undefined ? guessGroup(columns, path) : { value: group, because: 'you said so' };
  const fault = patternFault(pattern);
  const column = (typeof group === 'string' ? group : group?.column) ?? path?.name;
  if (fault === undefined && column !== undefined && group !== null) {
    const parts = extractPattern(pattern, columns.find(({ name }) => name === column)?.cells ?? []);
    const found = parts.filter((part) => part !== null);
    const counted = `${new Set(found).size} patients in ${found.length} of ${parts.length} cells`;
    return { value: { column, pattern }, because: `you said so; ${counted}` };
  }
  throw new OverreadError({
    code: 'OVR001',
    message:
      fault === undefined
        ? 'There is no column that --group-pattern could be of'
        : `The pattern of the patient cannot be used: ${fault}`,
    expected: 'a regular expression whose first group, or all of it, is the patient: patient(\\d+)',
    fix: 'Name the column with --group, and a pattern for its text with --group-pattern.',
  });
}

/** The patient; null where every image counts as its own. */
export function guessGroup(
  columns: readonly ColumnFacts[],
  path: ColumnFacts | undefined,
): Choice<ColumnReference | null> {
  const repeating = columns.filter((column) => column !== path && column.unique < 1);
  const named =
    byName(
      columns.filter((column) => column !== path),
      groupNames,
    ) ?? byName(repeating, groupNamesThatRepeat);
  if (named) {
    const kind = named.plainName.startsWith('lesion') ? 'lesions (no column says the patient)' : 'patients';
    return { value: named.name, because: `of its name; ${named.distinct} ${kind} in ${named.rows} rows` };
  }
  const study = byName(repeating, studyNames);
  if (study) {
    const counted = `${study.distinct} studies in ${study.rows} rows`;
    const because = `no column says the patient, and images of one study are of one patient; ${counted}`;
    return { value: study.name, because };
  }
  const found = path && patternIn(path, pathPatterns);
  // A patient of one image each would tell nothing that the path does not.
  if (found && found.distinct < found.fits && found.fits >= some * path.rows) {
    const share = found.fits / path.rows;
    const pattern = { column: path.name, pattern: found.pattern };
    const counted = `${found.distinct} patients in ${found.fits} of ${path.rows} names (${Math.round(100 * share)} %)`;
    if (share >= nearlyAll) {
      return { value: pattern, because: `the path holds it; ${counted}` };
    }
    if (share >= most) {
      return {
        value: pattern,
        because: `part of the paths hold it; ${counted}; the others are their own patients`,
      };
    }
    return {
      value: null,
      because: `no column looks like a patient: every image counts as its own; {column: ${path.name}, pattern: '${found.pattern}'} would find ${counted}`,
    };
  }
  return { value: null, because: 'no column looks like a patient: every image counts as its own' };
}

const studyNames = ['studyid', 'study', 'studyinstanceuid', 'studyuid', 'accession', 'accessionnumber', 'examid', 'exam']; // prettier-ignore
const studyPatterns = ['(patient[-_ ]?\\d+/study[-_ ]?\\d+)', '(?:^|/)(p\\d{4,}/s\\d{4,})/'] as const;

/** The study; null where there is none. */
export function guessStudy(
  columns: readonly ColumnFacts[],
  path: ColumnFacts | undefined,
): Choice<ColumnReference | null> {
  const named = byName(columns, studyNames);
  if (named) return { value: named.name, because: `of its name; ${named.distinct} studies` };
  const found = path && patternIn(path, studyPatterns);
  if (found && found.fits >= nearlyAll * path.rows) {
    return {
      value: { column: path.name, pattern: found.pattern },
      because: `the path holds it; ${found.distinct} studies`,
    };
  }
  return { value: null, because: 'no column looks like a study' };
}

/** The first of the names that is there and mostly filled. */
export function byName(columns: readonly ColumnFacts[], names: readonly string[]): ColumnFacts | undefined {
  for (const name of names) {
    const found = columns.find((column) => column.plainName === name && column.filled > 0.5);
    if (found) return found;
  }
  return undefined;
}

interface Fit {
  readonly pattern: string;
  readonly distinct: number;
  readonly fits: number;
}

/** The first pattern that nearly every cell fits, else the one that most cells fit. */
function patternIn(column: ColumnFacts, patterns: readonly string[]): Fit | undefined {
  let best: Fit | undefined;
  for (const pattern of patterns) {
    const matched = extractPattern(pattern, column.cells).filter((part) => part !== null);
    const fit = { pattern, distinct: new Set(matched).size, fits: matched.length };
    if (fit.distinct < 2) continue;
    if (fit.fits >= nearlyAll * column.rows) return fit;
    if (fit.fits > (best?.fits ?? 0)) best = fit;
  }
  return best;
}
