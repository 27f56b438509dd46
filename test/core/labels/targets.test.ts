import { describe, expect, it } from 'vitest';
import { effectiveLabels } from '../../../src/core/labels/effectiveLabels';
import { buildTargets } from '../../../src/core/labels/targets';
import { event, multiClass, multiLabel, sample } from './builders';

const options = { disputed: 'exclude' } as const;

describe('targets of a multi-class dataset', () => {
  const dataset = multiClass(
    ['a', 'b', 'c', 'd', 'e', 'f', 'g'].map((id) => sample(id, [id === 'f' ? null : 'normal'])),
  );
  const set = (id: string, value: string, who = 'Ann') =>
    event(1, who, 'set', id, { finding: 'class', value });

  it('are class indices of the effective labels; -1 for what is not trained on', () => {
    const labels = effectiveLabels(
      dataset,
      [
        set('b', 'covid'),
        event(1, 'Ann', 'exclude', 'c'),
        set('d', 'covid'),
        set('d', 'normal', 'Bob'),
        set('e', 'no longer a class'),
        set('g', 'uncertain'),
      ],
      options,
    );
    const targets = buildTargets(dataset, labels);
    expect(targets.outputs).toEqual(['normal', 'pneumonia', 'covid']);
    expect([...targets.y]).toEqual([0, 2, -1, -1, -1, -1, -1]);
  });
});

describe('targets of a multi-label dataset', () => {
  const meanings = [
    { name: 'Atelectasis', uncertain: 'positive', unmentioned: 'negative' },
    { name: 'Oedema', uncertain: 'masked', unmentioned: 'masked' },
    { name: 'Fracture', uncertain: 'negative', unmentioned: 'positive' },
  ] as const;
  const values = ['1', '0', 'uncertain', null];
  const dataset = multiLabel(
    values.map((value, i) => sample(`s${i}`, [value, value, value])),
    meanings,
  );

  it('follow the mapping of each finding', () => {
    const targets = buildTargets(dataset, effectiveLabels(dataset, [], options));
    expect(targets.outputs).toEqual(['Atelectasis', 'Oedema', 'Fracture']);
    expect([...targets.y]).toEqual([1, 1, 1, 0, 0, 0, 1, -1, 0, 0, -1, 1]);
  });

  it('mask disputed and excluded items, not their neighbours', () => {
    const labels = effectiveLabels(
      dataset,
      [
        event(1, 'Ann', 'set', 's0', { finding: 'Oedema', value: '0' }),
        event(1, 'Bob', 'set', 's0', { finding: 'Oedema', value: 'uncertain' }),
        event(1, 'Ann', 'exclude', 's1', { finding: 'Atelectasis' }),
      ],
      options,
    );
    expect([...buildTargets(dataset, labels).y.subarray(0, 6)]).toEqual([1, -1, 1, -1, 0, 0]);
  });
});
