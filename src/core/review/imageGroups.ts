/**
 * The images of a multi-label list: one place for each image, with those of its items that the list is about, the worst
 * first. Made in one pass over items that lie image by image, in typed arrays: 1.6 million items are a fraction of a second.
 */
import { ofRanges, type Pieces } from '../base/pieces';
import { sortingByKey } from './ranking';

/** Images that are looked at in one piece, with some findings each. */
const imagesAtOnce = 256;

export interface ImageGroups {
  /** The image at each place of the list, as an index into `dataset.samples`. */
  readonly samples: Int32Array;
  /** The items of the image at place k are those of `items` from `starts[k]` to before `starts[k + 1]`. */
  readonly starts: Int32Array;
  /** Item numbers, the worst of each image first. */
  readonly items: Int32Array;
}

/** A number to order by; NaN for none, which comes last either way. */
export interface OrderKey {
  readonly of: (item: number) => number;
  /** The higher numbers are the worse ones. */
  readonly descending: boolean;
}

/** How images lie in their list, and items in their image. */
export interface ImageOrder {
  /** Items of an image: the worst first by the first key, equal ones by the next. */
  readonly worst: readonly OrderKey[];
  /** The number of an image; given its worst item, and undefined for an image without one. */
  readonly keyOf: (sample: number, worst: number | undefined) => number;
  readonly descending: boolean;
}

/**
 * Groups items by image and orders both, in pieces.
 * @param items item numbers, ascending
 * @param width findings of an image: item n is of sample ⌊n / width⌋
 * @param listed the images that are listed, ascending, also those without an item; absent: those that have one
 */
export function* groupingByImage(
  items: Int32Array,
  width: number,
  order: ImageOrder,
  listed?: Int32Array,
): Pieces<ImageGroups> {
  const samples = listed ?? (yield* imagesOf(items, width));
  const starts = new Int32Array(samples.length + 1);
  const ranked = items.slice();
  const keys = new Float64Array(samples.length);
  let end = 0;
  const ofImages = function* (work: (from: number, to: number) => void): Pieces<void> {
    yield* ofRanges(samples.length, work, imagesAtOnce);
  };
  yield* ofImages((from, to) => {
    for (let k = from; k < to; k++) {
      const next = (samples[k]! + 1) * width;
      while (end < items.length && items[end]! < next) end++;
      starts[k + 1] = end;
    }
  });
  yield* ofImages((from, to) => {
    for (let k = from; k < to; k++) {
      const first = starts[k]!;
      rank(ranked, first, starts[k + 1]!, order.worst);
      keys[k] = order.keyOf(samples[k]!, first < starts[k + 1]! ? ranked[first] : undefined);
    }
  });
  const places = yield* sortingByKey(countTo(samples.length), (place) => keys[place]!, order.descending);
  return yield* arrange({ samples, starts, items: ranked }, places);
}

/** The first `keep` images of a list as they are, and behind them those of another that are not among them. */
export function* imagesBehind(first: ImageGroups, keep: number, next: ImageGroups): Pieces<ImageGroups> {
  const stay = yield* arrange(first, countTo(Math.min(keep, first.samples.length)));
  const staying = new Set(stay.samples);
  const others = countTo(next.samples.length).filter((k) => !staying.has(next.samples[k]!));
  yield;
  const rest = yield* arrange(next, others);
  const offset = stay.items.length;
  return {
    samples: joined(stay.samples, rest.samples),
    starts: joined(
      stay.starts,
      rest.starts.subarray(1).map((start) => start + offset),
    ),
    items: joined(stay.items, rest.items),
  };
}

/** The items at one place of the list. */
export function itemsAt({ starts, items }: ImageGroups, place: number): Int32Array {
  return items.subarray(starts[place], starts[place + 1]);
}

/** Some places of a list, in another order. */
function* arrange(groups: ImageGroups, places: Int32Array): Pieces<ImageGroups> {
  const samples = new Int32Array(places.length);
  const starts = new Int32Array(places.length + 1);
  for (let k = 0; k < places.length; k++) {
    const place = places[k]!;
    samples[k] = groups.samples[place]!;
    starts[k + 1] = starts[k]! + groups.starts[place + 1]! - groups.starts[place]!;
  }
  yield;
  const items = new Int32Array(starts[places.length]!);
  yield* ofRanges(places.length, (from, to) => {
    for (let k = from; k < to; k++) {
      let at = starts[k]!;
      for (let i = groups.starts[places[k]!]!; i < groups.starts[places[k]! + 1]!; i++) {
        items[at++] = groups.items[i]!;
      }
    }
  });
  return { samples, starts, items };
}

/** 0, 1, … */
function countTo(length: number): Int32Array {
  const numbers = new Int32Array(length);
  for (let k = 0; k < length; k++) numbers[k] = k;
  return numbers;
}

/** Sorts a few items of one image in place, by insertion: an image has some ten. */
function rank(items: Int32Array, from: number, to: number, by: readonly OrderKey[]): void {
  for (let i = from + 1; i < to; i++) {
    const item = items[i]!;
    let at = i;
    while (at > from && isWorse(item, items[at - 1]!, by)) {
      items[at] = items[at - 1]!;
      at--;
    }
    items[at] = item;
  }
}

function isWorse(a: number, b: number, by: readonly OrderKey[]): boolean {
  for (const { of, descending } of by) {
    const [left, right] = [of(a), of(b)];
    if (left === right || (Number.isNaN(left) && Number.isNaN(right))) continue;
    if (Number.isNaN(left) || Number.isNaN(right)) return Number.isNaN(right);
    return descending ? left > right : left < right;
  }
  return false;
}

function* imagesOf(items: Int32Array, width: number): Pieces<Int32Array> {
  const samples = new Int32Array(items.length);
  let count = 0;
  yield* ofRanges(items.length, (from, to) => {
    for (let i = from; i < to; i++) {
      const sample = Math.floor(items[i]! / width);
      if (count === 0 || samples[count - 1] !== sample) samples[count++] = sample;
    }
  });
  return samples.slice(0, count);
}

function joined(a: Int32Array, b: Int32Array): Int32Array {
  const both = new Int32Array(a.length + b.length);
  both.set(a);
  both.set(b, a.length);
  return both;
}
