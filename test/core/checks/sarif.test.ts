/** SARIF logs beside the schema of the standard. */
import * as path from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Check } from '../../../src/core/checks/model';
import { toSarif } from '../../../src/core/checks/sarif';
import { sarifFaults } from '../../support/sarifSchema';

const root = path.resolve('/data/a study');

const check = (more: Partial<Check>): Check => ({
  ...{ code: 'OVR311', kind: 'contradiction', severity: 'error', samples: ['a b.png'], score: 0.9 },
  message: 'Two images that register onto each other are "a" in 1.png and "ä" in 2.png',
  fixes: [{ title: 'Leave one of them out', command: 'overread exclude DIR SAMPLE' }, { title: 'Look' }],
  ...more,
});

/** Every shape that a finding comes in. */
const checks: readonly Check[] = [
  check({ place: { file: 'samples.csv', row: 7 } }),
  check({ severity: 'warning', score: null, place: { file: 'sub folder/größe.csv', row: 0, field: 'age' } }),
  check({
    severity: 'info',
    code: 'OVR315',
    kind: 'off-topic',
    score: 1 - 1 / 1.6,
    place: { file: 'overread.yaml', line: 3 },
  }),
  check({ score: -0.2, place: { file: path.join(root, 'elsewhere.csv'), row: 2 } }),
  check({ score: 1.0001, samples: [], fixes: [], place: { file: 'samples.csv' } }),
  check({ code: 'OVR320', kind: 'backbone', samples: [] }),
];

describe('SARIF', () => {
  it('is what the schema of 2.1.0 asks for, for every shape of finding and for none', () => {
    expect(sarifFaults(toSarif(checks, root, '0.1.0'))).toEqual([]);
    expect(sarifFaults(toSarif([], root, '0.1.0'))).toEqual([]);
  });

  it('would be refused with a level, a rank or a line that the standard does not know', () => {
    const faults = (change: string, to: string): string[] =>
      sarifFaults(JSON.parse(JSON.stringify(toSarif(checks, root, '0.1.0')).replace(change, to)));
    expect(faults('"level":"note"', '"level":"info"').join()).toContain('/level');
    expect(faults('"rank":90', '"rank":101').join()).toContain('/rank');
    expect(faults('"startLine":7', '"startLine":0').join()).toContain('/startLine');
    expect(faults('"version":"2.1.0"', '"version":"2.2"').join()).toContain('/version');
  });
});
