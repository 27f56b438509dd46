import { describe, expect, it } from 'vitest';
import { OverreadError, errorCodes, formatPlace, throwIfCancelled } from '../../../src/core/base/errors';

describe('OverreadError', () => {
  it('says what failed, where, what was expected and what to do', () => {
    const error = new OverreadError({
      code: 'OVR201',
      message: 'The table has no column "patient"',
      place: { file: 'samples.csv', row: 1, field: 'patient' },
      expected: 'one of path, label, patient_id',
      fix: 'Set dataset.group to a column of the table',
    });
    expect(error.describe()).toBe(
      'samples.csv:1 (field "patient"): The table has no column "patient". ' +
        'Expected: one of path, label, patient_id. Set dataset.group to a column of the table.',
    );
    expect(error.exitCode).toBe(3);
    expect(JSON.parse(JSON.stringify(error))).toMatchObject({ code: 'OVR201', place: { row: 1 } });
  });

  it.each([
    ['usage', 2],
    ['input', 3],
    ['environment', 4],
    ['cancelled', 130],
  ])('maps %s errors to exit code %d', (kind, exitCode) => {
    const code = (Object.keys(errorCodes) as (keyof typeof errorCodes)[]).find(
      (one) => errorCodes[one] === kind,
    )!;
    expect(new OverreadError({ code, message: 'x' }).exitCode).toBe(exitCode);
  });

  it('names a place by as much as is known', () => {
    expect(formatPlace(undefined)).toBe('');
    expect(formatPlace({ file: 'a.yaml', line: 3, column: 5 })).toBe('a.yaml:3:5');
  });

  it('turns an aborted signal into the cancellation error', () => {
    const controller = new AbortController();
    expect(() => throwIfCancelled(controller.signal)).not.toThrow();
    controller.abort();
    expect(() => throwIfCancelled(controller.signal)).toThrow(expect.objectContaining({ code: 'OVR002' }));
  });
});
