/** The counts of a run: what it saw, and what it left out. */
import { itemFlags } from '../labels/effectiveLabels';
import type { RunCounts } from './model';
import type { Project } from './project';

/**
 * @param present 1 for every sample whose image could be read
 * @param errors wrong items of the parts that are reviewed, training out of fold
 */
export function countSamples(project: Project, present: Uint8Array, errors: number): RunCounts {
  const { dataset, assignment, labels } = project;
  const inSplit = (split: string): number => assignment.split.filter((value) => value === split).length;
  const counts = { masked: 0, disputed: 0, excluded: 0, edited: 0 };
  labels.flags.forEach((flags, item) => {
    if (flags === 0) return;
    if ((flags & itemFlags.masked) !== 0) counts.masked++;
    if ((flags & itemFlags.disputed) !== 0) counts.disputed++;
    if ((flags & itemFlags.excluded) !== 0) counts.excluded++;
    const isEdited = (flags & itemFlags.edited) !== 0;
    if (isEdited && labels.codes[item] !== labels.givenCodes[item]) counts.edited++;
  });
  return {
    samples: dataset.samples.length,
    train: inSplit('train'),
    validation: inSplit('validation'),
    test: inSplit('test'),
    patients: new Set(dataset.samples.map((sample) => sample.group)).size,
    skipped: present.reduce((sum, flag) => sum + (flag === 0 ? 1 : 0), 0),
    ...counts,
    errors,
  };
}
