/** `predictions.parquet`: only what is labelled and not masked has a loss, and only that can be wrong. */
import * as fs from 'node:fs/promises';
import * as os from 'node:os';
import * as path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Dataset, Finding, LabelValue } from '../../../src/core/dataset/model';
import { effectiveLabels } from '../../../src/core/labels/effectiveLabels';
import type { LabelEvent } from '../../../src/core/labels/model';
import { ItemPredictions } from '../../../src/core/evaluation/itemPredictions';
import { Outcomes } from '../../../src/core/evaluation/outcomes';
import { SplitMix32 } from '../../../src/core/base/random';
import { buildTargets } from '../../../src/core/labels/targets';
import { readPredictions, writePredictions } from '../../../src/core/runs/predictionsFile';
import { readParquet } from '../../support/parquet';
import { randomEvents } from '../labels/builders';
import { makeWorld } from '../review/builders';

let folder: string;
beforeEach(async () => {
  folder = await fs.mkdtemp(path.join(os.tmpdir(), 'overread-predictions-'));
});
afterEach(() => fs.rm(folder, { recursive: true, force: true }));

function datasetOf(
  task: Dataset['task'],
  findings: readonly Finding[],
  given: readonly (readonly LabelValue[])[],
): Dataset {
  const samples = given.map((labels, i) => ({
    id: `s${i}`,
    path: `s${i}.png`,
    row: i + 2,
    group: `p${i}`,
    study: null,
    given: labels,
    givenSplit: null,
    metadata: {},
  }));
  return { task, findings, samples, metadataColumns: [] };
}

function event(sample: string, finding: string, value: string): LabelEvent {
  const time = '2026-01-01T00:00:00.000Z';
  return {
    v: 1,
    id: sample,
    batch: sample,
    annotator: 'rae',
    role: 'reader',
    time,
    op: 'set',
    sample,
    finding,
    value,
  };
}

/** Writes the file, and gives it with the columns that depend on the labels, by row. */
async function written(
  data: Dataset,
  probabilities: readonly number[],
  thresholds: readonly number[],
  events: readonly LabelEvent[],
) {
  const labels = effectiveLabels(data, events, { disputed: 'exclude' });
  const { outputs } = buildTargets(data, labels);
  const count = data.samples.length;
  const file = path.join(folder, `${data.task}.parquet`);
  const predictions = {
    outputs,
    probabilities: Float64Array.from(probabilities),
    outOfFold: new Uint8Array(count).fill(1),
    thresholds,
  };
  const assignment = {
    split: data.samples.map(() => 'train' as const),
    fold: new Int32Array(count),
    folds: 2,
  };
  await writePredictions(file, { dataset: data, assignment, labels, predictions });
  const { columns, rowCount } = await readParquet(file, ['sample', 'finding', 'given', 'loss', 'wrong']);
  const rows = Array.from({ length: rowCount }, (_, i) => columns.map((column) => column[i]));
  return { file, rows, predictions };
}

describe('a multi-class run', () => {
  const finding = { name: 'class', values: ['a', 'b'], uncertain: 'masked', unmentioned: 'masked' } as const;
  const data = datasetOf('multi-class', [finding], [['a'], ['a'], [null], ['b'], ['b']]);
  const p = [0.8, 0.2, 0.25, 0.75, 0.1, 0.9, 0.9, 0.1, NaN, NaN];

  it('has a null loss where there is no label and where the label is masked', async () => {
    const { rows } = await written(data, p, [], [event('s3', 'class', 'uncertain')]);
    expect(rows).toEqual([
      ['s0', 'class', 'a', -Math.log(0.8), false],
      ['s1', 'class', 'a', -Math.log(0.25), true],
      // 0.9 for b, and nobody said what it is: no error.
      ['s2', 'class', null, null, false],
      // The model says a, the label was b; the reader is uncertain.
      ['s3', 'class', expect.anything(), null, false],
    ]);
  });

  it('is read back with its probabilities, those of samples without a label too', async () => {
    const { file, predictions } = await written(data, p, [], []);
    const run = { task: 'multi-class', outputs: predictions.outputs, thresholds: [] };
    expect(await readPredictions(file, run, data)).toMatchObject({ probabilities: Float64Array.from(p) });
  });
});

