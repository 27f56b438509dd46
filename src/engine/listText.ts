/** The list that a page shows, all of it: as CSV, and its keys. */
import { ofRanges, type Pieces } from '../core/base/pieces';
import { listCsvLines } from '../core/review/listCsv';
import type { ItemKey, ReviewItem } from '../core/review/model';
import type { List } from './itemLists';
import type { Open } from './openProjects';

/** Made in one piece: each line takes some microseconds more than a key. */
const [linesAtOnce, keysAtOnce] = [64, 1024];

/**
 * Its items as they stand now, in the order shown; what a blind reader is not told is not in it. In pieces: an edit between them
 * is in the lines that come after it.
 * @param refuseGone throws where the list is gone, whose numbers mean other items then
 */
export function* listText(
  { blind }: Open,
  { rows, images, width }: List,
  refuseGone: () => void,
): Pieces<string> {
  const items = images ? images.samples.length * width : rows.length;
  const rowAt = (n: number): number =>
    images ? (images.samples[Math.floor(n / width)] ?? 0) * width + (n % width) : (rows[n] ?? 0);
  const lines = listCsvLines(itemsOf(blind, items, rowAt));
  const texts: string[] = [];
  let piece: string[] = [];
  for (const line of lines) {
    if (piece.push(line) < linesAtOnce) continue;
    texts.push(piece.join(''));
    piece = [];
    yield;
    refuseGone();
  }
  return [...texts, ...piece].join('');
}

/** Keys that one "select all" may return. */
const maxKeys = 200_000;

/** The keys of its places, in the order shown. In pieces, as `listText`. */
export function* keysOf(
  { blind }: Open,
  { rows, images }: List,
  refuseGone: () => void,
): Pieces<readonly ItemKey[]> {
  const numbers = (images?.samples ?? rows).subarray(0, maxKeys);
  const keys: ItemKey[] = [];
  yield* ofRanges(
    numbers.length,
    (from, to) => {
      refuseGone();
      for (const number of numbers.subarray(from, to)) {
        keys.push(images ? blind.imageKey(number) : blind.key(number));
      }
    },
    keysAtOnce,
  );
  return keys;
}

function* itemsOf(blind: Open['blind'], count: number, rowAt: (n: number) => number): Generator<ReviewItem> {
  for (let n = 0; n < count; n++) yield blind.item(rowAt(n));
}
