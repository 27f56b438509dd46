/**
 * The figures of two models on one part, and their differences with intervals from the same resamplings of patients
 * (the paired bootstrap of `differences.ts`, for every figure that a person asks of a refit).
 */
import { present } from '../base/present';
import type { Figures, OutputFigure, OverallFigure } from './figures';
import {
  addIntervals,
  drawReplicates,
  withInterval,
  hasEnoughPatients,
  type IntervalOptions,
} from './intervals';
import { computeMetrics, type MetricsInput } from './metrics';
import type { Estimate } from './model';
import { layOutPart } from './part';
import type { FigureDifference, PartDifference } from './runDifference';

/**
 * The figures of one model in every resampling, for a model that several are compared with.
 * @returns none where there are too few patients for an interval
 * @throws OVR002 cancelled
 */
export async function drawFigures(
  input: MetricsInput,
  options: IntervalOptions,
): Promise<readonly Figures[]> {
  if (!computeMetrics(input).outputs.some(hasEnoughPatients)) return [];
  const [drawn = []] = await drawReplicates([layOutPart(input)], options);
  return drawn;
}

/**
 * @param before of the same rows, targets and groups as `after`; the two differ in probabilities and thresholds only
 * @param options null: without intervals, at once
 * @param ofBefore what `drawFigures` gave for `before` with the same options, so that it is not drawn again
 * @returns differences are `after` less `before`; they have an interval where the two figures have one, and are null
 * where one of the two is not defined
 * @throws OVR002 cancelled
 */
export async function differencesOf(
  before: MetricsInput,
  after: MetricsInput,
  options: IntervalOptions | null,
  ofBefore?: readonly Figures[],
): Promise<PartDifference> {
  const plain = [computeMetrics(before), computeMetrics(after)] as const;
  const isDrawn = options !== null && plain[1].outputs.some(hasEnoughPatients);
  const drawn = new Map<MetricsInput, readonly Figures[]>(ofBefore ? [[before, ofBefore]] : []);
  // Each once: a model may stand beside itself.
  const missing = [...new Set([before, after])].filter((input) => !drawn.has(input));
  if (isDrawn && missing.length > 0) {
    const figures = await drawReplicates(missing.map(layOutPart), options);
    missing.forEach((input, k) => drawn.set(input, figures[k] ?? []));
  }
  const [drawnBefore = [], drawnAfter = []] = [drawn.get(before), drawn.get(after)];
  const was = isDrawn ? addIntervals(plain[0], drawnBefore) : plain[0];
  const is = isDrawn ? addIntervals(plain[1], drawnAfter) : plain[1];
  const paired = (a: Estimate, b: Estimate, of: (figures: Figures) => number): FigureDifference => {
    const value = a.value === null || b.value === null ? null : b.value - a.value;
    const difference: Estimate = { value, low: null, high: null };
    const bothHave = a.low !== null && b.low !== null;
    const differences = (): number[] =>
      drawnAfter.map((figures, n) => of(figures) - of(present(drawnBefore[n], 'the replicate')));
    return {
      before: a,
      after: b,
      difference: bothHave ? withInterval(difference, differences()) : difference,
    };
  };
  const overall = (name: OverallFigure): FigureDifference =>
    paired(was[name], is[name], (figures) => figures.overall[name]);
  return {
    samples: is.samples,
    patients: is.patients,
    macro_over: is.macro_over,
    auroc_macro: overall('auroc_macro'),
    accuracy: overall('accuracy'),
    balanced_accuracy: overall('balanced_accuracy'),
    log_loss: overall('log_loss'),
    outputs: is.outputs.map((output, o) => {
      const other = present(was.outputs[o], 'the output');
      const one = (name: OutputFigure): FigureDifference =>
        paired(other[name], output[name], ({ outputs }) => present(outputs[o], 'the output')[name]);
      return {
        name: output.name,
        auroc: one('auroc'),
        sensitivity: one('sensitivity'),
        specificity: one('specificity'),
      };
    }),
  };
}
