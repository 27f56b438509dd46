/**
 * The trainer of more than the last layer: PyTorch in a process of its own, here or on another machine. It reads the
 * job that is resolved here and only trains; calibration, figures, errors and the run are made of its logits as of any
 * other trainer's.
 */
import { OverreadError } from '../../base/errors';
import { seconds } from '../../evaluation/measure';
import { buildTargets } from '../../labels/targets';
import { getArchitecture } from '../../networks';
import type { Project } from '../../project/project';
import { resolveProjectWeights } from '../../project/projectWeights';
import { checkTrainingData } from '../../project/trainingData';
import { headFile, serialiseHead } from '../../training/head';
import type { NetworkWeights, ResolvedWeights } from '../../weights/model';
import { networkFile, trainerNames } from '../names';
import type { Trainer, TrainWork } from '../trainer';
import { processesOf } from './compute';
import { clearJob, prepareJob } from './jobFolder';
import { runTraining } from './launch';
import type { TorchRequest } from './model';
import { firstThatTrains, offeredPythons } from './offeredPythons';
import { textOf, type TrainingLine } from './progressLines';
import { checkPython, findPython, ownEnvironment, probePython, pythonOf, type PythonProbe } from './python';
import { readResults } from './results';
import { recordedSettings, torchSettings, type TorchSettings } from './settings';

/** As deterministic as PyTorch on the device: on a CPU to the last bit. */
export const torchTrainer: Trainer<TorchRequest> = {
  name: trainerNames.torch,
  command: 'finetune',
  learns: true,
  async train(project, request, work) {
    const started = performance.now();
    const { target } = request;
    // What ends it in a sentence comes before what takes time.
    const { python, probe } = await openPython(request, work);
    const { resolved, settings } = await resolveTraining(project, request, work);
    const targets = buildTargets(project.dataset, project.labels);
    adviseLayers(project, settings, work);
    const folder = request.workFolder;
    const prepared = await prepareJob({ project, targets, resolved, settings, folder }, work);
    const featuresDone = performance.now();
    const lines = await runTraining({
      ...work,
      target,
      python,
      packageFolder: request.packageFolder,
      folder: project.folder.path(folder),
    });
    const { identity } = resolved;
    const { classifier } = getArchitecture(identity.architecture);
    const results = await readResults(project, targets, folder, classifier);
    const hasUnseen = results.predictions.seen?.includes(0) === true;
    return {
      predictions: results.predictions,
      outputs: targets.outputs,
      explainable: true,
      exportable: true,
      comparable: hasUnseen ? true : 'its network was trained on every image that it has a prediction for',
      refittable: 'its features have seen the labels, so its last layer is not fitted again on them',
      onWritten: () => clearJob(project, folder),
      files: [
        { name: headFile, content: serialiseHead(results.head) },
        { name: networkFile, content: results.weights },
      ],
      network: {
        architecture: identity.architecture,
        weights: {
          name: `${identity.architecture}.tuned-${results.sha256.slice(0, 12)}`,
          sha256: results.sha256,
          source: 'run',
          trained_on: `${identity.trainedOn ?? 'nothing'}, then this project`,
          truncate: null,
          preprocessing: identity.preprocessing,
        },
        device: deviceOf(lines),
      },
      settings: {
        ...recordedSettings(settings),
        C: results.C,
        epochs_trained: results.epochs,
        started_from: { name: identity.name, sha256: identity.sha256 },
        compute: target.kind,
        processes: processesOf(target),
        packages: versionsOf(probe),
      },
      usualName: `${identity.architecture}-${request.layers === undefined ? 'tuned' : String(request.layers)}`,
      contentHashes: prepared.contentHashes,
      problems: [...checkTrainingData(project, resolved), ...prepared.problems],
      timings: {
        features_s: seconds(featuresDone - started),
        cached: 0,
        train_s: seconds(performance.now() - featuresDone),
      },
    };
  },
};

/**
 * The Python that a request means, and what it has.
 * @returns null for what it has where other machines train
 * @throws OVR702 there is none, or it cannot train
 */
