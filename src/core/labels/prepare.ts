/** Edits as they are written: checked, and what stands before each. */
import type { LabelValue } from '../dataset/model';
import { type EffectiveLabels, itemFlags } from './effectiveLabels';
import type { LabelEdit } from './model';
import { validateEdits } from './validate';

/**
 * Checks edits and gives them as they are to be written. A `set` to the label that stands changes nothing: it is
 * a confirmation, so it becomes a `keep` of that value, which takes the item off the error list for good.
 * @throws like `validateEdits`, for the first fault; then none of them may be written
 */
export function prepareEdits(labels: EffectiveLabels, edits: readonly LabelEdit[]): LabelEdit[] {
  const isSample = (id: string): boolean => labels.index(id) !== undefined;
  return validateEdits(labels.dataset, isSample, edits).map((edit) =>
    isConfirmation(labels, edit) ? { ...edit, op: 'keep' } : edit,
  );
}

/** With study-level labels every image of the study must have the label already: else the edit changes some. */
function isConfirmation(labels: EffectiveLabels, edit: LabelEdit): boolean {
  const sample = labels.index(edit.sample);
  const finding = labels.dataset.findings.findIndex(({ name }) => name === edit.finding);
  if (edit.op !== 'set' || sample === undefined || finding < 0) return false;
  const findings = labels.dataset.findings.length;
  return labels.samplesWith(sample).every((one) => {
    const item = one * findings + finding;
    const value = labels.valueAt(item);
    // A dispute without a decision has no label that stands, though it reads as none.
    return value === edit.value && !(value === null && (labels.flags[item]! & itemFlags.disputed) !== 0);
  });
}

/** The value that stands on an item before an edit; undefined for an edit of a whole sample. */
export function standingValue(labels: EffectiveLabels, edit: LabelEdit): LabelValue | undefined {
  const sample = labels.index(edit.sample);
  const finding = labels.dataset.findings.findIndex((candidate) => candidate.name === edit.finding);
  if (sample === undefined || finding < 0) return undefined;
  return labels.valueAt(sample * labels.dataset.findings.length + finding);
}
