/** Counts for the tree of the data set. */
import { type SplitAssignment, splits } from '../dataset/model';
import { uncertainValue } from '../config/model';
import { type EffectiveLabels, itemFlags } from '../labels/effectiveLabels';
import { targetAt, targetTables } from '../labels/targets';
import type { ItemStates } from './itemStates';
import type { DatasetGroup } from './model';

/** The name of the group of unlabelled images; no class can have it. */
const noLabel = '';

/**
 * Every part of the split with its classes (by effective label), or with its findings (samples: the positive
 * ones). Errors are those of the queue, whose place in its table is given; edits are items on which events stand. Images that are uncertain, and those
 * without a class (`''`), are groups of their own, which are there only when they hold one.
 */
export function countGroups(
  labels: EffectiveLabels,
  states: ItemStates,
  assignment: SplitAssignment,
  errors: number,
): DatasetGroup[] {
  const { task, findings } = labels.dataset;
  const multiClass = task === 'multi-class';
  const names = multiClass
    ? [...findings[0]!.values, uncertainValue, noLabel]
    : findings.map((finding) => finding.name);
  const groupOfCode = multiClass ? classGroups(labels, names) : undefined;
  const tables = targetTables(labels);
  const sums = new Map(
    splits.map((split) => [split, names.map(() => ({ samples: 0, errors: 0, edits: 0 }))]),
  );
  for (let item = 0; item < labels.items; item++) {
    const finding = item % findings.length;
    const target = targetAt(labels, tables[finding]!, item);
    const groups = sums.get(assignment.split[(item - finding) / findings.length]!)!;
    const code = labels.codes[item]!;
    const group = groups[groupOfCode ? groupOfCode[code + 1]! : finding];
    if (!group) continue;
    const counts = (labels.flags[item]! & itemFlags.masked) === 0;
    if (multiClass ? counts : target === 1) group.samples++;
    if (states.isIn(errors, item)) group.errors++;
    if ((labels.flags[item]! & itemFlags.edited) !== 0) group.edits++;
  }
  return splits
    .flatMap((split) => sums.get(split)!.map((sum, k) => ({ split, name: names[k]!, ...sum })))
    .filter(({ name, samples, edits }) => !isExtra(name) || !multiClass || samples + edits > 0);
}

const isExtra = (name: string): boolean => name === noLabel || name === uncertainValue;

/** By code + 1: the place among the names. A class that is no longer configured has none. */
function classGroups(labels: EffectiveLabels, names: readonly string[]): readonly number[] {
  return [noLabel, ...labels.values[0]!].map((value) => names.indexOf(value));
}
