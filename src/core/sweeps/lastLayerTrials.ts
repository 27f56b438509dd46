/** The last layer on one network's features: the strengths that were not tried yet, one after the other. */
import { canonicalJson, sha256 } from '../base/files';
import { penaltyGrid } from '../config/config';
import type { PredictionColumns } from '../evaluation/model';
import type { Targets } from '../labels/model';
import type { Project } from '../project/project';
import type { ProjectFeatures } from '../project/projectFeatures';
import { resolveProjectWeights } from '../project/projectWeights';
import { featuresWith } from '../trainers/evaluateModel';
import { lastLayerProblem } from '../trainers/lastLayerProblem';
import type { TrainWork } from '../trainers/trainer';
import { fitHead, tryStrengths, type StrengthTrial } from '../training/fitHead';
import type { ResolvedWeights } from '../weights/model';
import type { SweepSetting } from './model';
import type { NetworkTrials } from './space';
import type { TrialStore } from './trialStore';

/** A network of the sweep with its weights. */
export interface OpenNetwork {
  readonly trials: NetworkTrials;
  readonly resolved: ResolvedWeights;
}

/** Finds the weights of a network. @throws as `resolveProjectWeights` */
export async function openNetwork(
  project: Project,
  trials: NetworkTrials,
  work: TrainWork,
): Promise<OpenNetwork> {
  const { signal, onProgress, log, cacheDir, env } = work;
  const { request, truncate } = trials;
  const resolved = await resolveProjectWeights(project.config, {
    root: project.root,
    ...(request ? { architecture: request.architecture, weights: request.weights, takeOther: false } : {}),
    truncate,
    cacheDir,
    env,
    ...(signal ? { signal } : {}),
    ...(onProgress ? { onProgress } : {}),
    ...(log ? { log } : {}),
  });
  return { trials, resolved };
}

/** The setting of a network and a strength. */
export function settingOf({ network, truncate }: NetworkTrials, C: number | undefined): SweepSetting {
  return {
    ...(network === undefined ? {} : { network }),
    ...(truncate === undefined ? {} : { truncate }),
    ...(C === undefined ? {} : { C }),
  };
}

/** What the figures of a setting depend on, beside the data. */
export function lastLayerKey(
  { config }: Pick<Project, 'config'>,
  { resolved }: OpenNetwork,
  C: number | undefined,
): string {
  const { sha256: weights, architecture, preprocessing, truncate, precision } = resolved.identity;
  const { class_weights, seed } = config.training;
  const strengths = C ?? penaltyGrid(config);
  const content = {
    trainer: 'last',
    weights,
    architecture,
    preprocessing,
    truncate,
    ...(precision === undefined ? {} : { precision }),
    strengths,
    class_weights,
    seed,
  };
  return sha256(canonicalJson(content)).slice(0, 24);
}

/** The features of a network. @throws as `featuresWith` */
export function featuresOf(
  project: Project,
  { resolved }: OpenNetwork,
  work: TrainWork,
): Promise<ProjectFeatures> {
  return featuresWith(project, resolved, work);
}

export interface NetworkWork extends TrainWork {
  readonly targets: Targets;
  readonly store: TrialStore;
  /** The features, where they are there already. */
  readonly features?: ProjectFeatures;
  /** Whether no further setting is to be begun. */
  readonly isOver: () => boolean;
  /** A setting was tried. */
  readonly onTried: (setting: SweepSetting, seconds: number) => void;
}

/**
 * Tries what is left of one network. Its features are computed where they are not in the cache, and count to the first
 * setting that is tried on them.
 * @param wanted strengths that were not tried
 * @throws as `fitHead` and `featuresWith`
 */
export async function tryNetwork(
  project: Project,
  network: OpenNetwork,
  wanted: readonly (number | undefined)[],
  work: NetworkWork,
): Promise<void> {
  const { targets, store, isOver, onTried, device } = work;
  let started = performance.now();
  const features = work.features ?? (await featuresOf(project, network, work));
  const problem = {
    ...lastLayerProblem(project, features, targets, device),
    ...(work.signal ? { signal: work.signal } : {}),
  };
  const keep = async (C: number | undefined, predictions: PredictionColumns): Promise<void> => {
    const setting = settingOf(network.trials, C);
    const seconds = (performance.now() - started) / 1000;
    await store.add(
      {
        v: 1,
        key: lastLayerKey(project, network, C),
        setting,
        weights: network.resolved.identity.name,
        seconds,
        thresholds: predictions.thresholds,
        time: new Date().toISOString(),
      },
      predictions,
    );
    onTried(setting, seconds);
    started = performance.now();
  };
  if (wanted.includes(undefined)) {
    const fit = await fitHead(problem);
    await keep(undefined, heldOut({ ...fit, thresholds: fit.head.thresholds }, targets));
  }
  const strengths = wanted.filter((C) => C !== undefined);
  if (strengths.length === 0 || isOver()) return;
  for await (const trial of tryStrengths(problem, strengths)) {
    await keep(trial.C, heldOut(trial, targets));
    if (isOver()) return;
  }
}

/** Predictions out of fold alone: nothing else is to be seen of a setting that is not chosen. */
function heldOut(
  { probabilities, outOfFold, thresholds }: Pick<StrengthTrial, 'probabilities' | 'outOfFold' | 'thresholds'>,
  { outputs }: Targets,
): PredictionColumns {
  return {
    outputs,
    probabilities: probabilities.map((value, at) =>
      outOfFold[Math.floor(at / outputs.length)] === 1 ? value : Number.NaN,
    ),
    outOfFold,
    thresholds,
  };
}
