/** The list that a page shows, as CSV. */
import { listCsvLines } from '../core/review/listCsv';
import type { ReviewItem } from '../core/review/model';
import type { List } from './itemLists';
import type { Open } from './openProjects';

/** Its items as they stand now, in the order shown; what a blind reader is not told is not in it. */
export function listText({ blind }: Open, { rows, images, width }: List): string {
  const items = images ? findingsOf(images.samples, width) : rows;
  return [...listCsvLines(itemsOf(blind, items))].join('');
}

function* itemsOf(blind: Open['blind'], items: Int32Array): Generator<ReviewItem> {
  for (const item of items) yield blind.item(item);
}

/** All findings of images, one after the other. */
function findingsOf(samples: Int32Array, width: number): Int32Array {
  return Int32Array.from(
    { length: samples.length * width },
    (_, i) => (samples[Math.floor(i / width)] ?? 0) * width + (i % width),
  );
}
