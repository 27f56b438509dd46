/** Trains the last layer: penalty, out-of-fold predictions, calibration, thresholds, head. */
import { OverreadError } from '../base/errors';
import type { WorkOptions } from '../base/ports';
import { present } from '../base/present';
import type { Targets } from '../labels/model';
import type { Device } from '../onnx/model';
import { applyCalibration } from './calibrate';
import { calibrateOn, thresholdsOn } from './calibrateOn';
import { planFit, type FitPlan } from './fitPlan';
import { LastLayer, type FoldFits, type FullFit } from './lastLayer';
import type { HeadFit } from './model';
import { outOfFoldLoss } from './outOfFoldLoss';
import { selectPenalty } from './selectPenalty';

export interface FitProblem extends WorkOptions {
  /** Row-major rows × dim, aligned with the samples. */
  readonly features: Float32Array;
  readonly dim: number;
  /** 1 where the sample has features. */
  readonly present: Uint8Array;
  readonly targets: Targets;
  /** Fold 0 … folds - 1 of the training part, -1 elsewhere. */
  readonly fold: Int32Array;
  readonly folds: number;
  /** The patient of each sample. */
  readonly groups: readonly string[];
  readonly settings: FitSettings;
}

export interface FitSettings {
  /** `auto`, or the strengths to choose from; one strength is taken as it is. As scikit-learn's C. */
  readonly C: 'auto' | readonly number[];
  /** Weigh classes as scikit-learn's `balanced`; the logits are corrected back to the true prior. */
  readonly classWeights: boolean;
  readonly device: Device;
  /** Seeds the sketch behind the preconditioner: it moves results by rounding only. */
  readonly seed: number;
}

/**
 * Fits the last layer on cached features. Every sample with features gets a prediction: those of the training
 * part from the model that left their fold out, the rest from the fit on the whole training part. Rows of
 * samples without features are NaN. Deterministic for a seed on one device.
 * @throws OVR700 no training row has features and a label
 * @throws OVR207 the training rows hold one class only
 * @throws OVR701 features are not finite, or the optimum was not reached
 */
export async function fitHead(problem: FitProblem): Promise<HeadFit> {
  const { targets, settings, fold, onProgress, signal } = problem;
  const plan = planFit({ ...problem, classWeights: settings.classWeights });
  checkTrainable(plan, problem);
  const lastLayer = await LastLayer.open(plan, { device: settings.device, seed: settings.seed, signal });
  try {
    const units = plan.data.classes > 0 ? 1 : targets.outputs.length;
    let done = 0;
    const choice = await selectPenalty(settings.C, units, async (strengths) => {
      const fits = await lastLayer.tryStrengths(strengths);
      const trialLogits = await lastLayer.outOfFold(fits, fold);
      done += strengths.length;
      onProgress?.({ stage: 'train', done, message: `${done} penalties tried` });
      return fits.map((fit, i) => ({
        fit,
        logLoss: outOfFoldLoss(present(trialLogits[i], 'the logits'), targets, plan),
      }));
    });
    const near = choice.C.map((C) => present(choice.outcomes.get(C), 'the trial').fit);
    const foldFits = await lastLayer.fitFolds(choice.C, near);
    const [foldLogits] = await lastLayer.outOfFold([foldFits], fold);
    const full = await lastLayer.full(choice.C, foldFits);
    const fit = finishFit(plan, problem, full, present(foldLogits, 'the logits'));
    return { ...fit, C: choice.C, trials: choice.trials, iterations: full.iterations };
  } finally {
    await lastLayer.close();
  }
}

/** What one strength of the penalty gives out of fold. */
export interface StrengthTrial extends Pick<HeadFit, 'probabilities' | 'outOfFold'> {
  readonly C: number;
  readonly thresholds: readonly number[];
}

/**
 * The predictions out of fold at each strength of the penalty, for all outputs alike: by rising C, each fit beginning
 * where the one before it ended. Every sample outside the training part has NaN: no model is fitted that would judge it.
 * @param strengths above 0
 * @throws as `fitHead`
 */
