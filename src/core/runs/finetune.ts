/**
 * Fine-tune the last layer: features from the cache or the network, the convex fit with its folds, figures,
 * ranked errors, a run folder. The run is on disk, whole but for its intervals, before they are computed.
 */
import { performance } from 'node:perf_hooks';
import { throwIfCancelled } from '../base/errors';
import type { FolderPolicy, ProjectFolder } from '../base/projectFolder';
import type { WorkOptions } from '../base/ports';
import type { PredictionColumns, RunMetrics } from '../evaluation/model';
import { rankErrors, type RankedError } from '../evaluation/predictions';
import { momentOf } from '../labels/asOf';
import type { Device } from '../onnx/model';
import type { ResolvedWeights } from '../weights/model';
import { serialiseHead } from '../training/head';
import type { HeadFit } from '../training/model';
import { countSamples } from '../project/countSamples';
import { evaluateModel } from './evaluateModel';
import { dataFingerprint } from '../project/fingerprint';
import {
  completeMetrics,
  createRunFolder,
  metricsText,
  runFiles,
  runName,
  runsName,
  hasRandomWeights,
} from './folder';
import { measure, metricInputs, withIntervals, seconds } from '../evaluation/measure';
import type { FinetuneResult, RunRecord } from './model';
import { writePredictions } from './predictionsFile';
import { openProject, refuseUnlearnable, type Project } from '../project/project';
import { resolveProjectWeights } from '../project/projectWeights';
import { countTestLooks, recordTestLook, withoutTest } from '../project/testLooks';
import { checkTrainingData } from '../project/trainingData';

export interface FinetuneOptions extends WorkOptions {
  readonly architecture?: string;
  readonly weights?: string;
  /** A block to cut the network after, instead of the project's; null: none. */
  readonly truncate?: string | null;
  readonly device?: Device;
  readonly folds?: number;
  /** What may be written into the project; by default everything, through no link. */
  readonly policy?: FolderPolicy;
  readonly name?: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Where weights are cached, per user. */
  readonly cacheDir: string;
  /** The built program of the inference thread. */
  readonly inferenceProgram?: string;
  /** Versions that run.json records: of Overread, Node, ONNX Runtime. */
  readonly versions: Readonly<Record<string, string>>;
  /** Called when the project is read, before the features. */
  readonly onProject?: (project: Project) => void;
  /** Called when the run is on disk and its errors are ranked, before the intervals. */
  readonly onRanked?: (result: FinetuneResult, errors: readonly RankedError[]) => void;
}

/**
 * Runs the whole loop once. Deterministic for the project's files, the weights and the seed.
 * @throws OverreadError of any area; problems that did not stop it are in the result
 */
