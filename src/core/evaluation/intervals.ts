/**
 * 95 % intervals of every figure: the percentile bootstrap (Efron & Tibshirani 1993, chapter 13) that resamples
 * patients, not images, because images of one patient are alike (Field & Welsh, J. R. Stat. Soc. B 69, 2007).
 */
import { setImmediate as nextTurn } from 'node:timers/promises';
import { throwIfCancelled } from '../base/errors';
import { SplitMix32 } from '../base/random';
import { present } from '../base/present';
import {
  computeFigures,
  macroOutputs,
  outputFigures,
  overallFigures,
  type Figures,
  type OverallFigure,
} from './figures';
import { hasEnoughPatients } from './enoughPatients';
import type { Estimate, Metrics } from './model';

export { hasEnoughPatients, minPatients } from './enoughPatients';
import { layOutPart, type MetricsInput, type Part } from './part';

export interface IntervalOptions {
  /** Unsigned 32-bit; equal seeds give equal intervals. */
  readonly seed: number;
  /** Resamplings wanted; fewer are drawn on large parts, never below `fewestReplicates`. */
  readonly replicates: number;
  readonly signal?: AbortSignal;
}

/** What large parts come down to: the ends of a 95 % interval still rest on five replicates each. */
export const fewestReplicates = 200;
/** Entries swept in all: about 15 s. 112,120 images × 14 findings get 1,000 · 10⁹ / (1,000 · 1.6 · 10⁶) = 637. */
const sweepBudget = 1e9;
/** Between two looks at the event loop, ms: an edit that comes meanwhile waits no longer. */
export const turn = 8;

/** Figures that depend on every class alike: they have an interval only where all classes they run over do. */
const macroFigures: ReadonlySet<OverallFigure> = new Set([
  'balanced_accuracy',
  'auroc_macro',
  'auprc_macro',
  'f1_macro',
]);

/**
 * Adds the intervals to `metrics`, which must come from the same input. Outputs with fewer than `minPatients`
 * patients on one side get none, nor do macro averages that run over such an output; accuracy, log loss, Brier
 * and ECE of the whole need one output that has enough. Deterministic for a seed; gives the event loop its turn.
 * @throws OVR002 cancelled
 */
export async function computeIntervals(
  input: MetricsInput,
  metrics: Metrics,
  options: IntervalOptions,
): Promise<Metrics> {
  if (!metrics.outputs.some(hasEnoughPatients)) return metrics;
  const [drawn] = await drawReplicates([layOutPart(input)], options);
  return addIntervals(metrics, present(drawn, 'the figures'));
}

/** Whether a macro average gets an interval: every output that it runs over has enough patients. */
export function macroHasEnoughPatients({ macro_over, outputs }: Metrics): boolean {
  return outputs.every((output) => !macro_over.includes(output.name) || hasEnoughPatients(output));
}

/**
 * Every figure in every resampling of the patients, for parts that hold the same rows: one list per part. Each
 * resampling is drawn once and serves all parts, so that their figures are paired.
 * @throws OVR002 cancelled
 */
export async function drawReplicates(
  parts: readonly Part[],
  options: IntervalOptions,
): Promise<readonly (readonly Figures[])[]> {
  const [first] = parts;
  if (!first) return [];
  const replicates = replicatesFor(first, options.replicates);
  const random = new SplitMix32(options.seed);
  const weights = new Uint16Array(first.patients);
  const drawn = parts.map((part) => ({ part, macro: macroOutputs(part), figures: new Array<Figures>() }));
  let turnEnds = performance.now() + turn;
  for (let i = 0; i < replicates; i++) {
    weights.fill(0);
    for (let n = 0; n < first.patients; n++) weights[random.below(first.patients)]!++;
    for (const { part, macro, figures } of drawn) {
      if (performance.now() > turnEnds) {
        await nextTurn();
        throwIfCancelled(options.signal);
        turnEnds = performance.now() + turn;
      }
      figures.push(computeFigures(part, weights, macro));
    }
  }
  return drawn.map(({ figures }) => figures);
}

/** How often a part is resampled where so many times are wanted. */
export function replicatesFor({ outputs }: Part, wanted: number): number {
  const entries = outputs.reduce((sum, output) => sum + output.patient.length, 0);
  return Math.min(wanted, Math.max(fewestReplicates, Math.floor(sweepBudget / entries)));
}

/** The metrics with the percentiles of their replicates; where there are too few patients they stay as they are. */
export function addIntervals(metrics: Metrics, drawn: readonly Figures[]): Metrics {
  const allEnough = macroHasEnoughPatients(metrics);
  const someEnough = metrics.outputs.some(hasEnoughPatients);
  const overall = overallFigures.map((name) => {
    const wanted = macroFigures.has(name) ? someEnough && allEnough : someEnough;
    const estimate = metrics[name];
    return [
      name,
      wanted
        ? withInterval(
            estimate,
            drawn.map((figures) => figures.overall[name]),
          )
        : estimate,
    ];
  });
  return {
    ...metrics,
    ...(Object.fromEntries(overall) as Record<OverallFigure, Estimate>),
    outputs: metrics.outputs.map((output, o) => {
      if (!hasEnoughPatients(output)) return output;
      const own = outputFigures.map((name) => [
        name,
        withInterval(
          output[name],
          drawn.map((figures) => present(figures.outputs[o], 'the output')[name]),
        ),
      ]);
      return { ...output, ...(Object.fromEntries(own) as Record<(typeof outputFigures)[number], Estimate>) };
    }),
  };
}

/** Replicates in which the figure is not defined (a resample without positives) are left out. */
export function withInterval(estimate: Estimate, replicates: readonly number[]): Estimate {
  const defined = Float64Array.from(replicates.filter((value) => !Number.isNaN(value))).sort();
  if (estimate.value === null || 2 * defined.length < replicates.length) return estimate;
  return { value: estimate.value, low: percentile(defined, 0.025), high: percentile(defined, 0.975) };
}

/** Between the two nearest of sorted values, linearly: numpy.percentile's default. */
export function percentile(sorted: Float64Array, share: number): number {
  const position = share * (sorted.length - 1);
  const below = Math.floor(position);
  const low = sorted[below]!;
  const high = sorted[Math.min(below + 1, sorted.length - 1)]!;
  return low + (position - below) * (high - low);
}
