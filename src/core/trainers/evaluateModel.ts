/**
 * One network on one project: features from the cache or computed, the last layer fitted over the frozen folds,
 * and its opinion on every sample. What a run and a comparison have in common.
 */
import { performance } from 'node:perf_hooks';
import { throwIfCancelled } from '../base/errors';
import type { PredictionColumns } from '../evaluation/model';
import type { Targets } from '../labels/model';
import { buildTargets } from '../labels/targets';
import { buildBackbone } from '../backbones/backbone';
import type { ResolvedWeights } from '../weights/model';
import { fitHead } from '../training/fitHead';
import type { HeadFit } from '../training/model';
import { refuseUnreadable, withFaults } from '../project/imageFaults';
import type { Project } from '../project/project';
import { projectFeatures, type ProjectFeatures } from '../project/projectFeatures';
import type { TrainWork } from './trainer';
import { lastLayerProblem } from './lastLayerProblem';

export interface ModelEvaluation {
  readonly features: ProjectFeatures;
  readonly targets: Targets;
  readonly fit: HeadFit;
  readonly predictions: PredictionColumns;
  /** `performance.now()` when the features were there, and when the last layer was fitted. */
  readonly featuresDone: number;
  readonly trained: number;
}

export interface EvaluateOptions {
  /** Where features of more images than these are not in the cache, nothing is trained (`FeaturesMissing`). */
  readonly mostMissing?: number | undefined;
  /** Strengths of the penalty to choose from, instead of the project's. */
  readonly C?: readonly number[] | undefined;
}

/**
 * Features of the project's samples with these weights, from the cache or computed.
 * @throws OverreadError OVR303 no image can be read; of the 5xx and 6xx areas; OVR002 cancelled
 */
export async function featuresWith(
  project: Project,
  resolved: ResolvedWeights,
  options: TrainWork & Pick<EvaluateOptions, 'mostMissing'>,
): Promise<ProjectFeatures> {
  const { inferenceProgram, ...rest } = options;
  const features = await projectFeatures(project, {
    ...rest,
    weights: resolved.identity,
    loadBackbone: (channels) => buildBackbone(resolved, { channels, bytes: true }),
    ...(inferenceProgram === undefined ? {} : { inferenceProgram }),
  });
  throwIfCancelled(options.signal);
  refuseUnreadable(features.faults);
  return features;
}

/**
 * Features, fit and predictions with these weights. Deterministic for the project's files, the weights and the
 * project's seed.
 * @throws OverreadError OVR303 no image can be read; of the 5xx, 6xx and 7xx areas; OVR002 cancelled
 */
export async function evaluateModel(
  project: Project,
  resolved: ResolvedWeights,
  options: TrainWork & EvaluateOptions,
): Promise<ModelEvaluation> {
  const { device, fit: fitsHead = fitHead, signal, onProgress, log } = options;
  const features = await featuresWith(project, resolved, options);
  const featuresDone = performance.now();
  const targets = buildTargets(project.dataset, project.labels);
  options.onProgress?.({ stage: 'train', done: 0 });
  const fit = await fitsHead({
    ...lastLayerProblem(project, features, targets, device, options.C),
    ...(signal ? { signal } : {}),
    ...(onProgress ? { onProgress } : {}),
    ...(log ? { log } : {}),
  }).catch((error: unknown) => {
    throw withFaults(error, features.faults);
  });
  const trained = performance.now();
  const predictions = predictionColumns(fit, targets, features.present);
  return { features, targets, fit, predictions, featuresDone, trained };
}

function predictionColumns(fit: HeadFit, targets: Targets, present: Uint8Array): PredictionColumns {
  const outputs = targets.outputs.length;
  const probabilities = Float64Array.from(fit.probabilities, (p, at) =>
    present[Math.floor(at / outputs)] === 1 ? p : NaN,
  );
  return {
    outputs: targets.outputs,
    probabilities,
    outOfFold: fit.outOfFold,
    thresholds: fit.head.thresholds,
  };
}
