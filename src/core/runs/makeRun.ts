/**
 * A run of whatever trainer: the model, its figures, its errors, a run folder. The run is on disk, whole but
 * for its intervals, before they are computed.
 */
import { performance } from 'node:perf_hooks';
import { throwIfCancelled } from '../base/errors';
import type { FolderPolicy, ProjectFolder } from '../base/projectFolder';
import type { WorkOptions } from '../base/ports';
import type { RunMetrics } from '../evaluation/model';
import { ItemPredictions } from '../evaluation/itemPredictions';
import { countErrors, Outcomes } from '../evaluation/outcomes';
import { momentOf } from '../labels/asOf';
import { buildTargets } from '../labels/targets';
import type { Device } from '../onnx/model';
import { splits } from '../dataset/model';
import { countSamples } from '../project/countSamples';
import type { Trainer, TrainedModel, TrainWork } from '../trainers/trainer';
import { hasRandomWeights } from './abilities';
import { dataFingerprint } from '../project/fingerprint';
import { completeMetrics, createRunFolder, metricsText, runFiles, runName, runsName } from './folder';
import { measure, metricInputs, withIntervals, seconds } from '../evaluation/measure';
import type { RunRecord, RunResult, SeenCounts } from './model';
import { writePredictions } from './predictionsFile';
import { openProject, refuseUnlearnable, type Project } from '../project/project';
import { countTestLooks, recordTestLook, withoutTest } from '../project/testLooks';

export interface MakeRunOptions extends WorkOptions {
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
  /** Fits the last layer in place of `fitHead`, and gives the same. */
  readonly fit?: TrainWork['fit'];
  /** Versions that run.json records: of Overread, Node, ONNX Runtime. */
  readonly versions: Readonly<Record<string, string>>;
  /** Called when the project is read, before the training. */
  readonly onProject?: (project: Project) => void;
  /** Called when the run is on disk and its errors are counted, before the intervals. */
  readonly onRanked?: (result: RunResult, record: RunRecord) => void;
}

/**
 * Trains and writes the run. As deterministic as the trainer.
 * @throws OverreadError of any area; problems that did not stop it are in the result
 */
export async function makeRun<Request>(
  root: string,
  trainer: Trainer<Request>,
  request: Request,
  options: MakeRunOptions,
): Promise<RunResult> {
  const started = performance.now();
  const created = new Date();
  options.onProgress?.({ stage: 'read', done: 0 });
  const { folds, policy, env, cacheDir, inferenceProgram, fit } = options;
  const project = await openProject(root, {
    ...(folds === undefined ? {} : { folds }),
    ...(policy === undefined ? {} : { policy }),
  });
  if (trainer.learns) refuseUnlearnable(project);
  // Before the work whose result would be lost.
  await project.folder.tryWriting(runsName);
  await project.folder.sweepAbandonedFolders(runsName, created.getTime());
  options.onProject?.(project);
  const device = options.device ?? project.config.model.device;
  const work = { device, cacheDir, env, inferenceProgram, fit, ...workOf(options) };
  const model = await trainer.train(project, request, work);

  const targets = buildTargets(project.dataset, project.labels);
  const whole = model.measuredWhole === true;
  const inputs = metricInputs(project, targets, model.predictions, whole);
  const metrics = measure(inputs);
  const { dataset, assignment, labels } = project;
  const predicted = ItemPredictions.of(dataset, model.predictions);
  const outcomes = Outcomes.of(labels, predicted, assignment);
  const reviewed = project.config.review.splits;
  const errors = countErrors(labels, outcomes, predicted, assignment, reviewed);
  // Its errors are counted among those to review, or its figures among those of all.
  if (reviewed.includes('test') || whole)
    await recordTestLook(project.folder, `overread ${trainer.command}`, created);
  const name = options.name ?? model.usualName;
  const record: RunRecord = {
    contract: 2,
    run: runName(created, name),
    name,
    created: created.toISOString(),
    trainer: { name: trainer.name, settings: model.settings },
    network: model.network,
    can: abilitiesOf(model),
    files: model.files.map((file) => file.name),
    seen: countSeen(project, model),
    versions: options.versions,
    config: project.config,
    data_fingerprint: dataFingerprint(project, model.contentHashes),
    labels_as_of: momentOf(project.log.table),
    task: targets.task,
    outputs: model.outputs,
    thresholds: model.predictions.thresholds,
    counts: countSamples(project, presentIn(model), errors),
    timings: { ...model.timings, total_s: seconds(performance.now() - started), intervals_s: null },
    test_looks: await countTestLooks(root),
    problems: [...project.problems, ...model.problems],
  };
  throwIfCancelled(options.signal);
  options.onProgress?.({ stage: 'write', done: 0 });
  const dir = await createRunFolder(project.folder, record.run, (folder) =>
    writeRun(folder, { project, model, record, metrics }),
  );
  await model.onWritten?.();
  const result = resultOf(record, dir, metrics);
  options.onRanked?.(result, record);

  const completed = await withIntervals(inputs, metrics, project.config.training.seed, options);
  await completeMetrics(project.folder, record.run, completed);
  const { intervals_s } = completed;
  return { ...result, metrics: withoutTest(completed), timings: { ...record.timings, intervals_s } };
}

