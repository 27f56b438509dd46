/** What makes a reader stop and think, and how far they agree with themselves. */
import { describe, expect, it } from 'vitest';
import type { Look } from '../../../src/core/suspects/learned/looks';
import { selfAgreement } from '../../../src/core/suspects/learned/selfAgreement';
import { reviewWarnings } from '../../../src/core/suspects/learned/warnings';

/** One answer: a label that was given as 0 or 1, and what the reader says. */
function look(item: number, given: number, value: string, more: Partial<Look> = {}): Look {
  return {
    item,
    label: given,
    value,
    changed: value !== String(given),
    independent: true,
    again: false,
    shown: {},
    ...more,
  };
}

const given = ({ label }: Look): string => String(label);
const warnings = (looks: readonly Look[]): string[] => reviewWarnings({ looks, columns: [] }, given, []);

describe('a warning that changes go one way', () => {
  const changes = (one: number, other: number): Look[] => [
    ...Array.from({ length: one }, (_, i) => look(i, 1, '0')),
    ...Array.from({ length: other }, (_, i) => look(100 + i, 0, '1')),
  ];

  it('is given above four fifths of at least ten changes, kept labels aside', () => {
    expect(warnings(changes(9, 1))).toEqual([expect.stringContaining('9 of 10 changes go from 1 to 0')]);
    const kept = Array.from({ length: 50 }, (_, i) => look(200 + i, 1, '1'));
    expect(warnings([...changes(9, 1), ...kept])).toHaveLength(1);
  });

  it('is not given at four fifths, of fewer than ten, or for second looks at the same labels', () => {
    expect(warnings(changes(8, 2))).toEqual([]);
    expect(warnings(changes(9, 0))).toEqual([]);
    const again = Array.from({ length: 5 }, (_, i) => look(i, 1, '0', { again: true }));
    expect(warnings([...changes(9, 0), ...again])).toEqual([]);
  });
});

describe('a warning that one column explains the ranking', () => {
  const ranking = Array.from({ length: 40 }, (_, i) => i);
  const explained = (of: (item: number) => string): string[] =>
    reviewWarnings({ looks: [], columns: [{ name: 'view', of }] }, given, ranking);

  it('is given where its groups lie apart: half and half explain three quarters of the variance of the ranks', () => {
    // Between the groups (n/4)^2, in all (n^2 - 1)/12: 100 of 133.25.
    expect(explained((item) => (item < 20 ? 'PA' : 'AP'))).toEqual([
      expect.stringContaining('view alone explains 75 % of the ranking'),
    ]);
  });

  it('is not given where they are mixed, of a column with one value, or of few items', () => {
    expect(explained((item) => (item % 2 === 0 ? 'PA' : 'AP'))).toEqual([]);
    expect(explained(() => 'PA')).toEqual([]);
    const columns = [{ name: 'view', of: (item: number) => (item < 5 ? 'PA' : 'AP') }];
    expect(reviewWarnings({ looks: [], columns }, given, ranking.slice(0, 10))).toEqual([]);
  });
});

describe('agreement with oneself', () => {
  const repeat = { again: true, shown: { queue: 'repeat' } };

  it('counts labels that were offered again, against the first answer, with an exact interval', () => {
    const first = Array.from({ length: 10 }, (_, i) => look(i, 1, '1'));
    const second = Array.from({ length: 10 }, (_, i) => look(i, 1, i < 8 ? '1' : '0', repeat));
    // scipy.stats.binomtest(8, 10).proportion_ci(method='exact')
    expect(selfAgreement([...first, ...second])).toEqual({
      repeats: 10,
      agreed: 8,
      low: expect.closeTo(0.4439045, 6) as number,
      high: expect.closeTo(0.9747893, 6) as number,
    });
  });

  it('leaves out labels that were looked at again without being offered for it', () => {
    expect(selfAgreement([look(0, 1, '1'), look(0, 1, '0', { again: true })])).toBeNull();
  });
});
