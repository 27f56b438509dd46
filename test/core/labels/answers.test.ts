import { describe, expect, it } from 'vitest';
import { answerEdits, valuesByKey } from '../../../src/core/labels/answers';
import { effectiveLabels } from '../../../src/core/labels/effectiveLabels';
import type { Answer, AnswerTarget } from '../../../src/core/labels/model';
import { multiClass, multiLabel, sample } from './builders';

const classLabels = effectiveLabels(multiClass([sample('a', ['normal']), sample('b', ['covid'])]), [], {
  disputed: 'exclude',
});
const findingLabels = effectiveLabels(
  multiLabel([sample('a', ['1', '0'])], [{ name: 'Mass' }, { name: 'Edema' }]),
  [],
  { disputed: 'exclude' },
);
const target: AnswerTarget = { sample: 'a', finding: 'class', predicted: 'covid' };
const inClass = (answer: Answer, ...targets: readonly AnswerTarget[]) =>
  answerEdits(classLabels, answer, targets.length > 0 ? targets : [target]);
const inFinding = (answer: Answer, of: Partial<AnswerTarget> = {}) =>
  answerEdits(findingLabels, answer, [{ sample: 'a', finding: 'Mass', predicted: '0', ...of }]);

describe('answers become edits', () => {
  it('accept sets what the model says, and keeps what was shown, the run, the reason and the time', () => {
    const shown = { blind: false, queue: 'errors', rank: 4, score: 2.3, suggestion: 'covid' };
    const answer = { op: 'accept', reason: 'why', ms: 12 } as const;
    expect(answerEdits(classLabels, answer, [{ ...target, shown }], 'r')).toEqual([
      { op: 'set', finding: 'class', value: 'covid', sample: 'a', run: 'r', shown, reason: 'why', ms: 12 },
    ]);
  });

  it('accept leaves out what the model says nothing of, and is refused when that is all', () => {
    const unknown = { sample: 'b', finding: 'class', predicted: null };
    expect(inClass({ op: 'accept' }, unknown, target).map((edit) => edit.sample)).toEqual(['a']);
    expect(() => inClass({ op: 'accept' }, unknown)).toThrow(expect.objectContaining({ code: 'OVR400' }));
  });

  it('accept of the label that stands is a keep, as any confirmation', () => {
    expect(inClass({ op: 'accept' }, { ...target, predicted: 'normal' })[0]).toMatchObject({
      op: 'keep',
      value: 'normal',
    });
  });

  it('uncertain is a value of a finding, and in place of a class', () => {
    expect(inClass({ op: 'uncertain' })[0]).toMatchObject({ op: 'set', value: 'uncertain' });
    expect(inFinding({ op: 'uncertain' })[0]).toMatchObject({ finding: 'Mass', value: 'uncertain' });
  });

  it('exclude is of the image for a class; of the finding, or of all of an image, in multi-label', () => {
    expect(inClass({ op: 'exclude' })).toEqual([{ op: 'exclude', sample: 'a' }]);
    expect(inFinding({ op: 'exclude' })).toEqual([{ op: 'exclude', sample: 'a', finding: 'Mass' }]);
    expect(answerEdits(findingLabels, { op: 'include' }, [{ sample: 'a' }])).toEqual([
      { op: 'include', sample: 'a' },
    ]);
  });

  it.each(['set', 'accept', 'keep', 'uncertain'] as const)(
    '%s needs the finding where there are several',
    (op) => {
      expect(() => answerEdits(findingLabels, { op }, [{ sample: 'a', predicted: '1' }])).toThrow(
        expect.objectContaining({ code: 'OVR401', expected: 'one of Mass, Edema' }),
      );
      expect(answerEdits(classLabels, { op }, [{ sample: 'a', predicted: 'covid' }])[0]?.finding).toBe(
        'class',
      );
    },
  );

  it('nothing is written of an answer of which one part is wrong', () => {
    const gone = { sample: 'gone', finding: 'class' };
    expect(() => inClass({ op: 'keep' }, target, gone)).toThrow(expect.objectContaining({ code: 'OVR400' }));
    expect(() => inClass({ op: 'set', value: 'flu' })).toThrow(expect.objectContaining({ code: 'OVR402' }));
  });
});

describe('the values of the number keys', () => {
  const finding = (values: readonly string[]) =>
    ({ name: 'f', values, uncertain: 'masked', unmentioned: 'negative' }) as const;

  it('are the classes in their order, and present, absent, uncertain', () => {
    expect(valuesByKey('multi-class', finding(['b', 'a']))).toEqual(['b', 'a']);
    expect(valuesByKey('multi-label', finding(['0', '1', 'uncertain']))).toEqual(['1', '0', 'uncertain']);
    expect(valuesByKey('multi-label', finding(['0', '1', 'x']))).toEqual(['1', '0', 'x']);
  });
});