function resultOf(record: RunRecord, dir: string, metrics: RunMetrics): RunResult {
  const { run, trainer, network, counts, timings, problems } = record;
  return {
    run,
    dir,
    trainer: trainer.name,
    architecture: network?.architecture ?? null,
    weights: network?.weights.name ?? null,
    random_weights: hasRandomWeights(record),
    device: network?.device.name ?? null,
    precision: network && (network.weights.precision ?? 'fp32'),
    counts,
    metrics: withoutTest(metrics),
    timings,
    problems,
  };
}

function abilitiesOf({ explainable, exportable, comparable, refittable }: TrainedModel): RunRecord['can'] {
  const none = 'its trainer does not offer that';
  return {
    explain: explainable ?? none,
    export: exportable ?? none,
    compare: comparable ?? true,
    refit: refittable ?? none,
  };
}

/** 1 for every sample with a prediction. */
function presentIn({ predictions }: TrainedModel): Uint8Array {
  const outputs = predictions.outputs.length;
  return predictions.outOfFold.map((_, i) => (Number.isNaN(predictions.probabilities[i * outputs]) ? 0 : 1));
}

function countSeen({ assignment }: Project, model: TrainedModel): RunRecord['seen'] {
  const present = presentIn(model);
  const { seen } = model.predictions;
  const part = (wanted: string): SeenCounts => {
    const rows = [...present.keys()].filter((i) => present[i] === 1 && assignment.split[i] === wanted);
    return { predicted: rows.length, seen: rows.filter((i) => seen?.[i] === 1).length };
  };
  const [train, validation, test] = splits.map(part) as [SeenCounts, SeenCounts, SeenCounts];
  return { train, validation, test };
}

function workOf(options: MakeRunOptions): WorkOptions {
  return {
    ...(options.signal ? { signal: options.signal } : {}),
    ...(options.onProgress ? { onProgress: options.onProgress } : {}),
    ...(options.log ? { log: options.log } : {}),
  };
}

interface RunContent {
  readonly project: Project;
  readonly model: TrainedModel;
  readonly record: RunRecord;
  readonly metrics: RunMetrics;
}

async function writeRun(folder: ProjectFolder, content: RunContent): Promise<void> {
  const { project, model, record, metrics } = content;
  const { predictions, files } = model;
  const own: readonly string[] = [
    runFiles.record,
    runFiles.metrics,
    runFiles.predictions,
    runFiles.model,
    runFiles.report,
  ];
  const taken = files.find(({ name }) => own.includes(name));
  if (taken)
    throw new Error(`The trainer ${record.trainer.name} brings ${taken.name}, which is the run's own`);
  await Promise.all([
    folder.replaceFile(runFiles.predictions, (file) => writePredictions(file, { ...project, predictions })),
    ...files.map(({ name, content: text }) => folder.writeFile(name, text)),
    folder.writeFile(runFiles.metrics, metricsText({ ...metrics, intervals_s: null })),
  ]);
  // The record comes last: a folder without it is no run.
  await folder.writeFile(runFiles.record, `${JSON.stringify(record, null, 2)}\n`);
}
