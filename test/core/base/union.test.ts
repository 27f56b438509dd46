/** Lists of numbers as one: a few as well as many are what a set and a sort make of them. */
import { describe, expect, it } from 'vitest';
import { atOnce } from '../../../src/core/base/pieces';
import { SplitMix32 } from '../../../src/core/base/random';
import { unionOf } from '../../../src/core/base/union';

describe('the union of lists', () => {
  it.each([0, 3, 500, 20_000])('has each number once, ascending: of %i and as many again', (length) => {
    const random = new SplitMix32(length);
    const end = 30_000;
    const draw = (): number[] => Array.from({ length }, () => random.below(end));
    const lists = [draw(), draw(), [end - 1, 0]];
    expect(atOnce(unionOf(end, lists))).toEqual([...new Set(lists.flat())].sort((a, b) => a - b));
  });
});
