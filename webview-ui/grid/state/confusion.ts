/** Keeps the confusion matrix true while labels change under it, without asking the host again. */
import type { ConfusionCounts, ReviewItem } from '../../../src/protocol/engineApi';

/** How the host writes "no label" in the matrix and in filters on labels. */
export const noValue = '';

/** What was counted before and is counted now, item by item. */
export interface ItemChange {
  readonly before: ReviewItem;
  readonly after: ReviewItem;
}

/** The counts after these changes. A label that has no row yet gets one at the end. */
export function moveCounts(confusion: ConfusionCounts, changes: readonly ItemChange[]): ConfusionCounts {
  const labels = [...confusion.labels];
  const counts = confusion.counts.map((row) => [...row]);
  const add = (item: ReviewItem, by: number): void => {
    const column = confusion.predicted.indexOf(item.predicted ?? noValue);
    if (column === -1 || !isMeasured(item)) return;
    const row = labels.indexOf(item.value ?? noValue);
    const cells = counts[row] ?? confusion.predicted.map(() => 0);
    if (row === -1) {
      labels.push(item.value ?? noValue);
      counts.push(cells);
    }
    cells[column] = Math.max(0, (cells[column] ?? 0) + by);
  };
  for (const { before, after } of changes) {
    add(before, -1);
    add(after, 1);
  }
  return { labels, predicted: confusion.predicted, counts };
}

/** As the host counts: with an opinion of the model, and neither excluded nor disputed without a decision. */
function isMeasured(item: ReviewItem): boolean {
  return item.predicted !== null && !item.excluded && !(item.disputed && item.value === null);
}
