import { describe, expect, it } from 'vitest';
import type { Dataset } from '../../../src/core/dataset/model';
import { rankErrors } from '../../../src/core/evaluation/predictions';
import { effectiveLabels } from '../../../src/core/labels/effectiveLabels';
import { buildTargets } from '../../../src/core/labels/targets';
import type { LabelEvent } from '../../../src/core/labels/model';

const finding = (name: string, values: readonly string[]) => ({
  name,
  values,
  uncertain: 'masked' as const,
  unmentioned: 'negative' as const,
});

function dataset(task: Dataset['task'], findings: Dataset['findings'], given: (string | null)[][]): Dataset {
  return {
    task,
    findings,
    metadataColumns: [],
    samples: given.map((labels, i) => ({
      id: `s${i}`,
      path: `s${i}.png`,
      row: i + 2,
      group: `p${i}`,
      study: null,
      given: labels,
      givenSplit: null,
      metadata: {},
    })),
  };
}

function inputOf(data: Dataset, probabilities: number[], thresholds: number[], events: LabelEvent[] = []) {
  const labels = effectiveLabels(data, events, { disputed: 'exclude' });
  const targets = buildTargets(data, labels);
  const samples = data.samples.length;
  return {
    dataset: data,
    assignment: {
      split: data.samples.map((_, i) => (i === samples - 1 ? ('test' as const) : ('train' as const))),
      fold: new Int32Array(samples),
      folds: 2,
    },
    labels,
    targets,
    predictions: {
      outputs: targets.outputs,
      probabilities: Float64Array.from(probabilities),
      outOfFold: Uint8Array.from({ length: samples }, (_, i) => (i === samples - 1 ? 0 : 1)),
      thresholds,
    },
  };
}

describe('multi-class', () => {
  const data = dataset('multi-class', [finding('class', ['a', 'b'])], [['a'], ['a'], ['b'], [null], ['b']]);
  const p = [0.9, 0.1, 0.2, 0.8, 0.99, 0.01, 0.5, 0.5, Number.NaN, Number.NaN];

  it('lists wrong predictions with what they contradict, and no sample without a label or a prediction', () => {
    const rows = rankErrors(inputOf(data, p, []));
    expect(rows.map((row) => [row.sample, row.given, row.predicted, row.p])).toEqual([
      ['s2', 'b', 'a', 0.99],
      ['s1', 'a', 'b', 0.8],
    ]);
    expect(rows[1]).toMatchObject({ finding: 'class', split: 'train', threshold: null, out_of_fold: true });
    expect(rows[1]!.loss).toBeCloseTo(-Math.log(0.2), 12);
  });

  it('ranks errors by loss and leaves out what somebody kept', () => {
    expect(rankErrors(inputOf(data, p, [])).map((error) => error.sample)).toEqual(['s2', 's1']);
    const kept: LabelEvent = {
      v: 1,
      id: '01HZZZZZZZZZZZZZZZZZZZZZZ0',
      batch: '01HZZZZZZZZZZZZZZZZZZZZZZ1',
      time: '2026-01-01T00:00:00.000Z',
      annotator: 'A',
      role: 'reader',
      op: 'keep',
      sample: 's2',
      finding: 'class',
      value: 'b',
    };
    expect(rankErrors(inputOf(data, p, [], [kept])).map((error) => error.sample)).toEqual(['s1']);
  });

  it('keeps the loss of an impossible outcome finite', () => {
    const [worst] = rankErrors(inputOf(data, [0, 1, 0.2, 0.8, 0.99, 0.01, 0.5, 0.5, 1, 0], []));
    expect(worst).toMatchObject({ sample: 's0' });
    expect(worst!.loss).toBeCloseTo(36.04, 2);
  });
});

it('multi-label: every finding against its threshold, masked ones without loss', () => {
  const data = dataset(
    'multi-label',
    [finding('f', ['0', '1', 'uncertain']), finding('g', ['0', '1', 'uncertain'])],
    [
      ['1', 'uncertain'],
      ['0', '1'],
    ],
  );
  const input = inputOf(data, [0.4, 0.9, 0.4, 0.1], [0.3, 0.5]);
  expect(rankErrors(input).map((error) => [error.finding, error.predicted, error.threshold])).toEqual([
    ['g', '0', 0.5],
    ['f', '1', 0.3],
  ]);
  expect(rankErrors(input).map((error) => [error.sample, error.finding, error.split])).toEqual([
    ['s1', 'g', 'test'],
    ['s1', 'f', 'test'],
  ]);
});
