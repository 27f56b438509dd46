/** The figures of a run: out of fold, on validation and on test, and later their intervals. */
import { performance } from 'node:perf_hooks';
import type { WorkOptions } from '../base/ports';
import { computeIntervals } from './intervals';
import { computeMetrics, type MetricsInput } from './metrics';
import type { Metrics, MetricsFile, PredictionColumns, RunMetrics } from './model';
import type { Targets } from '../labels/model';
import type { Dataset, Split, SplitAssignment } from '../dataset/model';

/** The three parts on which a run is measured. */
export const metricParts = [
  'out_of_fold',
  'validation',
  'test',
] as const satisfies readonly (keyof RunMetrics)[];

/** Bootstrap replicates behind each interval. */
export const intervalReplicates = 1000;

/** What each part's figures are computed from. */
export type MetricInputs = Readonly<Record<(typeof metricParts)[number], MetricsInput>> & {
  readonly all?: MetricsInput;
};

/**
 * What the model was trained on is left out.
 * @param whole also all parts as one
 */
export function metricInputs(
  { dataset, assignment }: { readonly dataset: Dataset; readonly assignment: SplitAssignment },
  targets: Targets,
  predictions: PredictionColumns,
  whole = false,
): MetricInputs {
  const outputs = targets.outputs.length;
  const groups = dataset.samples.map((sample) => sample.group);
  const rowsOf = (split: Split | undefined): Int32Array => {
    const rows: number[] = [];
    for (let i = 0; i < dataset.samples.length; i++) {
      const predicted = !Number.isNaN(predictions.probabilities[i * outputs]);
      const isPart = split === undefined || assignment.split[i] === split;
      if (isPart && predicted && predictions.seen?.[i] !== 1) rows.push(i);
    }
    return Int32Array.from(rows);
  };
  const part = (split?: Split): MetricsInput => ({
    targets,
    probabilities: predictions.probabilities,
    rows: rowsOf(split),
    groups,
    thresholds: predictions.thresholds,
  });
  return {
    out_of_fold: part('train'),
    validation: part('validation'),
    test: part('test'),
    ...(whole ? { all: part() } : {}),
  };
}

/** The same parts on the rows that all of them have: what one model has no prediction for is left out for all. */
export function onSameRows(inputs: readonly MetricsInput[]): MetricsInput[] {
  const times = new Map<number, number>();
  for (const { rows } of inputs) for (const row of rows) times.set(row, (times.get(row) ?? 0) + 1);
  return inputs.map((input) => ({
    ...input,
    rows: input.rows.filter((row) => times.get(row) === inputs.length),
  }));
}

/** The figures without intervals. */
export function measure({ out_of_fold, validation, test, all }: MetricInputs): RunMetrics {
  return {
    out_of_fold: computeMetrics(out_of_fold),
    validation: computeMetrics(validation),
    test: computeMetrics(test),
    ...(all ? { all: computeMetrics(all) } : {}),
  };
}

/** The figures with intervals, which take longer than the fit: computed when the result is already shown. */
export async function withIntervals(
  inputs: MetricInputs,
  metrics: RunMetrics,
  seed: number,
  options: WorkOptions,
): Promise<MetricsFile> {
  const started = performance.now();
  const total = metricParts.length + (inputs.all ? 1 : 0);
  let done = 0;
  const tell = (): void => options.onProgress?.({ stage: 'intervals', done, total });
  const part = async (input: MetricsInput, figures: Metrics): Promise<Metrics> => {
    tell();
    const signal = options.signal ? { signal: options.signal } : {};
    const complete = await computeIntervals(input, figures, {
      seed,
      replicates: intervalReplicates,
      ...signal,
    });
    done++;
    return complete;
  };
  // One after another: each takes the whole processor.
  const out_of_fold = await part(inputs.out_of_fold, metrics.out_of_fold);
  const validation = await part(inputs.validation, metrics.validation);
  const test = await part(inputs.test, metrics.test);
  const all = inputs.all && metrics.all ? { all: await part(inputs.all, metrics.all) } : {};
  tell();
  return { out_of_fold, validation, test, ...all, intervals_s: seconds(performance.now() - started) };
}

/** Milliseconds as seconds with three decimals, as run.json has them. */
export function seconds(ms: number): number {
  return Math.round(ms) / 1000;
}
