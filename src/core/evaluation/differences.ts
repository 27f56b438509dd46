/**
 * Models on the same samples against each other: figures whose intervals, and whose differences' intervals, come
 * from the same resamplings of patients. A paired difference is far narrower than two intervals side by side,
 * because what makes a resampling hard is hard for all models (Efron & Tibshirani 1993, chapter 13).
 */
import {
  addIntervals,
  drawReplicates,
  hasEnoughPatients,
  macroHasEnoughPatients,
  withInterval,
  type IntervalOptions,
} from './intervals';
import type { Estimate, Metrics } from './model';
import { layOutPart, type MetricsInput } from './part';
import { present } from '../base/present';

/** A model's figures on one part, and how its macro AUROC differs from the reference's. */
export interface PairedMetrics {
  readonly metrics: Metrics;
  /** This model's macro AUROC less the reference's, with the 95 % interval; 0 without one for the reference. */
  readonly difference: Estimate;
}

/**
 * Adds intervals to the metrics of several models and compares each with one of them. The inputs hold the same
 * rows, targets and groups, and differ in their probabilities only. Where the macro AUROC has too few patients for
 * an interval (`minPatients`), so has the difference; null where one of the two is not defined.
 *
 * @param metrics of the same inputs, in their order
 * @param reference index of the model that the others are compared with
 * @throws OVR002 cancelled
 */
export async function comparePaired(
  inputs: readonly MetricsInput[],
  metrics: readonly Metrics[],
  reference: number,
  options: IntervalOptions,
): Promise<PairedMetrics[]> {
  const worthwhile = metrics[reference]?.outputs.some(hasEnoughPatients) === true;
  const drawn = worthwhile ? await drawReplicates(inputs.map(layOutPart), options) : metrics.map(() => []);
  const best = present(metrics[reference], 'the reference');
  const figuresOf = (i: number) => present(drawn[i], 'the figures of a model');
  return metrics.map((own, i) => ({
    metrics: addIntervals(own, figuresOf(i)),
    difference: i === reference ? { value: 0, low: null, high: null } : differenceOf(own, i),
  }));

  function differenceOf(own: Metrics, i: number): Estimate {
    const [a, b] = [own.auroc_macro.value, best.auroc_macro.value];
    const value = a === null || b === null ? null : a - b;
    const estimate: Estimate = { value, low: null, high: null };
    if (!macroHasEnoughPatients(own)) return estimate;
    const others = figuresOf(reference);
    const differences = figuresOf(i).map(
      ({ overall }, n) => overall.auroc_macro - present(others[n], 'the replicate').overall.auroc_macro,
    );
    return withInterval(estimate, differences);
  }
}