export async function finetune(root: string, options: FinetuneOptions): Promise<FinetuneResult> {
  const started = performance.now();
  const created = new Date();
  options.onProgress?.({ stage: 'read', done: 0 });
  const { folds, policy } = options;
  const project = await openProject(root, {
    ...(folds === undefined ? {} : { folds }),
    ...(policy === undefined ? {} : { policy }),
  });
  refuseUnlearnable(project);
  // Before the work whose result would be lost.
  await project.folder.tryWriting(runsName);
  await project.folder.sweepAbandonedFolders(runsName, created.getTime());
  options.onProject?.(project);
  const resolved = await resolveProjectWeights(project.config, {
    root: project.root,
    architecture: options.architecture,
    weights: options.weights,
    truncate: options.truncate,
    cacheDir: options.cacheDir,
    env: options.env,
    ...work(options),
  });
  for (const note of resolved.notes) options.log?.warn(note);
  const device = options.device ?? project.config.model.device;

  const { features, targets, fit, predictions, featuresDone, trained } = await evaluateModel(
    project,
    resolved,
    {
      device,
      cacheDir: options.cacheDir,
      env: options.env,
      inferenceProgram: options.inferenceProgram,
      ...work(options),
    },
  );
  const inputs = metricInputs(project, targets, predictions);
  const metrics = measure(inputs);
  const errors = rankErrors({
    dataset: project.dataset,
    assignment: project.assignment,
    labels: project.labels,
    targets,
    predictions,
  });
  const reviewed = project.config.review.splits;
  const shown = errors.filter((error) => reviewed.includes(error.split));
  // Its errors are counted among those to review.
  if (reviewed.includes('test')) await recordTestLook(project.folder, 'overread finetune', created);
  const total = performance.now();

  const problems = [...project.problems, ...checkTrainingData(project, resolved), ...features.problems];
  const timings = {
    features_s: seconds(featuresDone - started),
    cached: features.cached,
    train_s: seconds(trained - featuresDone),
    total_s: seconds(total - started),
    intervals_s: null,
  };
  const name = options.name ?? resolved.identity.name;
  const record: RunRecord = {
    contract: 1,
    run: runName(created, name),
    name,
    created: created.toISOString(),
    architecture: resolved.identity.architecture,
    weights: {
      name: resolved.identity.name,
      sha256: resolved.identity.sha256,
      source: resolved.identity.source,
      trained_on: resolved.identity.trainedOn,
      truncate: resolved.identity.truncate,
      preprocessing: resolved.identity.preprocessing,
    },
    device: features.opened
      ? { name: features.opened.device, reason: features.opened.reason }
      : { name: device, reason: 'no inference: every feature came from the cache' },
    versions: options.versions,
    config: project.config,
    data_fingerprint: dataFingerprint(project, features.contentHashes),
    labels_as_of: momentOf(project.log.table),
    task: targets.task,
    outputs: targets.outputs,
    C: fit.C,
    thresholds: fit.head.thresholds,
    counts: countSamples(project, features.present, shown.length),
    timings,
    test_looks: await countTestLooks(root),
    problems,
  };
  throwIfCancelled(options.signal);
  options.onProgress?.({ stage: 'write', done: 0 });
  const dir = await createRunFolder(project.folder, record.run, (folder) =>
    writeRun(folder, { project, predictions, fit, resolved, record, metrics }),
  );
  const result: FinetuneResult = {
    run: record.run,
    dir,
    architecture: record.architecture,
    weights: record.weights.name,
    random_weights: hasRandomWeights(record),
    device: record.device.name,
    counts: record.counts,
    metrics: withoutTest(metrics),
    timings,
    problems,
  };
  options.onRanked?.(result, shown);

  const completed = await withIntervals(inputs, metrics, project.config.training.seed, options);
  await completeMetrics(project.folder, record.run, completed);
  const { intervals_s } = completed;
  return { ...result, metrics: withoutTest(completed), timings: { ...timings, intervals_s } };
}

function work(options: FinetuneOptions): WorkOptions {
  return {
    ...(options.signal ? { signal: options.signal } : {}),
    ...(options.onProgress ? { onProgress: options.onProgress } : {}),
    ...(options.log ? { log: options.log } : {}),
  };
}

interface RunContent {
  readonly project: Project;
  readonly predictions: PredictionColumns;
  readonly fit: HeadFit;
  readonly resolved: ResolvedWeights;
  readonly record: RunRecord;
  readonly metrics: RunMetrics;
}

async function writeRun(folder: ProjectFolder, content: RunContent): Promise<void> {
  const { project, predictions, fit, record, metrics } = content;
  await Promise.all([
    folder.replaceFile(runFiles.predictions, (file) => writePredictions(file, { ...project, predictions })),
    folder.writeFile(runFiles.head, serialiseHead(fit.head)),
    folder.writeFile(runFiles.metrics, metricsText({ ...metrics, intervals_s: null })),
  ]);
  // The record comes last: a folder without it is no run.
  await folder.writeFile(runFiles.record, `${JSON.stringify(record, null, 2)}\n`);
}
