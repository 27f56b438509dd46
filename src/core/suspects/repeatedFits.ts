/**
 * Out-of-fold probabilities averaged over repeated cross-validation by patient: one division into folds alone makes
 * suspects of labels that it happened to place badly. The first is the frozen one, the others are drawn by a seed. Features
 * are there already, so that ten times five fits take seconds.
 */
import { throwIfCancelled } from '../base/errors';
import { present } from '../base/present';
import { applyCalibration } from '../training/calibrate';
import { fitHead, type FitProblem } from '../training/fitHead';
import { planFit } from '../training/fitPlan';
import { LastLayer } from '../training/lastLayer';
import { foldLosses } from './foldLosses';

/** As closely as probabilities that are averaged need: log losses move by about 1e-5. */
const tolerance = 1e-7;

export interface RepeatedFits {
  /** Calibrated, row-major samples × outputs: the mean over the repeats; outside the training part of the fit on all of it. */
  readonly probabilities: Float64Array;
  /** 1 where the mean is of folds that did not see the patient. */
  readonly outOfFold: Uint8Array;
  /**
   * Label loss of each item against the others of its fold, averaged over the repeats (Standardised Loss Averaging, arXiv
   * 2605.10165), high is suspect; NaN outside the training part and for items without a label.
   */
  readonly loss: Float64Array;
  readonly repeats: number;
  /** Of the first fit: the decision threshold of each finding. */
  readonly thresholds: readonly number[];
}

/**
 * @param problem with the frozen folds
 * @param foldsOf the folds of the other repeats, from 1: of each sample, -1 outside the training part
 * @throws as `fitHead`
 */
export async function repeatedFits(
  problem: FitProblem,
  repeats: number,
  foldsOf: (repeat: number) => Int32Array,
): Promise<RepeatedFits> {
  const first = await fitHead(problem);
  const { targets, signal, onProgress } = problem;
  const outputs = targets.outputs.length;
  const sums = first.probabilities.slice();
  const loss = foldLosses(first.probabilities, targets, problem.fold);
  for (let repeat = 1; repeat < repeats; repeat++) {
    throwIfCancelled(signal);
    onProgress?.({ stage: 'suspects', done: repeat, total: repeats });
    const fold = foldsOf(repeat);
    const logits = Float64Array.from(await outOfFoldLogits({ ...problem, fold }, first.C));
    const p = applyCalibration(logits, outputs, first.head.calibration);
    const own = foldLosses(p, targets, fold);
    for (let at = 0; at < p.length; at++) if (!Number.isNaN(p[at]!)) sums[at]! += p[at]!;
    for (let at = 0; at < own.length; at++) loss[at]! += own[at]!;
  }
  const { outOfFold } = first;
  return {
    probabilities: sums.map((sum, at) =>
      outOfFold[Math.floor(at / outputs)] === 1 ? sum / repeats : first.probabilities[at]!,
    ),
    outOfFold,
    loss: loss.map((sum) => sum / repeats),
    repeats,
    thresholds: first.head.thresholds,
  };
}

async function outOfFoldLogits(problem: FitProblem, C: readonly number[]): Promise<Float32Array> {
  const { settings, fold, signal } = problem;
  const plan = planFit({ ...problem, classWeights: settings.classWeights });
  const { device, seed } = settings;
  const lastLayer = await LastLayer.open(plan, { device, seed, signal, tolerance });
  try {
    const [logits] = await lastLayer.outOfFold([await lastLayer.fitFolds(C)], fold);
    return present(logits, 'the logits');
  } finally {
    await lastLayer.close();
  }
}
