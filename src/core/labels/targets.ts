/** What training and metrics see of the labels: class indices, or 1 / 0 / masked per finding. */
import { type EffectiveLabels, itemFlags } from './effectiveLabels';
import type { Targets } from './model';
import type { Dataset, Finding, Meaning } from '../dataset/model';

const targetOf: Readonly<Record<Meaning, number>> = { positive: 1, negative: 0, masked: -1 };

/**
 * The target of each value code of a finding, at index code + 1 (null first). Codes beyond the finding's own
 * values (values that the configuration no longer lists) are masked.
 */
function targetsOfCodes(finding: Finding, values: readonly string[], multiClass: boolean): Int32Array {
  const known = finding.values.length;
  const targets = values.map((value, code) => {
    if (code >= known) return -1;
    if (multiClass) return code;
    return value === '1' ? 1 : value === '0' ? 0 : targetOf[finding.uncertain];
  });
  return Int32Array.from([multiClass ? -1 : targetOf[finding.unmentioned], ...targets]);
}

/** The table from value code (+ 1) to target of each finding: what `targetAt` and `buildTargets` go by. */
export function targetTables(labels: EffectiveLabels): Int32Array[] {
  const { dataset } = labels;
  return dataset.findings.map((finding, f) =>
    targetsOfCodes(finding, labels.values[f] ?? [], dataset.task === 'multi-class'),
  );
}

/**
 * The target of one item: the class index, or 1 or 0; -1 for masked, excluded, disputed and unlabelled.
 * @param table of the item's finding
 */
export function targetAt(labels: EffectiveLabels, table: Int32Array, item: number): number {
  if ((labels.flags[item]! & itemFlags.masked) !== 0) return -1;
  return table[labels.codes[item]! + 1] ?? -1;
}

/** Targets of the whole dataset as of the labels now. The same mapping serves training, metrics and review. */
export function buildTargets(dataset: Dataset, labels: EffectiveLabels): Targets {
  return { task: dataset.task, outputs: outputsOf(dataset), y: targetsBetween(labels, 0, labels.items) };
}

/** Targets of the items from one to another, the end left out. */
export function targetsBetween(labels: EffectiveLabels, from: number, to: number): Int32Array {
  const tables = targetTables(labels);
  const y = new Int32Array(to - from);
  for (let item = from; item < to; item++) {
    y[item - from] = targetAt(labels, tables[item % tables.length]!, item);
  }
  return y;
}

/** The model's outputs: class names, or finding names. */
export function outputsOf(dataset: Dataset): readonly string[] {
  if (dataset.task === 'multi-label') return dataset.findings.map((finding) => finding.name);
  return dataset.findings[0]?.values ?? [];
}
