/** The figures against scikit-learn's (test/golden/evaluation.py). */
import { describe, expect, it } from 'vitest';
import { computeIntervals } from '../../../src/core/evaluation/intervals';
import { computeMetrics, type MetricsInput } from '../../../src/core/evaluation/metrics';
import type { Estimate, Metrics } from '../../../src/core/evaluation/model';
import intervals from '../../golden/values/evaluation/intervals.json';
import metrics from '../../golden/values/evaluation/metrics.json';

interface Golden {
  readonly task: string;
  readonly y: number[] | number[][];
  readonly p: number[][];
  readonly thresholds?: number[];
}

function inputOf({ task, y, p, thresholds = [] }: Golden): MetricsInput {
  const outputs = p[0]!.map((_, k) => `out ${k}`);
  return {
    targets: { task: task as 'multi-class' | 'multi-label', outputs, y: Int32Array.from(y.flat()) },
    probabilities: Float64Array.from(p.flat()),
    rows: Int32Array.from(p.keys()),
    groups: p.map((_, i) => `p${i}`),
    thresholds,
  };
}

const overall = [
  'accuracy',
  'balanced_accuracy',
  'auroc_macro',
  'auprc_macro',
  'f1_macro',
  'log_loss',
  'brier',
  'ece',
] as const;
const perOutput = ['auroc', 'auprc', 'sensitivity', 'specificity', 'f1', 'log_loss', 'brier'] as const;

function expectValue(estimate: Estimate, expected: number | null, name: string): void {
  if (expected === null) expect(estimate.value, name).toBeNull();
  else expect(estimate.value, name).toBeCloseTo(expected, 9);
}

describe('computeMetrics', () => {
  for (const [name, golden] of Object.entries(metrics)) {
    it(`equals scikit-learn: ${name}`, () => {
      const got: Metrics = computeMetrics(inputOf(golden));
      const { expected } = golden;
      expect(got.samples).toBe(expected.samples);
      for (const figure of overall) expectValue(got[figure], expected[figure], figure);
      got.outputs.forEach((output, o) => {
        const reference = expected.outputs[o]!;
        expect([output.positives, output.negatives]).toEqual([reference.positives, reference.negatives]);
        for (const figure of perOutput) expectValue(output[figure], reference[figure], `${figure} of ${o}`);
      });
      const counts = got.confusion.matrices.map((matrix) => matrix.counts);
      expect(golden.task === 'multi-class' ? counts[0] : counts).toEqual(expected.confusion);
      const both = got.outputs.filter((output) => output.positives > 0 && output.negatives > 0);
      expect(got.macro_over).toEqual(both.map((output) => output.name));
    });
  }
});

describe('computeIntervals', () => {
  it('are the percentiles of the figures over the same resampled patients', async () => {
    const input = { ...inputOf({ ...intervals, task: 'multi-class' }), groups: intervals.groups };
    const got = await computeIntervals(input, computeMetrics(input), intervals);
    for (const name of overall) {
      const [low, high] = intervals.expected[name];
      expect(got[name].low, name).toBeCloseTo(low!, 9);
      expect(got[name].high, name).toBeCloseTo(high!, 9);
    }
  });
});
