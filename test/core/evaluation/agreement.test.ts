/** Agreement of readers: against statsmodels and scikit-learn (test/golden/agreement.py). */
import { describe, expect, it } from 'vitest';
import {
  agreementOf,
  cohenKappa,
  fleissKappa,
  readerAgreement,
} from '../../../src/core/evaluation/agreement';
import { effectiveLabels } from '../../../src/core/labels/effectiveLabels';
import golden from '../../golden/values/evaluation/agreement.json';
import { event, multiClass, sample } from '../labels/builders';

describe('kappa', () => {
  it.each(golden.map((one, k) => [k, one] as const))(
    'equals the reference, case %i',
    (_, { readings, fleiss, cohen }) => {
      const values = readings.map((row) => row.map(String));
      expect(fleissKappa(values)).toBeCloseTo(fleiss, 12);
      cohen.forEach((row, a) =>
        row.forEach((expected, b) =>
          expect(cohenKappa(values.map((of) => [of[a] ?? '', of[b] ?? '']))).toBeCloseTo(expected, 12),
        ),
      );
    },
  );

  it('is none where there is nothing to agree on', () => {
    expect(fleissKappa([])).toBeNull();
    expect(cohenKappa([])).toBeNull();
    expect(
      fleissKappa([
        ['A', 'A'],
        ['A', 'A'],
      ]),
    ).toBeNull();
    expect(cohenKappa([['A', 'A']])).toBeNull();
    expect(agreementOf([[{ reader: 'a', value: 'x' }]])).toMatchObject({
      items: 0,
      agreed: 0,
      fleiss: null,
      pairs: [],
    });
  });
});

it('takes readings of the table and of events, and no adjudication', () => {
  const readings = [
    { reader: 'r1', labels: ['normal'] },
    { reader: 'r2', labels: ['covid'] },
  ];
  const dataset = multiClass([sample('a', [null], { readings }), sample('b', ['normal'])]);
  const events = [
    event(1, 'r2', 'set', 'a', { finding: 'class', value: 'normal' }),
    event(2, 'Chief', 'set', 'a', { finding: 'class', value: 'covid', role: 'adjudicator' }),
    event(3, 'Ann', 'set', 'b', { finding: 'class', value: 'normal' }),
  ];
  expect(readerAgreement(effectiveLabels(dataset, events, { disputed: 'majority' }))).toEqual([
    {
      ...{
        finding: 'class',
        items: 1,
        agreed: 1,
        readers: 2,
        fleiss: null,
        fleissItems: 1,
        fleissReadings: 2,
      },
      pairs: [{ readers: ['r1', 'r2'], items: 1, kappa: null }],
    },
  ]);
});
