/** The list that a page shows, as CSV. */
import type { Pieces } from '../core/base/pieces';
import { listCsvLines } from '../core/review/listCsv';
import type { ReviewItem } from '../core/review/model';
import type { List } from './itemLists';
import type { Open } from './openProjects';

/** Lines made in one piece. */
const linesAtOnce = 64;

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

/** All findings of images, one after the other. */
function* itemsOf(blind: Open['blind'], count: number, rowAt: (n: number) => number): Generator<ReviewItem> {
  for (let n = 0; n < count; n++) yield blind.item(rowAt(n));
}
