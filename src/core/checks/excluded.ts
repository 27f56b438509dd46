/** What was left out in the review. */
import { itemFlags } from '../labels/effectiveLabels';
import type { Project } from '../project/project';

/** Whether every finding of a sample is left out. */
export function isExcluded({ labels, dataset }: Project, sample: number): boolean {
  const first = sample * dataset.findings.length;
  return dataset.findings.every((_, f) => ((labels.flags[first + f] ?? 0) & itemFlags.excluded) !== 0);
}
