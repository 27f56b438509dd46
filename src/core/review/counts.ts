/** Counts for the tree of the data set. */
import { ofRanges, type Pieces } from '../base/pieces';
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
 * ones). Errors are those of the queue whose place in its table is given; edits are items on which events stand.
 * Images that are uncertain, and those without a class (`''`), are groups of their own, which are there only when they
 * hold one. In pieces: of labels that change between them each item counts once, as it stands when it is looked at.
 */
export function* countGroups(
  labels: EffectiveLabels,
  states: ItemStates,
  assignment: SplitAssignment,
  errors: number,
): Pieces<DatasetGroup[]> {
  const { task, findings } = labels.dataset;
  const multiClass = task === 'multi-class';
  const names = multiClass
    ? [...findings.flatMap(({ values }) => values), uncertainValue, noLabel]
    : findings.map((finding) => finding.name);
  const groupOfCode = multiClass ? classGroups(labels, names) : undefined;
  const tables = targetTables(labels);
  const sums = splits.map((split) => ({
    split,
    groups: names.map((name) => ({ split, name, samples: 0, errors: 0, edits: 0 })),
  }));
  const groupsOf = new Map(sums.map(({ split, groups }) => [split, groups]));
  const count = (from: number, to: number): void => {
    for (let item = from; item < to; item++) {
      const finding = item % findings.length;
      const target = targetAt(labels, tables[finding]!, item);
      const split = assignment.split[(item - finding) / findings.length];
      const code = labels.codes[item]!;
      // A class that is no longer configured has no group, nor has one that an edit has just brought.
      const place = groupOfCode ? (groupOfCode[code + 1] ?? -1) : finding;
      const group = split === undefined || place < 0 ? undefined : groupsOf.get(split)?.[place];
      if (!group) continue;
      const counts = (labels.flags[item]! & itemFlags.masked) === 0;
      if (multiClass ? counts : target === 1) group.samples++;
      if (states.isIn(errors, item)) group.errors++;
      if ((labels.flags[item]! & itemFlags.edited) !== 0) group.edits++;
    }
  };
  yield* ofRanges(labels.items, count);
  return sums
    .flatMap(({ groups }) => groups)
    .filter(({ name, samples, edits }) => !isExtra(name) || !multiClass || samples + edits > 0);
}

const isExtra = (name: string): boolean => name === noLabel || name === uncertainValue;

/** By code + 1: the place among the names; -1 for a class that is no longer configured. */
function classGroups(labels: EffectiveLabels, names: readonly string[]): Int32Array {
  return Int32Array.from([noLabel, ...(labels.values[0] ?? [])], (value) => names.indexOf(value));
}
