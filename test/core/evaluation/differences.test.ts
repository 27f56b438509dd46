/** Paired differences of AUROC against scikit-learn over the same resamplings (test/golden/compare.py). */
import { describe, expect, it } from 'vitest';
import { comparePaired } from '../../../src/core/evaluation/differences';
import { computeIntervals } from '../../../src/core/evaluation/intervals';
import { computeMetrics, type MetricsInput } from '../../../src/core/evaluation/metrics';
import type { Estimate } from '../../../src/core/evaluation/model';
import golden from '../../golden/values/evaluation/differences.json';
import { inputsOf, options } from './goldenDifferences';

function expectEstimate(got: Estimate, [value, low, high]: readonly number[]): void {
  expect(got.value).toBeCloseTo(value!, 9);
  expect(got.low).toBeCloseTo(low!, 9);
  expect(got.high).toBeCloseTo(high!, 9);
}

describe('comparePaired', () => {
  it.each(golden.cases)('equals scikit-learn over the same resampled patients: $task', async (one) => {
    const inputs = inputsOf(one);
    const got = await comparePaired(inputs, inputs.map(computeMetrics), golden.reference, options);
    for (const [i, expected] of one.expected.entries()) {
      expectEstimate(got[i]!.metrics.auroc_macro, expected.auroc);
      if (i === golden.reference) {
        expect(got[i]!.difference).toEqual({ value: 0, low: null, high: null });
      } else expectEstimate(got[i]!.difference, expected.difference);
    }
  });

  it('gives each model the intervals that a run of its own has', async () => {
    const inputs = inputsOf(golden.cases[0]!);
    const metrics = inputs.map(computeMetrics);
    const paired = await comparePaired(inputs, metrics, 0, options);
    for (const [i, input] of inputs.entries()) {
      expect(paired[i]!.metrics).toEqual(await computeIntervals(input, metrics[i]!, options));
    }
  });

  it('a model differs from its equal by nothing, in every resampling', async () => {
    const [first] = inputsOf(golden.cases[0]!);
    const inputs = [first!, first!];
    const [, twin] = await comparePaired(inputs, inputs.map(computeMetrics), 0, options);
    expect(twin!.difference).toEqual({ value: 0, low: 0, high: 0 });
  });

  it.each([
    [9, null],
    [10, 'an interval'],
  ])('with %s patients of one class there is %s', async (positivePatients, wanted) => {
    const n = 40;
    const inputs = [1, 2].map((salt): MetricsInput => {
      const p = Float64Array.from({ length: 2 * n }, (_, at) => {
        const score = (((at >> 1) * 7 * salt) % 11) / 11;
        return at % 2 === 0 ? 1 - score : score;
      });
      return {
        targets: {
          task: 'multi-class',
          outputs: ['a', 'b'],
          y: Int32Array.from({ length: n }, (_, row) => (row < positivePatients ? 1 : 0)),
        },
        probabilities: p,
        rows: Int32Array.from({ length: n }, (_, row) => row),
        groups: Array.from({ length: n }, (_, row) => `p${row}`),
        thresholds: [],
      };
    });
    const [, second] = await comparePaired(inputs, inputs.map(computeMetrics), 0, options);
    expect(second!.difference.value).not.toBeNull();
    expect(second!.metrics.auroc_macro.low === null).toBe(wanted === null);
    expect(second!.difference.low === null).toBe(wanted === null);
  });

  it('has no difference where AUROC is not defined', async () => {
    const [input] = inputsOf(golden.cases[0]!);
    const empty = { ...input!, rows: new Int32Array(0) };
    const [, second] = await comparePaired([empty, empty], [empty, empty].map(computeMetrics), 0, options);
    expect(second!.difference).toEqual({ value: null, low: null, high: null });
  });
});