describe('a multi-label run', () => {
  const values = ['1', '0', 'uncertain'];
  const findings = [
    { name: 'Opacity', values, uncertain: 'masked', unmentioned: 'masked' },
    { name: 'Nodule', values, uncertain: 'positive', unmentioned: 'negative' },
  ] as const;
  const given = [
    ['1', '0'],
    [null, null],
    ['uncertain', 'uncertain'],
    ['0', '1'],
  ];

  it('has a null loss where the mapping of the finding masks the value, and only there', async () => {
    const data = datasetOf('multi-label', findings, given);
    const p = [0.25, 0.25, 0.75, 0.75, 0.75, 0.25, 0.25, 0.75];
    const { rows } = await written(data, p, [0.5, 0.5], []);
    const [one, three] = [-Math.log(0.25), -Math.log(0.75)];
    expect(rows.toSorted()).toEqual(
      [
        ['s0', 'Opacity', '1', one, true],
        ['s0', 'Nodule', '0', three, false],
        ['s1', 'Opacity', null, null, false],
        ['s1', 'Nodule', null, one, true],
        ['s2', 'Opacity', 'uncertain', null, false],
        ['s2', 'Nodule', 'uncertain', one, true],
        ['s3', 'Opacity', '0', three, false],
        ['s3', 'Nodule', '1', three, false],
      ].toSorted(),
    );
  });
});

describe.each(['multi-class', 'multi-label'] as const)('a run on a random %s world', (task) => {
  it('says of every item what its outcome is', async () => {
    const { dataset, assignment, predictions } = makeWorld(task, 160, 31);
    const events = randomEvents(dataset, new SplitMix32(32), 400);
    const labels = effectiveLabels(dataset, events, { disputed: 'exclude' });
    const items = ItemPredictions.of(dataset, predictions);
    const outcomes = Outcomes.of(labels, items, assignment);
    const file = path.join(folder, 'random.parquet');
    await writePredictions(file, { dataset, assignment, labels, predictions });
    const { columns, rowCount } = await readParquet(file, [
      ...['sample', 'finding', 'predicted', 'p', 'loss', 'wrong'],
    ]);
    const expected = dataset.samples.flatMap(({ id }, sample) =>
      dataset.findings.flatMap(({ name }, f) => {
        const item = sample * dataset.findings.length + f;
        const predicted = items.predicted[item]!;
        if (predicted < 0) return [];
        const loss = outcomes.loss[item]!;
        return [
          [id, name, items.names[f]![predicted], items.p[item], loss, outcomes.wrong[item] === 1].map(
            (value) => (typeof value === 'number' && Number.isNaN(value) ? null : value),
          ),
        ];
      }),
    );
    const rows = Array.from({ length: rowCount }, (_, i) => columns.map((column) => column[i]));
    const order = (list: readonly (readonly unknown[])[]): readonly (readonly unknown[])[] =>
      list.toSorted((a, b) =>
        `${String(a[0])} ${String(a[1])}` < `${String(b[0])} ${String(b[1])}` ? -1 : 1,
      );
    const [found, wanted] = [order(rows), order(expected)];
    expect(found).toHaveLength(wanted.length);
    found.forEach((row, i) => {
      const [loss, other] = [row[4], wanted[i]![4]];
      expect([row[0], row[1], row[2], row[3], row[5]]).toEqual(
        [0, 1, 2, 3, 5].map((column) => wanted[i]![column]),
      );
      if (typeof other === 'number') expect(loss).toBeCloseTo(other, 12);
      else expect(loss).toBe(other);
    });
    expect(found.filter((row) => row[5] === true).length).toBeGreaterThan(20);
  });
});
