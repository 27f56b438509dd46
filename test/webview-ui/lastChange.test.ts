import { describe, expect, it } from 'vitest';
import { describeChange } from '../../webview-ui/grid/describeChange';
import { Formatter } from '../../webview-ui/grid/format';
import { summariseChange } from '../../webview-ui/grid/state/lastChange';
import { english } from '../../webview-ui/grid/strings';
import type { EditOutcome, ReviewItem } from '../../src/protocol/engineApi';
import { item, outcome } from './support/builders';

const formatter = new Formatter(english, 'en');
const told = (items: readonly ReviewItem[], op: EditOutcome['op'] = 'edit', multiLabel = false): string =>
  describeChange(formatter, summariseChange(outcome(items, { op }))!, multiLabel);

describe('what a change did', () => {
  it('is said of one image by its name and label', () => {
    expect(told([item(1)])).toBe('s1.png → normal');
    expect(told([item(1, { value: 'uncertain', previous: 'effusion' })])).toBe(
      's1.png → uncertain (was effusion)',
    );
    expect(told([item(1, { kept: true })])).toBe('s1.png → normal, kept');
    expect(told([item(1, { value: null })], 'undo')).toBe('Undone: s1.png → no label');
    expect(told([item(1, { value: '0' })], 'redo', true)).toBe('Done again: s1.png → absent');
  });

  it('is said of several by how many have which label, the most frequent first', () => {
    const items = ['b', 'a', 'b', 'c', 'd', 'b', 'e'].map((value, n) => item(n, { value }));
    expect(told(items, 'undo')).toBe('Undone: 3 → b, 1 → a, 1 → c, 2 others');
    const excluded = [1, 2].map((n) => item(n, { excluded: true }));
    expect(told(excluded)).toBe('2 → excluded');
    const uncertain = [1, 2].map((n) => item(n, { value: 'uncertain', previous: String(n) }));
    expect(told(uncertain)).toBe('2 → uncertain');
  });

  it('is listed by the images and the parts that they are in, the test part only if one is', () => {
    const one = item(1);
    const query = summariseChange(outcome([one, item(2), { ...one, finding: 'class' }]))?.query;
    expect(query).toMatchObject({ queue: 'all', samples: ['s1', 's2'], splits: ['train'] });
    const findings = [item(1, { finding: 'Mass' }), item(2, { finding: 'Mass', split: 'test' })];
    expect(summariseChange(outcome(findings))?.query).toMatchObject({
      finding: 'Mass',
      splits: ['train', 'test'],
    });
    expect(summariseChange(outcome([]))).toBeNull();
  });
});
