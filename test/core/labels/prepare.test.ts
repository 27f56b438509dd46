import { describe, expect, it } from 'vitest';
import { effectiveLabels } from '../../../src/core/labels/effectiveLabels';
import type { LabelEdit, LabelEvent } from '../../../src/core/labels/model';
import { prepareEdits } from '../../../src/core/labels/prepare';
import type { LabelValue } from '../../../src/core/dataset/model';
import { event, multiClass, multiLabel, sample } from './builders';

const dataset = multiClass([sample('a', ['normal']), sample('b', [null])]);

function opsOf(events: readonly LabelEvent[], edits: readonly Partial<LabelEdit>[], data = dataset) {
  const labels = effectiveLabels(data, events, { disputed: 'exclude' });
  const full = edits.map((edit): LabelEdit => ({ op: 'set', sample: 'a', ...edit }));
  return prepareEdits(labels, full).map(({ op, value }) => [op, value]);
}
const set = (at: number, who: string, value: LabelValue) =>
  event(at, who, 'set', 'a', { finding: 'class', value });

describe('an answer that is the label already', () => {
  it('is a confirmation, of the given label and of a corrected one', () => {
    expect(opsOf([], [{ value: 'normal' }, { value: 'covid' }])).toEqual([
      ['keep', 'normal'],
      ['set', 'covid'],
    ]);
    expect(opsOf([set(1, 'Ann', 'covid')], [{ value: 'covid' }, { value: 'normal' }])).toEqual([
      ['keep', 'covid'],
      ['set', 'normal'],
    ]);
  });

  it('is one for uncertain, and for no label, too', () => {
    expect(opsOf([set(1, 'Ann', 'uncertain')], [{ value: 'uncertain' }])).toEqual([['keep', 'uncertain']]);
    expect(opsOf([], [{ sample: 'b', value: null }])).toEqual([['keep', null]]);
  });

  it('is none where readers disagree and nothing stands', () => {
    expect(opsOf([set(1, 'Ann', 'covid'), set(2, 'Bob', 'normal')], [{ value: null }])).toEqual([
      ['set', null],
    ]);
  });

  it('is one of the finding that it is about', () => {
    const findings = multiLabel([sample('a', ['1', '0'])], [{ name: 'Mass' }, { name: 'Edema' }]);
    const edits = [
      { finding: 'Mass', value: '1' },
      { finding: 'Edema', value: '1' },
    ];
    expect(opsOf([], edits, findings)).toEqual([
      ['keep', '1'],
      ['set', '1'],
    ]);
  });

  it('is none for a study of which another image has another label', () => {
    const study = { group: 'p', study: 's' };
    const images = multiClass([sample('a', ['normal'], study), sample('b', ['covid'], study)]);
    const labels = effectiveLabels(images, [], { disputed: 'exclude', unit: 'study' });
    const [edit] = prepareEdits(labels, [{ op: 'set', sample: 'a', value: 'normal' }]);
    expect(edit?.op).toBe('set');
  });
});
