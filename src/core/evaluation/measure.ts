/** The figures of a run: out of fold, on validation and on test, and later their intervals. */
import { performance } from 'node:perf_hooks';
import type { WorkOptions } from '../base/ports';
import { computeIntervals } from './intervals';
import { computeMetrics, type MetricsInput } from './metrics';
import type { Metrics, MetricsFile, PredictionColumns, RunMetrics } from './model';
import type { Targets } from '../labels/model';
import type { Dataset, SplitAssignment } from '../dataset/model';

/** The three parts on which a run is measured. */
export const metricParts = [
  'out_of_fold',
  'validation',
  'test',
] as const satisfies readonly (keyof RunMetrics)[];

/** Bootstrap replicates behind each interval. */
export const intervalReplicates = 1000;

/** What each part's figures are computed from, in the order of `metricParts`: what the model was trained on is left out. */
export function metricInputs(
  { dataset, assignment }: { readonly dataset: Dataset; readonly assignment: SplitAssignment },
  targets: Targets,
  predictions: PredictionColumns,
): readonly [MetricsInput, MetricsInput, MetricsInput] {
  const outputs = targets.outputs.length;
  const groups = dataset.samples.map((sample) => sample.group);
  const rowsOf = (split: string): Int32Array => {
    const rows: number[] = [];
    for (let i = 0; i < dataset.samples.length; i++) {
      const predicted = !Number.isNaN(predictions.probabilities[i * outputs]);
      if (assignment.split[i] === split && predicted && predictions.seen?.[i] !== 1) rows.push(i);
    }
    return Int32Array.from(rows);
  };
  const part = (split: string): MetricsInput => ({
    targets,
    probabilities: predictions.probabilities,
    rows: rowsOf(split),
    groups,
    thresholds: predictions.thresholds,
  });
  return [part('train'), part('validation'), part('test')];
}

/** The figures without intervals. */
export function measure(inputs: readonly [MetricsInput, MetricsInput, MetricsInput]): RunMetrics {
  return {
    out_of_fold: computeMetrics(inputs[0]),
    validation: computeMetrics(inputs[1]),
    test: computeMetrics(inputs[2]),
  };
}

/** The figures with intervals, which take longer than the fit: computed when the result is already shown. */
export async function withIntervals(
  inputs: readonly [MetricsInput, MetricsInput, MetricsInput],
  metrics: RunMetrics,
  seed: number,
  options: WorkOptions,
): Promise<MetricsFile> {
  const started = performance.now();
  const part = (i: 0 | 1 | 2): Promise<Metrics> => {
    options.onProgress?.({ stage: 'intervals', done: i, total: metricParts.length });
    return computeIntervals(inputs[i], metrics[metricParts[i]], {
      seed,
      replicates: intervalReplicates,
      ...(options.signal ? { signal: options.signal } : {}),
    });
  };
  // One after another: each takes the whole processor.
  const out_of_fold = await part(0);
  const validation = await part(1);
  const test = await part(2);
  options.onProgress?.({ stage: 'intervals', done: metricParts.length, total: metricParts.length });
  return { out_of_fold, validation, test, intervals_s: seconds(performance.now() - started) };
}

/** Milliseconds as seconds with three decimals, as run.json has them. */
export function seconds(ms: number): number {
  return Math.round(ms) / 1000;
}