export async function openPython(
  request: Pick<TorchRequest, 'target' | 'python' | 'packageFolder'>,
  work: TrainWork,
): Promise<{ readonly python: string; readonly probe: PythonProbe | null }> {
  const named = request.python ?? request.target.python;
  const isHere = request.target.kind === 'local' || request.target.kind === 'torchrun';
  const open = async (wanted: string | undefined) => {
    const python = await findPython(wanted, work.cacheDir, work.env);
    return { python, probe: await askPython(python, request, work) };
  };
  if (named !== undefined || !isHere) return open(named);
  const { taken, refused } = await firstThatTrains(offeredPythons(work.env), open);
  for (const why of refused) work.log?.warn(why);
  const opened = taken?.probed ?? (await open(undefined));
  if (taken) work.log?.info(`${taken.from} trains`);
  else if (refused.length > 0) {
    const isOwn = opened.python === pythonOf(ownEnvironment(work.cacheDir));
    const instead = isOwn ? 'the one of "overread setup-python"' : 'the first on PATH';
    work.log?.warn(`Instead ${instead} trains; "overread setup-python" makes an environment that can`);
  }
  return opened;
}

/**
 * The weights and the settings that a request means.
 * @throws OVR505 unknown blocks; OVR804 a network that PyTorch cannot train here; as `resolveProjectWeights`
 */
export async function resolveTraining(
  project: Project,
  request: Pick<TorchRequest, 'architecture' | 'weights' | 'layers' | 'outOfFold' | 'target' | 'deep'>,
  work: TrainWork,
): Promise<{ readonly resolved: NetworkWeights; readonly settings: TorchSettings }> {
  const resolved = await resolveNetwork(project, request, work);
  for (const note of resolved.notes) work.log?.warn(note);
  const settings = torchSettings(project, resolved, {
    layers: request.layers ?? project.config.training.layers,
    outOfFold: request.outOfFold,
    device: work.device,
    processes: processesOf(request.target),
    deep: request.deep,
  });
  return { resolved, settings };
}

/** Training images below which the literature trains the last layer only (docs/training.md). */
const fewImages = 1000;

function adviseLayers({ assignment }: Project, { layers }: TorchSettings, work: TrainWork): void {
  const images = assignment.split.filter((part) => part === 'train').length;
  if (layers === 'last' || images >= fewImages) return;
  work.log?.info(
    `${images} training images: below ${fewImages} the last layer alone (--layers last) is usually better; compare both on the validation part`,
  );
}

async function askPython(
  python: string,
  request: Pick<TorchRequest, 'target' | 'packageFolder'>,
  work: TrainWork,
): Promise<PythonProbe | null> {
  // The machines of a cluster have a Python of their own; the one here only asks them.
  if (request.target.kind === 'command' || request.target.kind === 'ray') return null;
  work.onProgress?.({ stage: 'python', done: 0 });
  const probe = await probePython(python, request.packageFolder, work.env, work.signal);
  for (const note of checkPython(probe, work.device)) work.log?.warn(note);
  return probe;
}

/** @throws OVR804 a network that PyTorch cannot train here */
async function resolveNetwork(
  project: Project,
  request: Pick<TorchRequest, 'architecture' | 'weights'>,
  work: TrainWork,
): Promise<NetworkWeights> {
  const { signal, onProgress, log, cacheDir, env } = work;
  const resolved: ResolvedWeights = await resolveProjectWeights(project.config, {
    root: project.root,
    architecture: request.architecture,
    weights: request.weights,
    // Trained in the precision of training.deep; what it starts from is kept in single.
    precision: 'fp32',
    cacheDir,
    env,
    ...(signal ? { signal } : {}),
    ...(onProgress ? { onProgress } : {}),
    ...(log ? { log } : {}),
  });
  if (resolved.kind === 'onnx')
    throw refused('an ONNX classifier brings a graph and no layers that PyTorch could train');
  if (resolved.identity.truncate !== null)
    throw refused('it trains whole networks, and model.truncate cuts this one');
  return resolved;
}

function refused(why: string): OverreadError {
  return new OverreadError({
    code: 'OVR804',
    message: `PyTorch cannot train this network: ${why}`,
    fix: 'Take --layers last without --engine torch, or an architecture with its own weights',
  });
}

function deviceOf(lines: readonly TrainingLine[]): { readonly name: string; readonly reason: string } {
  const line = lines.findLast(({ stage }) => stage === 'device');
  return {
    name: textOf(line, 'device').split(':')[0] ?? '',
    reason: `PyTorch on ${textOf(line, 'name')}`,
  };
}

function versionsOf(probe: PythonProbe | null): Record<string, string> {
  if (probe === null) return {};
  const known = Object.entries(probe.packages).flatMap(([name, version]) =>
    typeof version === 'string' ? [[name, version]] : [],
  );
  return Object.fromEntries([['python', probe.python], ...known]) as Record<string, string>;
}
