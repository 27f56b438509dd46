/** Repeated cross-validation of a project: its features, the frozen folds and those that a seed draws, its labels as they are now. */
import { throwIfCancelled } from '../base/errors';
import { buildBackbone } from '../backbones/backbone';
import type { PredictionColumns } from '../evaluation/model';
import { buildTargets } from '../labels/targets';
import { refuseUnreadable, withFaults } from '../project/imageFaults';
import { refuseUnlearnable, type Project } from '../project/project';
import { projectFeatures, type ProjectFeatures } from '../project/projectFeatures';
import { resolveFrozenWeights } from '../runs/runWeights';
import { readLatestRun } from '../runs/wholeRun';
import { stratifySamples } from '../split/split';
import { lastLayerProblem } from '../trainers/lastLayerProblem';
import type { TrainWork } from '../trainers/trainer';
import { repeatedFits } from './repeatedFits';

export interface FeaturesWork extends TrainWork {
  /** Where features of more images than these are not in the cache, OVR804 is thrown. Default: they are computed. */
  readonly mostMissing?: number;
}

export interface ProjectFits {
  readonly predictions: PredictionColumns;
  /** Label loss against the others of the fold, averaged; see `RepeatedFits`. */
  readonly loss: Float64Array;
  readonly repeats: number;
  /** What the weights are called. */
  readonly weights: string;
}

/**
 * The features of the project's images, from the cache or computed: by the network of the run that the review shows, where the
 * project trained it (before it saw labels, where more than its last layer was trained), else by its own.
 * @throws as `projectFeatures`
 */
export async function featuresOf(
  project: Project,
  work: FeaturesWork,
): Promise<{ readonly features: ProjectFeatures; readonly weights: string }> {
  const { root, dataset } = project;
  const { device, cacheDir, env, inferenceProgram, ...rest } = work;
  const { run } = await readLatestRun(root, dataset);
  const resolved = await resolveFrozenWeights(project, run, { cacheDir, env, ...rest });
  for (const note of resolved.notes) work.log?.warn(note);
  const features = await projectFeatures(project, {
    weights: resolved.identity,
    loadBackbone: (channels) => buildBackbone(resolved, { channels }),
    device,
    cacheDir,
    env,
    ...(inferenceProgram === undefined ? {} : { inferenceProgram }),
    ...rest,
  });
  throwIfCancelled(work.signal);
  refuseUnreadable(features.faults);
  return { features, weights: resolved.identity.name };
}

/**
 * @param repeats at least 1, which is the frozen folds alone
 * @throws as `fitHead`
 */
export async function projectFits(
  project: Project,
  { features, weights }: Awaited<ReturnType<typeof featuresOf>>,
  { device, signal, onProgress }: TrainWork,
  repeats: number,
): Promise<ProjectFits> {
  refuseUnlearnable(project);
  const targets = buildTargets(project.dataset, project.labels);
  const fits = await repeatedFits(
    {
      ...lastLayerProblem(project, features, targets, device),
      ...(signal ? { signal } : {}),
      ...(onProgress ? { onProgress } : {}),
    },
    repeats,
    (repeat) => drawnFolds(project, repeat),
  ).catch((error: unknown) => {
    throw withFaults(error, features.faults);
  });
  const outputs = targets.outputs.length;
  return {
    predictions: {
      outputs: targets.outputs,
      probabilities: fits.probabilities.map((p, at) =>
        features.present[Math.floor(at / outputs)] === 1 ? p : NaN,
      ),
      outOfFold: fits.outOfFold,
      thresholds: fits.thresholds,
    },
    loss: fits.loss,
    repeats: fits.repeats,
    weights,
  };
}

/** The folds of a repeat, from 1: patients dealt out as for `splits/folds.csv`, by another seed. */
function drawnFolds({ dataset, assignment, config }: Project, repeat: number): Int32Array {
  const { fold, folds } = assignment;
  const training = dataset.samples.filter((_, i) => (fold[i] ?? -1) >= 0);
  const shares = new Array<number>(folds).fill(1 / folds);
  const drawn = stratifySamples(dataset, training, shares, (config.split.seed + 1 + repeat * 7919) >>> 0);
  let next = 0;
  return fold.map((k) => (k >= 0 ? (drawn[next++] ?? -1) : -1));
}
