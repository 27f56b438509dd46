/** What a split cannot do: parts without samples, classes that are too rare to be in every part. */
import { ofRanges, type Pieces } from '../base/pieces';
import type { Dataset, Finding, LabelValue, SplitAssignment } from '../dataset/model';
import { splits } from '../dataset/model';
import type { ProblemList } from '../dataset/problemList';

/** Looked at in one piece. */
const samplesAtOnce = 2048;

/** In pieces. Reports OVR207 (error: nothing can be trained; warning: a part is empty) and OVR209 (a class is too rare). */
export function* checkParts(
  dataset: Dataset,
  assignment: SplitAssignment,
  faults: ProblemList,
): Pieces<void> {
  const patients = yield* countPatients(dataset, assignment);
  for (const part of splits) {
    if (assignment.split.includes(part)) continue;
    faults.add(part === 'train' ? 'error' : 'warning', 'OVR207', () => ({
      message: `The ${part} part is empty`,
      fix: 'Add patients, change the shares of the split, or fill the split column.',
    }));
  }
  if (assignment.folds < 2) {
    faults.add('error', 'OVR207', () => ({
      message: 'The training part has one patient only, so there can be no cross-validation folds',
      expected: 'at least two patients',
      fix: 'Check dataset.group: does that column really name the patient?',
    }));
  }
  if (dataset.task === 'multi-class') checkClasses(patients, assignment.folds, faults);
  else for (const { finding, counts } of patients) checkFinding(finding, counts, assignment.folds, faults);
}

interface FindingPatients {
  readonly finding: Finding;
  /** Value → patients in the training part, and samples in all parts. */
  readonly counts: ReadonlyMap<string, { readonly patients: ReadonlySet<string>; samples: number }>;
}

function* countPatients(dataset: Dataset, assignment: SplitAssignment): Pieces<FindingPatients[]> {
  const found: FindingPatients[] = [];
  for (const [f, finding] of dataset.findings.entries()) {
    const counts = new Map<string, { patients: Set<string>; samples: number }>();
    const take = (from: number, to: number): void => {
      for (const [k, sample] of dataset.samples.slice(from, to).entries()) {
        const given = sample.given[f] ?? null;
        const value = dataset.task === 'multi-class' ? given : standing(finding, given);
        if (value === null) continue;
        let count = counts.get(value);
        if (!count) counts.set(value, (count = { patients: new Set(), samples: 0 }));
        count.samples++;
        if (assignment.split[from + k] === 'train') count.patients.add(sample.group);
      }
    };
    yield* ofRanges(dataset.samples.length, take, samplesAtOnce);
    found.push({ finding, counts });
  }
  return found;
}

/** `1` or `0` as training sees a multi-label value; null where it is masked. */
function standing(finding: Finding, value: LabelValue): string | null {
  const meaning =
    value === null ? finding.unmentioned : value === 'uncertain' ? finding.uncertain : undefined;
  if (meaning === undefined) return value;
  return meaning === 'masked' ? null : meaning === 'positive' ? '1' : '0';
}

function checkClasses(patients: readonly FindingPatients[], folds: number, faults: ProblemList): void {
  const [only] = patients;
  if (!only) return;
  const present = only.finding.values.filter((value) => (only.counts.get(value)?.samples ?? 0) > 0);
  if (present.length < 2) {
    const found =
      present.length === 0 ? 'No image has a class' : `Every labelled image is "${present[0] ?? ''}"`;
    faults.add('error', 'OVR207', () => ({
      message: `${found}, so there is nothing to tell apart`,
      expected: 'images of at least two classes',
      fix: 'Add images of another class, or check labels.column.',
    }));
    return;
  }
  for (const value of only.finding.values) {
    const count = only.counts.get(value);
    if (!count) {
      faults.add('warning', 'OVR209', () => ({
        message: `No image has the class "${value}"`,
        place: { file: 'overread.yaml', field: 'labels.classes' },
        fix: 'Remove it from labels.classes, or check its spelling in the table.',
      }));
    } else reportRare(`class "${value}"`, count, folds, faults);
  }
}

function checkFinding(
  finding: Finding,
  counts: FindingPatients['counts'],
  folds: number,
  faults: ProblemList,
): void {
  const positive = counts.get('1');
  if (!positive || !counts.get('0')) {
    faults.add('warning', 'OVR209', () => ({
      message: `The finding "${finding.name}" is ${positive ? 'positive' : 'negative'} in every image that counts, so it cannot be learnt`,
      place: { file: 'overread.yaml', field: 'labels.findings' },
      fix: 'Check its column and what uncertain and unmentioned mean, or remove it from labels.findings.',
    }));
  } else reportRare(`finding "${finding.name}"`, positive, folds, faults);
}

function reportRare(
  what: string,
  count: { readonly patients: ReadonlySet<string>; readonly samples: number },
  folds: number,
  faults: ProblemList,
): void {
  const patients = count.patients.size;
  if (patients >= folds || patients >= 5) return;
  faults.add('warning', 'OVR209', () => ({
    message: `The ${what} has ${count.samples} images, of ${patients} ${patients === 1 ? 'patient' : 'patients'} in the training part`,
    expected: `at least ${folds} patients, one for each fold`,
    fix: 'Its figures mean little, and some folds are trained without it.',
  }));
}
