import type { LabelValue } from '../dataset/model';
import type { EffectiveLabels } from './fold';
import type { LabelEdit } from './model';

/** The value that stands on an item before an edit; undefined for an edit of a whole sample. */
export function standingValue(labels: EffectiveLabels, edit: LabelEdit): LabelValue | undefined {
  const sample = labels.index(edit.sample);
  const finding = labels.dataset.findings.findIndex((candidate) => candidate.name === edit.finding);
  return sample === undefined || finding < 0 ? undefined : labels.at(sample, finding).value;
}
