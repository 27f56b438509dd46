/** Whether a finding of an earlier check still holds, by the labels, parts and patients that stand now. */
import type { Dataset, SplitAssignment } from '../dataset/model';
import { itemFlags, type EffectiveLabels } from '../labels/effectiveLabels';
import { uncertainValue } from '../config/model';
import { checkKinds } from './kinds';
import type { Check } from './model';

/** A finding beside the table as it is now. */
export interface PlacedCheck {
  readonly check: Check;
  /** Its samples that the table still has, by their places. */
  readonly samples: readonly number[];
  /** The place of the project's finding that it is about; -1: the whole image. */
  readonly finding: number;
}

export interface StandingSources {
  readonly dataset: Dataset;
  readonly assignment: SplitAssignment;
  readonly labels: EffectiveLabels;
}

/** The table's samples of a finding; undefined where too few are left to say it of. */
export function placed({ dataset, labels }: StandingSources, check: Check): PlacedCheck | undefined {
  const samples = [...new Set(check.samples)]
    .map((id) => labels.index(id))
    .filter((sample) => sample !== undefined);
  const needed = Math.min(check.samples.length, 2);
  if (samples.length < needed) return undefined;
  const finding = dataset.findings.findIndex(({ name }) => name === check.finding);
  if (check.finding !== undefined && finding < 0) return undefined;
  return { check, samples, finding };
}

/** Whether a finding still holds. */
export function holds(sources: StandingSources, { check, samples, finding }: PlacedCheck): boolean {
  if (samples.length === 0) return true;
  const { dataset, assignment } = sources;
  const left = samples.filter((sample) => !isOut(sources, sample, finding));
  // One that speaks of a single image is settled by what happens to it alone.
  if (check.samples.length < 2) return left.length > 0;
  const differ = (of: (sample: number) => unknown): boolean => new Set(left.map(of)).size > 1;
  switch (checkKinds[check.kind].while) {
    case 'labels differ':
      return saidValues(sources, left, finding).size > 1;
    case 'parts differ':
      return differ((sample) => assignment.split[sample]);
    case 'patients differ':
      // A note is told of one patient: nothing but leaving out settles it.
      return check.severity === 'info' ? left.length > 1 : differ((i) => dataset.samples[i]?.group);
    case 'one is left':
      return left.length > 0;
  }
}

/** What a sample says of a finding; null where it says nothing that another could contradict. */
export function saidValue(
  { labels, dataset }: StandingSources,
  sample: number,
  finding: number,
): string | null {
  const first = sample * dataset.findings.length;
  // Of a finding that does not name one, all of them together.
  if (finding < 0 && dataset.findings.length > 1)
    return JSON.stringify(dataset.findings.map((_, f) => labels.valueAt(first + f)));
  const value = labels.valueAt(first + Math.max(0, finding));
  return value === uncertainValue ? null : value;
}

function saidValues(sources: StandingSources, samples: readonly number[], finding: number): Set<string> {
  const values = samples.map((sample) => saidValue(sources, sample, finding));
  return new Set(values.filter((value) => value !== null));
}

/** Whether a sample, or what is said of its finding, is left out. */
function isOut({ labels, dataset }: StandingSources, sample: number, finding: number): boolean {
  const width = dataset.findings.length;
  const isExcluded = (f: number): boolean => (labels.flags[sample * width + f]! & itemFlags.excluded) !== 0;
  return finding >= 0 ? isExcluded(finding) : dataset.findings.every((_, f) => isExcluded(f));
}
