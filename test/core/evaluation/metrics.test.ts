import { describe, expect, it } from 'vitest';
import { OverreadError } from '../../../src/core/base/errors';
import { SplitMix32 } from '../../../src/core/base/random';
import { computeIntervals } from '../../../src/core/evaluation/intervals';
import { computeMetrics, type MetricsInput } from '../../../src/core/evaluation/metrics';

/** Findings with probabilities that know something of the labels. */
function draw(samples: number, findings: number, patients: number, seed = 3): MetricsInput {
  const random = new SplitMix32(seed);
  const y = Int32Array.from({ length: samples * findings }, () => (random.uniform() < 0.4 ? 1 : 0));
  return {
    targets: { task: 'multi-label', outputs: Array.from({ length: findings }, (_, f) => `f${f}`), y },
    probabilities: Float64Array.from(y, (label) => (0.3 * label + random.uniform()) / 1.3),
    rows: Int32Array.from({ length: samples }, (_, i) => i),
    groups: Array.from({ length: samples }, (_, i) => `p${i % patients}`),
    thresholds: new Array<number>(findings).fill(0.5),
  };
}

describe('computeMetrics', () => {
  it('is hand-checked on four images', () => {
    const { outputs, ...metrics } = computeMetrics({
      targets: { task: 'multi-class', outputs: ['a', 'b'], y: Int32Array.of(0, 0, 1, 1) },
      probabilities: Float64Array.of(0.9, 0.1, 0.4, 0.6, 0.3, 0.7, 0.2, 0.8),
      rows: Int32Array.of(0, 1, 2, 3),
      groups: ['p', 'p', 'q', 'r'],
      thresholds: [],
    });
    expect(metrics).toMatchObject({ samples: 4, patients: 3, macro_over: ['a', 'b'] });
    expect(metrics.accuracy.value).toBe(0.75);
    expect(metrics.confusion.matrices).toEqual([
      {
        output: 'class',
        counts: [
          [1, 1],
          [0, 2],
        ],
      },
    ]);
    expect(metrics.auroc_macro.value).toBe(1);
    expect(metrics.brier.value).toBeCloseTo((0.01 + 0.36 + 0.09 + 0.04) / 4, 12);
    expect(outputs[0]).toMatchObject({
      positives: 2,
      positivePatients: 1,
      negativePatients: 2,
      threshold: null,
    });
    expect(outputs[0]!.sensitivity.value).toBe(0.5);
    expect(outputs[0]!.specificity.value).toBe(1);
  });

  it('has nothing to say of nothing', () => {
    const empty = computeMetrics({ ...draw(10, 2, 5), rows: new Int32Array(0) });
    expect(empty).toMatchObject({ samples: 0, patients: 0, macro_over: [] });
    expect(empty.accuracy).toEqual({ value: null, low: null, high: null });
    expect(empty.outputs[0]!.auroc.value).toBeNull();
    const { targets } = draw(10, 2, 5);
    const multiClass = computeMetrics({
      ...draw(10, 2, 5),
      targets: { ...targets, task: 'multi-class' },
      rows: new Int32Array(0),
    });
    expect(multiClass.log_loss.value).toBeNull();
    expect(multiClass.confusion.matrices[0]!.counts).toEqual([
      [0, 0],
      [0, 0],
    ]);
  });

  it('leaves out samples without a prediction, and masked targets like removed ones', () => {
    const input = draw(40, 1, 40);
    input.probabilities[7] = Number.NaN;
    input.targets.y[8] = -1;
    const without = { ...input, rows: input.rows.filter((row) => row !== 7 && row !== 8) };
    expect(computeMetrics(input)).toEqual(computeMetrics(without));
  });

  it('does not depend on the order of the samples', () => {
    const input = draw(60, 2, 30);
    const mixed = computeMetrics({
      ...input,
      rows: Int32Array.from(new SplitMix32(1).shuffle([...input.rows])),
    });
    const straight = computeMetrics(input);
    expect(mixed.auprc_macro.value).toBeCloseTo(straight.auprc_macro.value!, 12);
    expect(mixed.ece.value).toBeCloseTo(straight.ece.value!, 12);
    expect(mixed.confusion).toEqual(straight.confusion);
  });
});

describe('computeIntervals', () => {
  const options = { seed: 5, replicates: 300 };

  it('surround the value, are equal for a seed and shrink with more patients', async () => {
    const widths: number[] = [];
    for (const patients of [40, 400]) {
      const input = draw(patients, 1, patients);
      const metrics = computeMetrics(input);
      const first = await computeIntervals(input, metrics, options);
      expect(await computeIntervals(input, metrics, options)).toEqual(first);
      const { value, low, high } = first.auroc_macro;
      expect(low!).toBeLessThan(value!);
      expect(high!).toBeGreaterThan(value!);
      widths.push(high! - low!);
    }
    expect(widths[1]!).toBeLessThan(widths[0]! / 2);
  });

  it('resample patients: copies of an image in one patient do not narrow them', async () => {
    const once = draw(60, 1, 60);
    const copies = 5;
    const rows = Int32Array.from({ length: 60 * copies }, (_, i) => i % 60);
    const input = { ...once, rows };
    const [single, repeated] = await Promise.all([
      computeIntervals(once, computeMetrics(once), options),
      computeIntervals(input, computeMetrics(input), options),
    ]);
    expect(repeated.auroc_macro.low).toBeCloseTo(single.auroc_macro.low!, 10);
    expect(repeated.accuracy.high).toBeCloseTo(single.accuracy.high!, 10);
  });

  it('are missing below 10 positive or negative patients, and in macro averages over such outputs', async () => {
    const input = draw(80, 2, 80);
    for (let i = 0; i < 80; i++) input.targets.y[i * 2 + 1] = i < 9 ? 1 : 0;
    const got = await computeIntervals(input, computeMetrics(input), options);
    expect(got.outputs[0]!.auroc.low).not.toBeNull();
    expect(got.outputs[1]!.auroc).toMatchObject({ low: null, high: null });
    expect(got.outputs[1]!.auroc.value).not.toBeNull();
    expect(got.auroc_macro.low).toBeNull();
    // Nine patients with 40 positive images are still nine.
    const few = { ...draw(80, 1, 80), groups: Array.from({ length: 80 }, (_, i) => `p${i % 9}`) };
    const none = await computeIntervals(few, computeMetrics(few), options);
    expect(none).toEqual(computeMetrics(few));
  });

  it('let others have their turn and can be cancelled', async () => {
    const input = draw(20000, 2, 5000);
    const controller = new AbortController();
    const work = computeIntervals(input, computeMetrics(input), { ...options, signal: controller.signal });
    setTimeout(() => controller.abort(), 5);
    const code = await work.then(
      () => 'done',
      (error: unknown) => (error instanceof OverreadError ? error.code : String(error)),
    );
    expect(code).toBe('OVR002');
  });
});
