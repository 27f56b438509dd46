/** Counts for trees, badges and the status bar. */
import { type Split, type SplitAssignment, splits } from '../dataset/model';
import { uncertainValue } from '../config/model';
import { type EffectiveLabels, itemFlags } from '../labels/effectiveLabels';
import { targetAt, targetTables } from '../labels/targets';
import { type ItemStates, queueBits, queueBitsEnd } from './itemStates';
import { type DatasetGroup, type QueueCounts, queues } from './model';

/** The name of the group of unlabelled images; no class can have it. */
const noLabel = '';

/** Items per queue over some parts of the split. Cost: one pass over the items. */
export function countQueues(
  states: ItemStates,
  assignment: SplitAssignment,
  findings: number,
  wanted: readonly Split[],
): QueueCounts {
  const counts = new Uint32Array(queueBitsEnd);
  const isWanted = new Set(wanted);
  for (let sample = 0; sample < assignment.split.length; sample++) {
    if (!isWanted.has(assignment.split[sample]!)) continue;
    const end = (sample + 1) * findings;
    for (let item = sample * findings; item < end; item++) counts[states.queues[item]!]!++;
  }
  const total = (bit: number): number =>
    counts.reduce((sum, count, bits) => ((bits & bit) === 0 ? sum : sum + count), 0);
  return Object.fromEntries(
    queues.map((queue) => [queue, total(queueBits[queue])]),
  ) as unknown as QueueCounts;
}

/**
 * Every part of the split with its classes (by effective label), or with its findings (samples: the positive
 * ones). Errors are those of the queue; edits are items on which events stand. Images that are uncertain, and those
 * without a class (`''`), are groups of their own, which are there only when they hold one.
 */
export function countGroups(
  labels: EffectiveLabels,
  states: ItemStates,
  assignment: SplitAssignment,
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
    if ((states.queues[item]! & queueBits.errors) !== 0) group.errors++;
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
