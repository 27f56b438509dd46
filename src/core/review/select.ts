/** Answers a query from the columns: which items, in which order, and how they are confused. */
import { ofRanges, type Pieces } from '../base/pieces';
import { splits, type Split, type SplitAssignment } from '../dataset/model';
import type { ItemPredictions } from '../evaluation/itemPredictions';
import { type EffectiveLabels, itemFlags } from '../labels/effectiveLabels';
import type { ItemChecks } from '../checks/itemChecks';
import type { ItemSuspects } from '../suspects/itemSuspects';
import type { Selection } from './filterTables';
import type { ItemStates } from './itemStates';
import { ConfusionCounter, noValue } from './confusion';
import { itemsOfBatch } from './labelChange';
import { groupingByImage, type ImageGroups, type OrderKey } from './imageGroups';
import { isMarked } from './marks';
import type { ConfusionCounts, ItemQuery } from './model';
import { sortingByKey } from './ranking';
import { gatheredOrder, findingOrder, scoreOf, type ScoreRow } from './scores';

export interface ItemSources {
  readonly assignment: SplitAssignment;
  readonly labels: EffectiveLabels;
  readonly predictions: ItemPredictions;
  readonly states: ItemStates;
  readonly suspects: ItemSuspects | null;
  readonly checks: ItemChecks | null;
  /** Rank of each sample's path among all paths. */
  readonly pathRank: () => Int32Array;
  readonly scores: readonly ScoreRow[];
}

export interface QueryResult {
  /** Item numbers in order; of images those of `images`. */
  readonly rows: Int32Array;
  /** Items that the query found. */
  readonly found: number;
  /** The images of a query by image; null for one by item. */
  readonly images: ImageGroups | null;
  readonly confusion: ConfusionCounts;
}

/** Places in the table of queues. */
export interface QueuePlaces {
  readonly queue: number;
  /** What is in doubt where a query asks for images and narrows no items. */
  readonly errors: number;
  /** The query's queue holds everything. */
  readonly isAll: boolean;
}

/** Images that are looked at in one piece, with some findings each. */
const samplesAtOnce = 1024;

/**
 * By image, the items of an image are those that the query found; where it asks for whole images, those in doubt. In pieces:
 * labels may change between them; each item is listed and counted once, as it stands when it is looked at.
 * @param places of the query's queue
 * @param selection what the query's `where` selects; undefined without one
 * Cost: one pass over the items, and a radix sort of those that match. Ties go by the order of the table.
 */
export function* selectItems(
  sources: ItemSources,
  query: ItemQuery,
  places: QueuePlaces,
  selection: Selection | undefined,
): Pieces<QueryResult> {
  const { labels, predictions, states } = sources;
  const { samples, findings } = labels.dataset;
  const width = findings.length;
  const isWanted = sampleFilter(sources, query, selection);
  yield;
  const itemMarks = selection?.of === 'item' ? selection.marks : undefined;
  const batchMarks = query.batch === undefined ? undefined : marksOf(labels, query.batch);
  const [first, last] = findingRange(sources, query.finding);
  const counter = new ConfusionCounter(labels, predictions, first, last);
  const isGiven = acceptedCodes(query.given, labels.values, last);
  const isPredicted = acceptedCodes(query.predicted, predictions.names, last);
  const ofWholeImages = query.by === 'image' && !narrowsItems(query, places, selection);

  let count = 0;
  let matches = 0;
  const found = new Int32Array(samples.length * (last - first));
  const look = (from: number, to: number): void => {
    for (let sample = from; sample < to; sample++) {
      if (isWanted[sample] === 0) continue;
      for (let finding = first; finding < last; finding++) {
        const item = sample * width + finding;
        if (itemMarks && !isMarked(itemMarks, item)) continue;
        if (batchMarks?.[item] === 0) continue;
        const code = labels.codes[item]!;
        const predicted = predictions.predicted[item]!;
        // What is masked (excluded, disputed without a decision) is measured nowhere, so not here either.
        const isMeasured = predicted >= 0 && (labels.flags[item]! & itemFlags.masked) === 0;
        if (isMeasured) counter.add(finding, code, predicted);
        if (!states.isIn(places.queue, item)) continue;
        // A value that an edit has just brought is none that was asked for.
        if (isGiven && isGiven[finding]![code + 1] !== 1) continue;
        if (isPredicted && isPredicted[finding]![predicted + 1] === 0) continue;
        matches++;
        if (ofWholeImages && !states.isIn(places.errors, item)) continue;
        found[count++] = item;
      }
    }
  };
  yield* ofRanges(samples.length, look, samplesAtOnce);
  const confusion = counter.counts();
  const items = found.subarray(0, count);
  if (query.by !== 'image') {
    const rows = yield* order(sources, query, items.slice());
    return { rows, found: matches, images: null, confusion };
  }
  const whole = ofWholeImages ? placesOf(isWanted) : undefined;
  yield;
  const images = yield* inImages(sources, query, items, whole);
  return { rows: images.items, found: matches, images, confusion };
}

/** Whether an order of a query goes by the paths of images. */
export function needsPaths(scores: readonly ScoreRow[], { sort }: ItemQuery): boolean {
  return sort !== gatheredOrder && scoreOf(scores, sort).neutral === true;
}

