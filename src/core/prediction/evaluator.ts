/**
 * The trainer of those who have trained in another project: it brings the model of a finished run to the images of this
 * one, as a run that is measured, reviewed and explained as any other. It trains nothing.
 */
import * as path from 'node:path';
import { buildBackbone } from '../backbones/backbone';
import { OverreadError } from '../base/errors';
import type { Problem } from '../base/report';
import { configFile } from '../config/config';
import { seconds } from '../evaluation/measure';
import { outputsOf } from '../labels/targets';
import type { Device } from '../onnx/model';
import { refuseUnreadable } from '../project/imageFaults';
import type { Project } from '../project/project';
import { projectFeatures, type ProjectFeatures } from '../project/projectFeatures';
import type { RunRecord } from '../runs/model';
import { resolveRunWeights } from '../runs/runWeights';
import { headFile, serialiseHead } from '../training/head';
import type { Ability, ModelNetwork } from '../trainers/model';
import { deviceOf } from '../trainers/deviceOf';
import { networkFile, trainerNames } from '../trainers/names';
import { serialiseNetwork } from '../trainers/serialiseNetwork';
import type { ModelFile, Trainer, TrainWork } from '../trainers/trainer';
import { mapHead, type MappedHead } from './mappedHead';
import { Probabilities, type RunModel } from './runModel';
import type { TrainingImages } from './trainingImages';

export interface EvaluateRequest {
  readonly model: RunModel;
  readonly record: RunRecord;
  /** The name of the project that trained it: its folder. */
  readonly project: string;
  readonly training: TrainingImages;
}

const trainedElsewhere = 'it was trained in another project: name that one';

/**
 * Deterministic for the run and the project.
 * @throws OVR805 its classes or findings do not fit; OVR303 no image can be read; OVR5xx, OVR6xx, OVR002
 */
export const evaluator: Trainer<EvaluateRequest> = {
  name: trainerNames.evaluated,
  command: 'evaluate',
  learns: false,
  async train(project, request, work) {
    const started = performance.now();
    const { model, record } = request;
    const mapped = mapHead(model.head, project.dataset.task, outputsOf(project.dataset), configFile);
    const { head } = mapped;
    const rows = new Probabilities(head, project.dataset.samples.length);
    const features = await featuresOf(project, model, rows, work);
    const seen = Uint8Array.from(features.contentHashes, (hash) =>
      request.training.sampleOf.has(hash) ? 1 : 0,
    );
    const network = networkOf(record, features, work.device);
    const own = await ownNetwork(model);
    return {
      predictions: {
        outputs: head.outputs,
        probabilities: rows.values,
        outOfFold: new Uint8Array(seen.length),
        thresholds: head.thresholds,
        seen,
      },
      outputs: head.outputs,
      measuredWhole: true,
      explainable: own.length > 0 ? true : await explainable(project, record, network, work),
      exportable: trainedElsewhere,
      comparable: seen.includes(0) ? true : 'its model was trained on every image',
      refittable: trainedElsewhere,
      files: [{ name: headFile, content: serialiseHead(head) }, ...own],
      network,
      settings: { project: request.project, run: record.run, findings_left_out: mapped.leftOut },
      usualName: `${request.project}-${record.name}`,
      contentHashes: features.contentHashes,
      problems: [...features.problems, ...problemsOf(project, request, mapped, features.contentHashes)],
      timings: {
        features_s: seconds(performance.now() - started),
        cached: features.cached,
        train_s: 0,
      },
    };
  },
};

async function featuresOf(
  project: Project,
  { weights }: RunModel,
  sink: Probabilities,
  { device, cacheDir, env, inferenceProgram, ...rest }: TrainWork,
): Promise<ProjectFeatures> {
  const features = await projectFeatures(project, {
    ...rest,
    weights: weights.identity,
    loadBackbone: (channels) => buildBackbone(weights, { channels, bytes: true }),
    device,
    cacheDir,
    env,
    ...(inferenceProgram === undefined ? {} : { inferenceProgram }),
    sink,
  });
  refuseUnreadable(features.faults);
  return features;
}

function networkOf({ run, network }: RunRecord, features: ProjectFeatures, device: Device): ModelNetwork {
  // `openRunModel` let no run through that has none.
  if (network === null) throw new Error(`The run ${run} has no network`);
  return { ...network, device: deviceOf(features, device) };
}

/** A network that a run brings itself goes with it into the project that it is evaluated on. */
async function ownNetwork({ weights }: RunModel): Promise<ModelFile[]> {
  if (weights.kind !== 'network' || weights.identity.source !== 'run') return [];
  return [{ name: networkFile, content: serialiseNetwork(await weights.load()) }];
}

/** Heat maps need the weights by their name, which a file has in its own project only. */
async function explainable(
  project: Project,
  record: RunRecord,
  network: ModelNetwork,
  work: TrainWork,
): Promise<Ability> {
  try {
    await resolveRunWeights(project, { dir: '', record }, network, work);
    return true;
  } catch (error) {
    if (!(error instanceof OverreadError)) throw error;
    return 'this project does not find the weights of its network';
  }
}

/** Rows that are named. */
const rowsNamed = 3;

function problemsOf(
  { dataset, config }: Project,
  { training, record }: EvaluateRequest,
  { leftOut }: MappedHead,
  hashes: readonly string[],
): Problem[] {
  const problems: Problem[] = [];
  const known = dataset.samples.filter((_, i) => training.sampleOf.has(hashes[i] ?? ''));
  const [first] = known;
  if (first) {
    const rows = known.slice(0, rowsNamed).map(({ row }) => row);
    problems.push({
      code: 'OVR808',
      severity: 'warning',
      message:
        `${known.length} of ${dataset.samples.length} images were in the training of ${record.run}, by content ` +
        `(${known.length === 1 ? 'row' : 'rows'} ${rows.join(', ')}${known.length > rows.length ? ', …' : ''}): ` +
        'they count for no figure and no error',
      place: { file: config.dataset.table, row: first.row },
      expected: 'images that the model has not seen',
    });
  }
  const unread = unreadProblem(training);
  if (unread) problems.push(unread);
  if (leftOut.length > 0) {
    problems.push({
      code: 'OVR808',
      severity: 'warning',
      message: `The project has no labels for ${leftOut.map((name) => `"${name}"`).join(', ')}, which the model answers: left out`,
      place: { file: configFile, field: 'labels' },
    });
  }
  return problems;
}

/** That nothing can be said of training images that are no longer there. */
export function unreadProblem({ images, unread }: TrainingImages): Problem | undefined {
  if (unread === 0) return undefined;
  return {
    code: 'OVR808',
    severity: 'warning',
    message:
      `${unread} of ${images} images of the training part cannot be read now, ` +
      'so images that are the same as these are not noticed',
    fix: 'Bring the images of the project that trained the run back, and ask again',
  };
}

/** How a run or message calls a project: by its folder. */
export function projectName(root: string): string {
  return path.basename(root);
}
