/** A label as it is suggested in place of another. */
import type { EffectiveLabels } from '../labels/effectiveLabels';

/** A label in words: of a finding that is not mentioned `0`, since it counts as that. */
export function labelText(labels: EffectiveLabels, item: number): string {
  const value = labels.valueAt(item);
  if (value !== null) return value;
  const { task, findings } = labels.dataset;
  const positive = findings[item % findings.length]?.unmentioned === 'positive';
  return task === 'multi-class' ? '' : positive ? '1' : '0';
}
