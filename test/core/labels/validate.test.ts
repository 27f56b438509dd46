import { describe, expect, it } from 'vitest';
import { OverreadError } from '../../../src/core/base/errors';
import type { LabelEdit } from '../../../src/core/labels/model';
import { nearest, validateEdits } from '../../../src/core/labels/validate';
import { multiClass, multiLabel, sample } from './builders';

const oneClass = multiClass(
  ['images/a_001.png', 'images/a_002.png', 'other/b.png'].map((id) => sample(id, ['normal'])),
);
const findings = multiLabel([sample('a', ['1', '0'])], [{ name: 'Effusion' }, { name: 'Mass' }]);

function check(dataset: typeof oneClass, edit: LabelEdit): string {
  const known = new Set(dataset.samples.map((one) => one.id));
  try {
    return JSON.stringify(validateEdits(dataset, (id) => known.has(id), [edit])[0]);
  } catch (error) {
    return error instanceof OverreadError ? `${error.code} ${error.describe()}` : String(error);
  }
}

describe('validateEdits', () => {
  it('fills in the one finding of a multi-class dataset', () => {
    const edit: LabelEdit = { op: 'set', sample: 'other/b.png', value: 'covid' };
    expect(JSON.parse(check(oneClass, edit))).toEqual({ ...edit, finding: 'class' });
  });

  it('names the nearest samples for one that is not there', () => {
    const text = check(oneClass, { op: 'set', sample: 'images/a_003.png', value: 'covid' });
    expect(text).toMatch(/^OVR400 .*"images\/a_003.png".*"images\/a_001.png" or "images\/a_002.png"/);
    expect(check(oneClass, { op: 'exclude', sample: 'b.png' })).toContain('Did you mean "other/b.png"?');
  });

  it('names the findings, and the values that one may have', () => {
    expect(check(findings, { op: 'set', sample: 'a', finding: 'Effusoin', value: '1' })).toMatch(
      /^OVR401 .*one of Effusion, Mass.*Did you mean "Effusion"/,
    );
    expect(check(findings, { op: 'keep', sample: 'a' })).toMatch(/^OVR401 /);
    const wrongValue = check(findings, { op: 'set', sample: 'a', finding: 'Mass', value: 'yes' });
    expect(wrongValue).toMatch(/^OVR402 .*0, 1, uncertain, or none/);
    expect(check(oneClass, { op: 'set', sample: 'other/b.png' })).toMatch(/^OVR402 .*No value given/);
    expect(check(oneClass, { op: 'set', sample: 'other/b.png', value: 'Covid' })).toContain(
      'Did you mean "covid"?',
    );
  });

  it('takes uncertain in place of a class', () => {
    const edit: LabelEdit = { op: 'set', sample: 'other/b.png', value: 'uncertain' };
    expect(JSON.parse(check(oneClass, edit))).toEqual({ ...edit, finding: 'class' });
    expect(check(oneClass, { ...edit, value: 'unsure' })).toContain('normal, pneumonia, covid, uncertain');
  });

  it('takes none for a value, and exclusions of a whole sample', () => {
    expect(check(findings, { op: 'set', sample: 'a', finding: 'Mass', value: null })).toContain(
      '"value":null',
    );
    expect(JSON.parse(check(findings, { op: 'exclude', sample: 'a' }))).toEqual({
      op: 'exclude',
      sample: 'a',
    });
  });
});

describe('nearest', () => {
  it('prefers what differs least, and finds nothing for something else', () => {
    expect(nearest('pnuemonia', ['covid', 'pneumonia', 'pneumonias'], 2)).toEqual([
      'pneumonia',
      'pneumonias',
    ]);
    expect(nearest('fracture', ['covid', 'normal'], 3)).toEqual([]);
    expect(nearest('', ['covid'], 3)).toEqual([]);
  });
});
