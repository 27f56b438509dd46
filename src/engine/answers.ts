/** What a page's answer is about: its items, and what was shown of each. */
import { OverreadError } from '../core/base/errors';
import type { AnswerTarget, Shown, Written } from '../core/labels/model';
import type { Catalog } from '../core/review/catalog';
import type { AnswerRequest, ItemKey } from '../protocol/engineApi';
import type { ImageGroups } from '../core/review/imageGroups';
import { placeIn, type List } from './itemLists';
import type { OfferedItems } from './offeredItems';

/**
 * The item numbers of an answer. Keys that mean nothing any more are passed over.
 * @param list the list on show; undefined for one that is gone
 * @throws OVR803 for all of a list that is gone, OVR400 when no item is left, or no finding is named for a list of images
 */
export function answeredRows(
  known: {
    itemNumber(key: ItemKey): number | undefined;
    /** The place of a finding among those of an image; undefined for none. */
    findingNumber(name: string | undefined): number | undefined;
  },
  { items, finding }: Pick<AnswerRequest, 'items' | 'finding'>,
  list: List | undefined,
): Iterable<number> & { readonly length: number } {
  if (items === 'all') {
    if (list?.images) return findingOfImages(list.images, known.findingNumber(finding), list.width);
    if (list) return list.rows;
    throw new OverreadError({
      code: 'OVR803',
      message: 'This list of items is out of date',
      fix: 'Ask again',
    });
  }
  const rows = items.map((key) => known.itemNumber(key)).filter((row) => row !== undefined);
  if (rows.length > 0) return rows;
  throw new OverreadError({
    code: 'OVR400',
    message: 'There is no such review item',
    fix: 'Refresh the list',
  });
}

/** One finding of every image of a list. @throws OVR400 where none is named: what is answered must be said */
function findingOfImages({ samples }: ImageGroups, finding: number | undefined, width: number): Int32Array {
  if (finding !== undefined) return samples.map((sample) => sample * width + finding);
  throw new OverreadError({
    code: 'OVR400',
    message: 'An answer for all images of a list names one finding',
    fix: 'Choose a finding',
  });
}

/** A blind answer was given without score and prediction, so it names neither. */
export function* answerTargets(
  catalog: Catalog,
  rows: Iterable<number>,
  list: List | undefined,
  {
    isBlind,
    isLive,
    offered,
  }: {
    readonly isBlind: (row: number) => boolean;
    readonly isLive: boolean;
    readonly offered: Pick<OfferedItems, 'shownOf'>;
  },
): Generator<AnswerTarget> {
  for (const row of rows) {
    const target = catalog.answerTarget(row, list?.queue);
    const blind = isBlind(row);
    const rank = list && placeIn(list, row);
    const score = blind ? null : catalog.loss(row);
    // Assigned one by one: of 200,000 items spreads take longer than all else that an answer does.
    const shown: Written<Shown> = { blind };
    if (isLive) shown.live = true;
    if (list !== undefined) shown.queue = list.queue;
    if (rank !== undefined) shown.rank = rank;
    if (score !== null) shown.score = score;
    if (!blind && target.predicted !== null) shown.suggestion = target.predicted;
    const offer = offered.shownOf(row);
    if (offer) Object.assign(shown, offer);
    yield { ...target, shown };
  }
}
