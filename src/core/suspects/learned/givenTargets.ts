/** Given labels as targets: what a look may change. */
import type { EffectiveLabels } from '../../labels/effectiveLabels';
import { targetTables } from '../../labels/targets';

/** Of each item the class, or 1 and 0, that the table says; -1 for none. Masked by nothing that anybody did since. */
export function givenTargets(labels: EffectiveLabels): Int32Array {
  const tables = targetTables(labels);
  const width = labels.dataset.findings.length;
  return labels.givenCodes.map((code, item) => tables[item % width]?.[code + 1] ?? -1);
}