export async function* tryStrengths(
  problem: FitProblem,
  strengths: readonly number[],
): AsyncGenerator<StrengthTrial> {
  const { targets, settings, fold, groups, signal } = problem;
  const plan = planFit({ ...problem, classWeights: settings.classWeights });
  checkTrainable(plan, problem);
  const lastLayer = await LastLayer.open(plan, { device: settings.device, seed: settings.seed, signal });
  const chosen = Uint8Array.from(plan.trainingFold, (at) => (at >= 0 ? 1 : 0));
  const outputs = targets.outputs.length;
  const none = new Float32Array(plan.data.rows * outputs).fill(Number.NaN);
  let near: FoldFits | undefined;
  try {
    for (const C of [...new Set(strengths)].sort((a, b) => a - b)) {
      near = await lastLayer.tryNear(C, near);
      const [foldLogits] = await lastLayer.outOfFold([near], fold);
      const seen = present(foldLogits, 'the logits');
      const { logits, outOfFold } = assemble(plan, fold, problem.present, none, seen);
      const calibration = calibrateOn(logits, targets, chosen, groups);
      const probabilities = applyCalibration(logits, outputs, calibration);
      const thresholds = thresholdsOn(probabilities, targets, chosen, groups);
      yield { C, probabilities, outOfFold, thresholds };
    }
  } finally {
    await lastLayer.close();
  }
}

/** What a fit needs beside its solutions. */
export type FittedProblem = Pick<FitProblem, 'dim' | 'present' | 'targets' | 'fold' | 'groups'>;

/** From the solutions to predictions: calibration, probabilities and thresholds. */
export function finishFit(
  plan: FitPlan,
  problem: FittedProblem,
  full: FullFit,
  foldLogits: Float32Array,
): Pick<HeadFit, 'head' | 'logits' | 'probabilities' | 'outOfFold'> {
  const { targets } = problem;
  const { logits, outOfFold } = assemble(plan, problem.fold, problem.present, full.logits, foldLogits);
  const chosen = Uint8Array.from(plan.trainingFold, (at) => (at >= 0 ? 1 : 0));
  const calibration = calibrateOn(logits, targets, chosen, problem.groups);
  const probabilities = applyCalibration(logits, targets.outputs.length, calibration);
  return {
    head: {
      task: targets.task,
      outputs: targets.outputs,
      dim: problem.dim,
      weights: full.W,
      bias: full.B,
      calibration,
      thresholds: thresholdsOn(probabilities, targets, chosen, problem.groups),
    },
    logits,
    probabilities,
    outOfFold,
  };
}

/** @throws OVR700, OVR207 the labels of the training part teach nothing */
export function checkLabels(plan: FitPlan, targets: Targets): void {
  const whole = plan.weightings.filter(({ partition }) => partition === plan.folds);
  if (whole.every(({ rows }) => rows === 0)) {
    throw new OverreadError({
      code: 'OVR700',
      message: 'There is nothing to train on: no image of the training part has both features and a label',
      expected: 'labelled images of at least two classes in the training part',
      fix: 'Check the label column, the split and the skipped images',
    });
  }
  if (!whole.some(({ solvable }) => solvable)) {
    const what = targets.task === 'multi-class' ? 'hold one class only' : 'hold no finding with both 1 and 0';
    throw new OverreadError({
      code: 'OVR207',
      message: `The labels of the training part ${what}`,
      expected: 'at least two classes',
      fix: 'Label images of another class, or check the mapping of label values in overread.yaml',
    });
  }
}

/** @throws OVR700, OVR207, OVR701 as `fitHead` */
export function checkTrainable(
  plan: FitPlan,
  { features, dim, targets }: Pick<FitProblem, 'features' | 'dim' | 'targets'>,
): void {
  checkLabels(plan, targets);
  const broken = plan.trainingFold.findIndex(
    (fold, row) => fold >= 0 && !features.subarray(row * dim, (row + 1) * dim).every(Number.isFinite),
  );
  if (broken >= 0) {
    throw new OverreadError({
      code: 'OVR701',
      message: `The features of sample ${broken + 1} are not finite numbers`,
      fix: 'Delete the cached features (.overread/features) and run again; if it stays, the weights are broken',
    });
  }
}

/** Out-of-fold logits where there are any, those of the full fit elsewhere, NaN for absent samples. */
function assemble(
  plan: FitPlan,
  fold: Int32Array,
  hasFeatures: Uint8Array,
  full: Float32Array,
  foldLogits: Float32Array,
): Pick<HeadFit, 'logits' | 'outOfFold'> {
  const { rows, outputs } = plan.data;
  const logits = new Float64Array(rows * outputs).fill(Number.NaN);
  const outOfFold = new Uint8Array(rows);
  for (let row = 0; row < rows; row++) {
    if (hasFeatures[row] !== 1) continue;
    outOfFold[row] = fold[row]! >= 0 ? 1 : 0;
    const source = outOfFold[row] === 1 ? foldLogits : full;
    logits.set(source.subarray(row * outputs, (row + 1) * outputs), row * outputs);
  }
  return { logits, outOfFold };
}
