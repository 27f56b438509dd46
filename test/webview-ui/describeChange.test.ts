import { describe, expect, it } from 'vitest';
import { describeChange } from '../../webview-ui/grid/describeChange';
import { Formatter } from '../../webview-ui/grid/format';
import { english } from '../../webview-ui/grid/strings';
import type { LabelChange, ReviewItem } from '../../src/protocol/engineApi';
import { change, item } from './support/builders';

const formatter = new Formatter(english, 'en');
const told = (of: LabelChange | null, multiLabel = false): string =>
  describeChange(formatter, of!, multiLabel);
const one = (fields: Partial<ReviewItem>, previous?: string, op: LabelChange['op'] = 'edit') => {
  const made = change([item(1, fields)], { op });
  const to = made!.to.map((group) => (previous === undefined ? group : { ...group, previous }));
  return { ...made!, to };
};

describe('what a change did', () => {
  it('is said of one image by its name and label', () => {
    expect(told(one({}))).toBe('s1.png → normal');
    expect(told(one({ value: 'uncertain' }, 'effusion'))).toBe('s1.png → uncertain (was effusion)');
    expect(told(one({ kept: true }))).toBe('s1.png → normal, kept');
    expect(told(one({ value: null }, undefined, 'undo'))).toBe('Undone: s1.png → no label');
    expect(told(one({ value: '0' }, undefined, 'redo'), true)).toBe('Done again: s1.png → absent');
  });

  it('is said of several by how many have which label', () => {
    const group = (value: string, count: number) => ({ value, count, excluded: false, kept: false });
    const to = [group('b', 3), group('a', 1), group('c', 1), group('d', 1), group('e', 1)];
    const many = change([item(1), item(2)], { op: 'undo', count: 7, to });
    expect(told(many)).toBe('Undone: 3 images → b, 1 image → a, 1 image → c, 2 images with other labels');
    expect(told(change([1, 2].map((n) => item(n, { excluded: true }))))).toBe('2 images → excluded');
    expect(told(change([1, 2].map((n) => item(n, { value: 'uncertain' }))))).toBe('2 images → uncertain');
  });
});
