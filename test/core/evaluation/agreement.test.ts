/** Agreement of readers: against statsmodels and scikit-learn (test/golden/agreement.py), and on the real VinDr table. */
import { existsSync } from 'node:fs';
import * as fs from 'node:fs/promises';
import * as os from 'node:os';
import * as path from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  agreementOf,
  cohenKappa,
  fleissKappa,
  readerAgreement,
} from '../../../src/core/evaluation/agreement';
import { effectiveLabels } from '../../../src/core/labels/effectiveLabels';
import { initProject } from '../../../src/core/intake/init';
import { openProject } from '../../../src/core/project/project';
import golden from '../../golden/values/evaluation/agreement.json';
import { commandJson, runCommand } from '../../support/inProcess';
import { event, multiClass, sample } from '../labels/builders';

const vindr = path.resolve(import.meta.dirname, '../../../../shared/data/manifests/vinbigdata-train.csv.gz');

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

it.skipIf(!existsSync(vindr))('of VinDr-CXR counts what is disputed, once', async () => {
  const root = await fs.mkdtemp(path.join(os.tmpdir(), 'overread-agreement-'));
  try {
    await initProject({ root, csv: vindr });
    const { labels } = await openProject(root);
    const all = readerAgreement(labels);
    expect(all).toHaveLength(14);
    expect(all.reduce((sum, { items, agreed }) => sum + items - agreed, 0)).toBe(10_099);
    const thickening = all.find(({ finding }) => finding === 'Pleural thickening');
    expect(thickening).toMatchObject({ items: 15_000, readers: 17, fleissItems: 15_000, fleissReadings: 3 });
    // By hand: 365 images with three positive readings, 517 with two, 1,099 with one.
    const observed = 1 - ((2 / 3) * (517 + 1099)) / 15_000;
    const share = (3 * 365 + 2 * 517 + 1099) / 45_000;
    const chance = share ** 2 + (1 - share) ** 2;
    expect(thickening?.fleiss).toBeCloseTo((observed - chance) / (1 - chance), 12);
    expect(await commandJson(['agreement', root])).toMatchObject({ findings: all });
    expect((await runCommand(['agreement', root])).stdout).toMatch(
      /Pleural thickening: 13,384 items agreed of 15000 \(89\.2 %\) by 17 readers; kappa 0\.\d{3}\n/,
    );
  } finally {
    await fs.rm(root, { recursive: true, force: true });
  }
});
