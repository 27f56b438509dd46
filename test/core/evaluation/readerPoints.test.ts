/** Readers on the ROC plot: each against the others, nobody against his own word. */
import { describe, expect, it } from 'vitest';
import { readerPoints } from '../../../src/core/evaluation/readerPoints';
import { effectiveLabels } from '../../../src/core/labels/effectiveLabels';
import { event, multiClass, multiLabel, sample } from '../labels/builders';

const rows = (count: number): Int32Array => Int32Array.from({ length: count }, (_, n) => n);

describe('readerPoints', () => {
  it('counts each reader against what most of the others say', () => {
    const samples = ['a', 'b', 'c', 'd'].map((id) => sample(id, ['normal']));
    const says = (annotator: string, values: Readonly<Record<string, string>>) =>
      Object.entries(values).map(([id, value]) =>
        event(1, annotator, 'set', id, { finding: 'class', value }),
      );
    const events = [
      ...says('Ann', { a: 'pneumonia', b: 'normal', c: 'pneumonia' }),
      ...says('Bob', { a: 'pneumonia', b: 'pneumonia', c: 'normal' }),
      ...says('Eve', { a: 'pneumonia', b: 'normal', c: 'normal', d: 'pneumonia' }),
    ];
    const labels = effectiveLabels(multiClass(samples), events, { disputed: 'majority' });
    const [, pneumonia] = readerPoints(labels, ['normal', 'pneumonia'], rows(4));
    // Of Ann: a is pneumonia by both; b is a tie of the others; c is normal by both. d was read by Eve alone.
    expect(pneumonia).toEqual([
      { reader: 'Ann', positives: 1, true_positives: 1, negatives: 1, false_positives: 1 },
      { reader: 'Bob', positives: 1, true_positives: 1, negatives: 1, false_positives: 1 },
    ]);
  });

  it('an adjudication of somebody else is the truth; uncertain readings count for nothing', () => {
    const samples = ['a', 'b', 'c'].map((id) => sample(id, [null]));
    const labels = effectiveLabels(
      multiLabel(samples, [{ name: 'mass' }]),
      [
        event(1, 'Ann', 'set', 'a', { finding: 'mass', value: '0' }),
        event(1, 'Bob', 'set', 'a', { finding: 'mass', value: '0' }),
        event(2, 'Zoë', 'set', 'a', { finding: 'mass', value: '1', role: 'adjudicator' }),
        event(1, 'Ann', 'set', 'b', { finding: 'mass', value: '0' }),
        event(1, 'Bob', 'set', 'b', { finding: 'mass', value: '0' }),
        event(1, 'Ann', 'set', 'c', { finding: 'mass', value: 'uncertain' }),
        event(1, 'Bob', 'set', 'c', { finding: 'mass', value: '1' }),
      ],
      { disputed: 'exclude' },
    );
    const missed = { positives: 1, true_positives: 0, negatives: 1, false_positives: 0 };
    expect(readerPoints(labels, ['mass'], rows(3))).toEqual([
      [
        { reader: 'Ann', ...missed },
        { reader: 'Bob', ...missed },
      ],
    ]);
    expect(readerPoints(labels, ['mass'], rows(1))).toEqual([[]]);
  });
});
