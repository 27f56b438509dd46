/** Findings about several samples that are one image. */
import type { ErrorCode } from '../base/errors';
import { shownValue } from '../base/visibleText';
import type { Sample } from '../dataset/model';
import type { Project } from '../project/project';
import type { Check, CheckFix } from './model';

/** What somebody has looked at and lets be is no longer listed. */
export const letBe = (code: ErrorCode): CheckFix => ({
  title: 'Let it be, with a reason',
  command: `overread ignore DIR ${code} FIRST --reason WHY`,
});

export const asOnePatient: CheckFix = {
  title: 'Keep them together in split and folds',
  command: 'overread together DIR SAMPLES',
};

/** Ways out for images of one patient that stand under several. */
export const groupFixes = (code: ErrorCode): readonly CheckFix[] => [
  asOnePatient,
  { title: 'Leave one of them out', command: 'overread exclude DIR SAMPLE' },
  letBe(code),
];

/** A finding at the row of its first sample. */
export function sampleCheck(
  { dataset, config }: Project,
  group: readonly number[],
  score: number | null,
  rest: Pick<Check, 'code' | 'kind' | 'severity' | 'message' | 'fixes' | 'finding'>,
): Check {
  const samples = group.flatMap((i): Sample[] => dataset.samples.slice(i, i + 1));
  const [first] = samples;
  return {
    ...rest,
    samples: samples.map(({ id }) => id),
    score,
    ...(first ? { place: { file: config.dataset.table, row: first.row } } : {}),
  };
}

/** A sample's id as it may be shown. */
export const nameOf = ({ dataset }: Project, i: number): string => shownValue(dataset.samples[i]?.id ?? '');