/** Whether a query asks for some findings of an image and not for others. */
function narrowsItems(query: ItemQuery, { isAll }: QueuePlaces, selection: Selection | undefined): boolean {
  const isNamed = [query.given, query.predicted].some((names) => (names?.length ?? 0) > 0);
  return !isAll || isNamed || query.batch !== undefined || selection?.of === 'item';
}

/** @param samples the images that are listed whatever is in doubt of them; undefined: those that have an item */
function* inImages(
  sources: ItemSources,
  query: ItemQuery,
  items: Int32Array,
  samples: Int32Array | undefined,
): Pieces<ImageGroups> {
  const width = sources.labels.dataset.findings.length;
  const key = (id: string): OrderKey => {
    const { of, descending } = scoreOf(sources.scores, id);
    return { of: of(sources), descending };
  };
  const worst = key(findingOrder);
  if (query.sort === gatheredOrder) {
    const placeOf = placesAsked(sources, query);
    const asked = { worst: [worst], keyOf: placeOf, descending: false };
    return yield* groupingByImage(items, width, asked, samples);
  }
  const { neutral } = scoreOf(sources.scores, query.sort);
  const sorted = key(query.sort);
  // An order that says nothing of labels has a place for an image of which nothing is in doubt.
  const keyOf = (sample: number, item: number | undefined): number =>
    neutral === true ? sorted.of(sample * width) : item === undefined ? NaN : sorted.of(item);
  const { descending } = query;
  return yield* groupingByImage(items, width, { worst: [sorted, worst], keyOf, descending }, samples);
}

/** The places of marks, ascending. */
function placesOf(marks: Uint8Array): Int32Array {
  const places = new Int32Array(marks.length);
  let count = 0;
  for (let place = 0; place < marks.length; place++) if (marks[place] === 1) places[count++] = place;
  return places.slice(0, count);
}

/** 1 for each item of a batch of edits. */
function marksOf(labels: EffectiveLabels, batch: string): Uint8Array {
  const marks = new Uint8Array(labels.items);
  for (const item of itemsOfBatch(labels, batch)) marks[item] = 1;
  return marks;
}

/** Per finding, 1 at code + 1 for each code that a list of names accepts; undefined where nothing is asked. */
function acceptedCodes(
  accepted: readonly string[] | undefined,
  names: readonly (readonly string[])[],
  findings: number,
): Uint8Array[] | undefined {
  if (!accepted?.length) return undefined;
  const wanted = new Set(accepted);
  return Array.from({ length: findings }, (_, finding) =>
    Uint8Array.from([noValue, ...(names[finding] ?? [])], (name) => (wanted.has(name) ? 1 : 0)),
  );
}

/** 1 for each sample that passes everything that is asked of samples. */
function sampleFilter(sources: ItemSources, query: ItemQuery, selection: Selection | undefined): Uint8Array {
  const { labels, assignment } = sources;
  const { samples } = labels.dataset;
  const wanted = new Set<Split>(query.splits.length === 0 ? splits : query.splits);
  const marks = new Uint8Array(samples.length);
  if (query.samples?.length) {
    for (const id of query.samples) {
      const sample = labels.index(id);
      if (sample !== undefined) marks[sample] = 1;
    }
  } else marks.fill(1);
  for (let sample = 0; sample < marks.length; sample++) {
    const split = assignment.split[sample];
    if (split === undefined || !wanted.has(split)) marks[sample] = 0;
    if (selection?.of === 'sample' && !isMarked(selection.marks, sample)) marks[sample] = 0;
  }
  return marks;
}

/** First and end of the findings asked for; none for an unknown one. */
function findingRange({ labels }: ItemSources, name: string | undefined): [number, number] {
  const { findings } = labels.dataset;
  if (name === undefined) return [0, findings.length];
  const index = findings.findIndex((finding) => finding.name === name);
  return index < 0 ? [0, 0] : [index, index + 1];
}

function* order(sources: ItemSources, query: ItemQuery, items: Int32Array): Pieces<Int32Array> {
  if (query.sort === gatheredOrder) return yield* inOrderAsked(sources, query, items);
  const row = scoreOf(sources.scores, query.sort);
  const then = row.then === undefined ? undefined : scoreOf(sources.scores, row.then);
  const first = then ? yield* sortingByKey(items, then.of(sources), then.descending) : items;
  return yield* sortingByKey(first, row.of(sources), query.descending);
}

/** In the order in which the query names its samples. */
function inOrderAsked(sources: ItemSources, query: ItemQuery, items: Int32Array): Pieces<Int32Array> {
  const { length } = sources.labels.dataset.findings;
  const placeOf = placesAsked(sources, query);
  return sortingByKey(items, (item) => placeOf(Math.floor(item / length)), false);
}

/** The place of a sample among those that a query names; NaN for one that it does not. */
function placesAsked({ labels }: ItemSources, { samples = [] }: ItemQuery): (sample: number) => number {
  const places = new Map(samples.map((id, k) => [labels.index(id), k]));
  return (sample) => places.get(sample) ?? NaN;
}
