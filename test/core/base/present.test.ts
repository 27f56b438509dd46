import { describe, expect, it } from 'vitest';
import { OverreadError } from '../../../src/core/base/errors';
import { present } from '../../../src/core/base/present';

describe('present', () => {
  it('gives what is there, also what is false or nothing', () => {
    for (const value of [0, '', false, null, Number.NaN]) expect(present(value, 'the value')).toBe(value);
  });

  it('says what is missing, as a defect and no fault of anybody’s data', () => {
    const missing = () => present(['a'][1], 'the sample');
    expect(missing).toThrow('the sample is missing');
    try {
      missing();
    } catch (error) {
      expect(error).not.toBeInstanceOf(OverreadError);
    }
  });
});
