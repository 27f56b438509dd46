/** A list as CSV: in the order shown, and harmless to a spreadsheet. */
import { describe, expect, it } from 'vitest';
import { listCsvLines } from '../../../src/core/review/listCsv';
import type { ReviewItem } from '../../../src/core/review/model';

const item: ReviewItem = {
  key: 'class/a',
  sample: 'a',
  finding: 'class',
  hidden: false,
  path: 'images/a.png',
  split: 'train',
  group: 'P1',
  given: 'Normal',
  value: 'Normal',
  source: 'given',
  predicted: 'Opacity',
  confidence: 0.75,
  p: 0.75,
  threshold: null,
  loss: 1.4,
  outOfFold: true,
  seen: false,
  wrong: true,
  edited: false,
  kept: false,
  excluded: false,
  disputed: false,
  tooRare: false,
};
const lines = (...items: ReviewItem[]): string[] => [...listCsvLines(items)].map((line) => line.trimEnd());

describe('a list as CSV', () => {
  it('has a row for each item in the order of the list', () => {
    expect(lines({ ...item, sample: 'b' }, item)).toEqual([
      'sample,image,patient,finding,label,model,score,threshold,state',
      'b,images/a.png,P1,class,Normal,Opacity,0.75,,open',
      'a,images/a.png,P1,class,Normal,Opacity,0.75,,open',
    ]);
  });

  it.each([
    ['open', {}],
    ['changed', { edited: true }],
    ['confirmed', { kept: true }],
    ['uncertain', { value: 'uncertain', previous: 'Normal', edited: true }],
    ['disputed', { disputed: true, value: null }],
    ['excluded', { excluded: true, edited: true }],
  ] as const)('says that an item is %s', (state, change) => {
    expect(
      lines({ ...item, ...change })
        .at(1)
        ?.split(',')
        .at(-1),
    ).toBe(state);
  });

  it('leaves empty what there is not', () => {
    expect(lines({ ...item, value: null, predicted: null, p: null, group: '' }).at(1)).toBe(
      'a,images/a.png,,class,,,,,open',
    );
  });

  it.each([
    ['=1+1', "'=1+1"],
    ['+1', "'+1"],
    ['-2+3', "'-2+3"],
    ['@SUM(A1)', "'@SUM(A1)"],
    ['=HYPERLINK("x","y")', '"\'=HYPERLINK(""x"",""y"")"'],
    ['a,b', '"a,b"'],
    ['a-b=c', 'a-b=c'],
  ])('writes %s so that no spreadsheet runs it', (text, cell) => {
    expect(
      lines({ ...item, sample: text })
        .at(1)
        ?.startsWith(`${cell},images`),
    ).toBe(true);
  });
});
