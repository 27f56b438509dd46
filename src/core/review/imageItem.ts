/** What a place of a list shows that stands for a whole image: the image, and the findings that the list is about. */
import { imageKey } from './itemKey';
import type { ReviewItem } from './model';

/**
 * @param item any item of the image, whose path, part and patient it is
 * @param findings items of the image, the worst first
 */
export function imageOf(item: ReviewItem, findings: readonly ReviewItem[]): ReviewItem {
  const { sample, hidden, path, split, group, outOfFold, seen } = item;
  return {
    key: imageKey(sample),
    sample,
    finding: '',
    ...{ hidden, path, split, group },
    ...{ given: null, value: null, source: 'given' },
    ...{ predicted: null, confidence: null, p: null, threshold: null, loss: null },
    ...{ outOfFold, seen },
    ...{ wrong: false, edited: false, kept: false, excluded: false, disputed: false, tooRare: false },
    findings,
  };
}
