/** What a batch of label events did, in numbers: for the line that tells it and the way to show its items again. */
import { atOnce, type Pieces } from '../base/pieces';
import { classFinding, type LabelValue, type Split } from '../dataset/model';
import { type EffectiveLabels, itemFlags } from '../labels/effectiveLabels';
import type { LabelEvent, Written } from '../labels/model';
import type { Catalog } from './catalog';
import type { ChangedTo, LabelChange } from './model';
import { everything } from './queues';

/** Events that are looked at in one piece. */
const eventsAtOnce = 4096;

/** The items of the batch under an id, of whichever annotator. */
export function itemsOfBatch(labels: EffectiveLabels, batch: string): Int32Array {
  const { table } = labels;
  const rows = table.batches.withId(batch).flatMap((one) => table.batches.edits(one));
  return itemsOfEvents(
    labels,
    rows.map((row) => table.event(row)),
  );
}

/** The items that events touched, each once, in the order of the events: with study-level labels the whole study's. */
export function itemsOfEvents(
  labels: EffectiveLabels,
  events: Iterable<Pick<LabelEvent, 'sample' | 'finding'>>,
): Int32Array {
  return atOnce(findingItems(labels, events));
}

/** The same in pieces. */
export function* findingItems(
  labels: EffectiveLabels,
  events: Iterable<Pick<LabelEvent, 'sample' | 'finding'>>,
): Pieces<Int32Array> {
  const { findings } = labels.dataset;
  const isSeen = new Uint8Array(labels.items);
  const items: number[] = [];
  let looked = 0;
  for (const { sample, finding } of events) {
    if (++looked % eventsAtOnce === 0) yield;
    const index = labels.index(sample);
    if (index === undefined) continue;
    const only = finding === undefined ? -1 : findings.findIndex(({ name }) => name === finding);
    if (finding !== undefined && only < 0) continue;
    for (const one of labels.samplesWith(index)) {
      for (let f = 0; f < findings.length; f++) {
        const item = one * findings.length + f;
        if ((only >= 0 && f !== only) || isSeen[item] === 1) continue;
        isSeen[item] = 1;
        items.push(item);
      }
    }
  }
  return Int32Array.from(items);
}

/**
 * @param items those that were changed
 * @param batch the batch that made, or lost, the change
 * @returns null without items
 */
export function summariseChange(
  catalog: Catalog,
  labels: EffectiveLabels,
  op: LabelChange['op'],
  items: Int32Array,
  batch: string,
): LabelChange | null {
  const [first] = items;
  if (first === undefined) return null;
  const { findings } = labels.dataset;
  const splits = new Set<Split>();
  let isOneFinding = true;
  for (const item of items) {
    splits.add(catalog.splitOf(item));
    isOneFinding &&= item % findings.length === first % findings.length;
  }
  const single = items.length === 1 ? catalog.item(first) : undefined;
  const previous = single?.previous;
  const to = groupsOf(labels, items).toSorted((a, b) => b.count - a.count);
  const finding = findings[first % findings.length]?.name;
  return {
    op,
    count: items.length,
    path: single?.path ?? null,
    to: previous === undefined ? to : to.map((one) => ({ ...one, previous })),
    query: {
      queue: everything.id,
      // Only the parts that the items are in: to look at the test part is counted.
      splits: [...splits],
      batch,
      ...(isOneFinding && finding !== undefined && finding !== classFinding ? { finding } : {}),
      sort: 'path',
      descending: false,
    },
  };
}

/** How many of the items are in which state now; values of the same name are one, whatever their finding. */
function groupsOf(labels: EffectiveLabels, items: Int32Array): readonly ChangedTo[] {
  const all: ChangedTo[] = [];
  const groups = new Map<LabelValue, Map<number, Written<ChangedTo>>>();
  for (const item of items) {
    const value = labels.valueAt(item);
    const flags = labels.flags[item]! & (itemFlags.excluded | itemFlags.kept);
    let ofValue = groups.get(value);
    if (!ofValue) groups.set(value, (ofValue = new Map<number, Written<ChangedTo>>()));
    const group = ofValue.get(flags);
    if (group) group.count++;
    else {
      const excluded = (flags & itemFlags.excluded) !== 0;
      const made = { value, excluded, kept: (flags & itemFlags.kept) !== 0, count: 1 };
      ofValue.set(flags, made);
      all.push(made);
    }
  }
  return all;
}
