/**
 * Pointwise 95 % bands of ROC and precision-recall curves: percentiles over resamplings of patients, the same ones that
 * the intervals of a run's figures come from (`intervals.ts`).
 */
import { setImmediate as nextTurn } from 'node:timers/promises';
import { throwIfCancelled } from '../base/errors';
import { SplitMix32 } from '../base/random';
import { countPatients } from './metrics';
import { hasEnoughPatients, percentile, replicatesFor, turn, type IntervalOptions } from './intervals';
import type { OutputEntries, Part } from './part';
import type { Band } from './runAnalysis';

/** Where bands are given: at 0, 0.01, …, 1 of what stands on the horizontal axis. */
export const bandPoints = 101;

export interface CurveBands {
  /** Of sensitivity, over 1 - specificity. */
  readonly roc: Band;
  /** Of precision, over recall. */
  readonly precisionRecall: Band;
}

/**
 * The bands of every output; null where it has fewer than ten positive or ten negative patients. Deterministic for a
 * seed. Gives the event loop its turn.
 * @throws OVR002 cancelled
 */
export async function curveBands(part: Part, options: IntervalOptions): Promise<(CurveBands | null)[]> {
  const drawnOf = part.outputs.map((output) =>
    hasEnoughPatients(countPatients(output))
      ? { output, roc: new Array<Float64Array>(), precisionRecall: new Array<Float64Array>() }
      : null,
  );
  if (drawnOf.every((one) => one === null)) return drawnOf.map(() => null);
  const replicates = replicatesFor(part, options.replicates);
  const random = new SplitMix32(options.seed);
  const weights = new Uint16Array(part.patients);
  let turnEnds = performance.now() + turn;
  for (let i = 0; i < replicates; i++) {
    weights.fill(0);
    for (let n = 0; n < part.patients; n++) weights[random.below(part.patients)]!++;
    for (const drawn of drawnOf) {
      if (!drawn) continue;
      if (performance.now() > turnEnds) {
        await nextTurn();
        throwIfCancelled(options.signal);
        turnEnds = performance.now() + turn;
      }
      const curves = resampledCurves(drawn.output, weights);
      if (!curves) continue;
      drawn.roc.push(curves.roc);
      drawn.precisionRecall.push(curves.precisionRecall);
    }
  }
  return drawnOf.map(
    (drawn) => drawn && { roc: bandOf(drawn.roc), precisionRecall: bandOf(drawn.precisionRecall) },
  );
}

/**
 * Both curves of one resampling, read at the points of the axis: sensitivity between two corners by a straight line,
 * precision at the strictest threshold that reaches the recall. null where one side was not drawn.
 */
function resampledCurves(
  entries: OutputEntries,
  weights: Uint16Array,
): { readonly roc: Float64Array; readonly precisionRecall: Float64Array } | null {
  const { patient, positive, tieEnd } = entries;
  let [positives, negatives] = [0, 0];
  for (let n = 0; n < patient.length; n++) {
    const weight = weights[patient[n]!]!;
    if (positive[n] === 1) positives += weight;
    else negatives += weight;
  }
  if (positives === 0 || negatives === 0) return null;
  const roc = new Float64Array(bandPoints);
  const precisionRecall = new Float64Array(bandPoints);
  const last = bandPoints - 1;
  let [trues, falses, truesBefore, falsesBefore] = [0, 0, 0, 0];
  let nextRoc = 0;
  let nextRecall = 0;
  for (let n = 0; n < patient.length; n++) {
    const weight = weights[patient[n]!]!;
    if (positive[n] === 1) trues += weight;
    else falses += weight;
    if (tieEnd[n] !== 1 || trues + falses === truesBefore + falsesBefore) continue;
    // Strictly below: at a vertical piece the upper end counts, which a later point may raise.
    while (nextRoc <= last && nextRoc / last < falses / negatives) {
      const share = ((nextRoc / last) * negatives - falsesBefore) / (falses - falsesBefore);
      roc[nextRoc] = (truesBefore + share * (trues - truesBefore)) / positives;
      nextRoc++;
    }
    while (nextRecall <= last && nextRecall / last <= trues / positives) {
      precisionRecall[nextRecall] = trues / (trues + falses);
      nextRecall++;
    }
    truesBefore = trues;
    falsesBefore = falses;
  }
  while (nextRoc <= last) roc[nextRoc++] = 1;
  return { roc, precisionRecall };
}

function bandOf(drawn: readonly Float64Array[]): Band {
  const column = new Float64Array(drawn.length);
  const [low, high]: [number[], number[]] = [[], []];
  for (let at = 0; at < bandPoints; at++) {
    drawn.forEach((curve, i) => (column[i] = curve[at]!));
    column.sort();
    low.push(percentile(column, 0.025));
    high.push(percentile(column, 0.975));
  }
  return { low, high };
}
