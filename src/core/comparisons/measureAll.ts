/** The figures of all networks of a comparison, on the same rows and over the same resampled patients. */
import type { WorkOptions } from '../base/ports';
import { present } from '../base/present';
import { comparePaired, type PairedMetrics } from '../evaluation/differences';
import { hasEnoughPatients } from '../evaluation/intervals';
import { computeMetrics, type MetricsInput } from '../evaluation/metrics';
import type { Metrics } from '../evaluation/model';
import { intervalReplicates, metricInputs, onSameRows } from '../evaluation/measure';
import type { Project } from '../project/project';
import type { Evaluated } from './evaluateAll';
import type { ComparedModel, ComparedPart, PartCounts, PartFigures } from '../evaluation/comparison';

export interface Measured {
  readonly models: readonly ComparedModel[];
  readonly best: number | null;
  readonly parts: Readonly<Record<ComparedPart, PartCounts>>;
}

/**
 * Measures every network out of fold and on validation. The best is the one with the highest out-of-fold macro
 * AUROC, the first of equals; validation chooses nothing. Images that one network has no prediction for are left
 * out for all.
 */
export async function measureAll(
  project: Project,
  evaluated: readonly Evaluated[],
  options: WorkOptions,
): Promise<Measured> {
  const inputs = evaluated.map(({ targets, predictions }) => metricInputs(project, targets, predictions));
  const outOfFold = onSameRows(inputs.map(({ out_of_fold }) => out_of_fold));
  const validation = onSameRows(inputs.map((parts) => parts.validation));
  const trained = outOfFold.map(computeMetrics);
  const held = validation.map(computeMetrics);
  const best = indexOfBest(trained);
  const { seed } = project.config.training;
  const pair = (part: readonly MetricsInput[], metrics: readonly Metrics[]): Promise<PairedMetrics[]> =>
    comparePaired(part, metrics, best ?? 0, {
      seed,
      replicates: intervalReplicates,
      ...(options.signal ? { signal: options.signal } : {}),
    });
  options.onProgress?.({ stage: 'intervals', done: 0, total: 2 });
  const trainedPairs = await pair(outOfFold, trained);
  options.onProgress?.({ stage: 'intervals', done: 1, total: 2 });
  const heldPairs = await pair(validation, held);
  options.onProgress?.({ stage: 'intervals', done: 2, total: 2 });
  return {
    models: evaluated.map(({ facts }, i) => ({
      ...facts,
      out_of_fold: figuresOf(present(trainedPairs[i], 'the figures'), best !== null),
      validation: figuresOf(present(heldPairs[i], 'the figures'), best !== null),
    })),
    best,
    parts: {
      out_of_fold: countsOf(present(trained[0], 'a network')),
      validation: countsOf(present(held[0], 'a network')),
    },
  };
}

function indexOfBest(metrics: readonly Metrics[]): number | null {
  let best: number | null = null;
  let most = -Infinity;
  for (const [i, { auroc_macro }] of metrics.entries()) {
    if (auroc_macro.value === null || auroc_macro.value <= most) continue;
    best = i;
    most = auroc_macro.value;
  }
  return best;
}

function figuresOf({ metrics, difference }: PairedMetrics, hasBest: boolean): PartFigures {
  const { auroc_macro, accuracy, log_loss, outputs } = metrics;
  return {
    auroc_macro,
    accuracy,
    log_loss,
    difference: hasBest && auroc_macro.value !== null ? difference : { value: null, low: null, high: null },
    outputs: outputs.map(({ name, auroc }) => ({ name, auroc })),
  };
}

function countsOf({ samples, patients, macro_over, outputs }: Metrics): PartCounts {
  const rare = outputs.filter((output) => macro_over.includes(output.name) && !hasEnoughPatients(output));
  return {
    samples,
    patients,
    macro_over,
    rare: rare.map(({ name, positivePatients, negativePatients }) => ({
      name,
      positivePatients,
      negativePatients,
    })),
  };
}
