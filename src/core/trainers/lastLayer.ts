/** The first trainer: the last layer on cached features, a convex fit with its folds. */
import { seconds } from '../evaluation/measure';
import { resolveProjectWeights } from '../project/projectWeights';
import { checkTrainingData } from '../project/trainingData';
import { headFile, serialiseHead } from '../training/head';
import { deviceOf } from './deviceOf';
import { evaluateModel } from './evaluateModel';
import type { Precision } from '../networks/model';
import { trainerNames } from './names';
import type { Trainer } from './trainer';

export interface LastLayerRequest {
  readonly architecture?: string | undefined;
  readonly weights?: string | undefined;
  /** A block to cut the network after, instead of the project's; null: none. */
  readonly truncate?: string | null | undefined;
  /** Of the features, instead of the project's. */
  readonly precision?: Precision | undefined;
  /** Where features of more images than these are not in the cache, nothing is trained (`FeaturesMissing`). */
  readonly mostMissing?: number | undefined;
  /** Strengths of the penalty to choose from, instead of the project's. */
  readonly C?: readonly number[] | undefined;
}

/** Deterministic for the project's files, the weights and the project's seed. */
export const lastLayer: Trainer<LastLayerRequest> = {
  name: trainerNames.lastLayer,
  command: 'finetune',
  learns: true,
  async train(project, request, work) {
    const started = performance.now();
    const { signal, onProgress, log, device } = work;
    const resolved = await resolveProjectWeights(project.config, {
      root: project.root,
      architecture: request.architecture,
      weights: request.weights,
      truncate: request.truncate,
      precision: request.precision,
      cacheDir: work.cacheDir,
      env: work.env,
      ...(signal ? { signal } : {}),
      ...(onProgress ? { onProgress } : {}),
      ...(log ? { log } : {}),
    });
    for (const note of resolved.notes) log?.warn(note);
    const { features, fit, predictions, featuresDone, trained } = await evaluateModel(project, resolved, {
      ...work,
      mostMissing: request.mostMissing,
      C: request.C,
    });
    const { identity } = resolved;
    return {
      predictions,
      outputs: predictions.outputs,
      explainable: true,
      exportable: true,
      comparable: true,
      refittable: true,
      files: [{ name: headFile, content: serialiseHead(fit.head) }],
      network: {
        architecture: identity.architecture,
        weights: {
          name: identity.name,
          sha256: identity.sha256,
          source: identity.source,
          trained_on: identity.trainedOn,
          truncate: identity.truncate,
          ...(identity.precision === undefined ? {} : { precision: identity.precision }),
          preprocessing: identity.preprocessing,
        },
        device: deviceOf(features, device),
      },
      settings: { C: fit.C },
      usualName: identity.name,
      contentHashes: features.contentHashes,
      problems: [...checkTrainingData(project, resolved), ...features.problems],
      timings: {
        features_s: seconds(featuresDone - started),
        cached: features.cached,
        train_s: seconds(trained - featuresDone),
      },
    };
  },
};
