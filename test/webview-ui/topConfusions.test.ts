import { describe, expect, it } from 'vitest';
import { mostDiffering, topConfusions } from '../../webview-ui/grid/matrix/topConfusions';

const confusion = {
  labels: ['a', 'b', ''],
  predicted: ['a', 'b'],
  counts: [
    [50, 2],
    [7, 60],
    [0, 3],
  ],
};

describe('the most frequent confusions', () => {
  it('are those off the diagonal, the most frequent first, without what never happened', () => {
    expect(topConfusions(confusion, 10)).toEqual([
      { given: 'b', predicted: 'a', count: 7 },
      { given: '', predicted: 'b', count: 3 },
      { given: 'a', predicted: 'b', count: 2 },
    ]);
    expect(topConfusions(confusion, 1)).toHaveLength(1);
  });

  it('scale the darkness of cells by the largest, and of nothing by one', () => {
    expect(mostDiffering(confusion)).toBe(7);
    expect(mostDiffering({ labels: [], predicted: [], counts: [] })).toBe(1);
  });
});
