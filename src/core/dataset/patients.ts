/** Warnings on patients: one person in several spellings, and one "patient" that holds too much to be a person. */
import { extractPattern } from '../base/linearPattern';
import { ofRanges, type Pieces } from '../base/pieces';
import { columnOf, type ColumnReference } from '../table/columns';
import type { TextTable } from '../table/table';
import type { Sample } from './model';
import type { ProblemList } from './problemList';

/** A patient with fewer images than this is never said to have too many. */
const manyImages = 10;
const largeShare = 0.1;
/** Times the middle number of images of a patient. */
const outOfProportion = 10;

/** Looked at in one piece. */
const patientsAtOnce = 2048;

interface Patient {
  readonly name: string;
  readonly firstRow: number;
  images: number;
}

/** Looks at the patients that the table names, in pieces. @param reference dataset.group */
export function* reportPatients(
  faults: ProblemList,
  table: TextTable,
  reference: ColumnReference,
  samples: readonly Sample[],
): Pieces<void> {
  const byName = new Map<string, Patient>();
  const patients: Patient[] = [];
  const take = (from: number, to: number): void => {
    for (const { id, group, row } of samples.slice(from, to)) {
      // A sample of no patient is its own.
      if (group === id) continue;
      const known = byName.get(group);
      if (known) {
        known.images++;
        continue;
      }
      const patient = { name: group, firstRow: row, images: 1 };
      byName.set(group, patient);
      patients.push(patient);
    }
  };
  yield* ofRanges(samples.length, take, patientsAtOnce);
  const field = columnOf(reference);
  yield* reportSpellings(faults, table, field, patients);
  yield* reportOutsized(faults, table, field, patients, samples.length);
}

/** `007`, `7` and `7.0`, `P001` and `p1` have one spelling here. Digits stay text: an id may be longer than a number. */
function plainPatient(name: string): string {
  return name
    .toLowerCase()
    .replace(/^(\d+)[.,]0+$/, '$1')
    .replaceAll(/(^|[^\d.])0+(?=\d)/g, '$1');
}

/** What takes the differences away, if the ids are of that kind. */
const patterns = ['^0*(\\d+)(?:[.,]0+)?$', '^[A-Za-z]+[-_ ]?0*(\\d+)$'];

/** Names rows, never the patient. */
function* reportSpellings(
  faults: ProblemList,
  table: TextTable,
  field: string,
  patients: readonly Patient[],
): Pieces<void> {
  // Digits, as many in each: different ones are different people.
  const [one] = patients;
  if (patients.every(({ name }) => name.length === one?.name.length && /^\d+$/.test(name))) return;
  const persons = new Map<string, Patient>();
  const twins: [Patient, Patient][] = [];
  const take = (from: number, to: number): void => {
    for (const patient of patients.slice(from, to)) {
      const plain = plainPatient(patient.name);
      const first = persons.get(plain);
      if (first) twins.push([first, patient]);
      else persons.set(plain, patient);
    }
  };
  yield* ofRanges(patients.length, take, patientsAtOnce);
  const [example] = twins;
  if (!example) return;
  const names = patients.map(({ name }) => name);
  const pattern = patterns.find((candidate) => {
    const parts = extractPattern(candidate, names);
    return !parts.includes(null) && new Set(parts).size === persons.size;
  });
  const way =
    pattern === undefined
      ? ''
      : `, or set dataset.group: {column: ${JSON.stringify(field)}, pattern: '${pattern}'}`;
  faults.add('warning', 'OVR213', () => ({
    message: `${patients.length} patients are ${persons.size} when leading zeros, ".0" and case do not count, as in rows ${example[0].firstRow} and ${example[1].firstRow}: the same person may be in training and test`,
    place: { file: table.file, field },
    expected: 'one spelling for each patient',
    fix: `Write each patient in one way${way}.`,
  }));
}

function* reportOutsized(
  faults: ProblemList,
  table: TextTable,
  field: string,
  patients: readonly Patient[],
  samples: number,
): Pieces<void> {
  const sizes = Int32Array.from(patients.map(({ images }) => images)).sort();
  const middle = sizes[Math.floor(sizes.length / 2)] ?? 0;
  yield;
  for (const { images, firstRow } of patients) {
    if (images < Math.max(manyImages, largeShare * samples, outOfProportion * middle)) continue;
    if (patients.length < 3) continue;
    faults.add('warning', 'OVR213', () => ({
      message: `One patient has ${images} of ${samples} images (the middle number is ${middle}): is it a person, or a word for "unknown"?`,
      place: { file: table.file, row: firstRow, field },
      fix: 'Leave the cell empty where the patient is not known: such images then count as their own patients.',
    }));
  }
}
