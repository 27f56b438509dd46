/** The process that holds features and fits on them, a program of its own: edits never wait for it, and it can be killed. */
import * as path from 'node:path';
import { OverreadError } from '../../core/base/errors';
import { userCacheFolder } from '../../core/base/userCache';
import { versions } from '../../core/base/versions';
import type { CachedFeatures } from '../../core/features/cached';
import { FeaturesMissing } from '../../core/features/extract';
import { describeRanked } from '../../core/review/describeRanked';
import { buildTargets } from '../../core/labels/targets';
import type { Device } from '../../core/onnx/model';
import { cachedFeatures, type CachedPlace } from '../../core/project/cachedFeatures';
import { openProject } from '../../core/project/project';
import { refuseUnable } from '../../core/runs/abilities';
import { featuresOf } from '../../core/runs/featuresOf';
import { readRun } from '../../core/runs/folder';
import type { RunRecord } from '../../core/runs/model';
import { featuresMissing } from '../../core/runs/runComponents';
import { lastLayerProblem } from '../../core/trainers/lastLayerProblem';
import { FitAhead, takesLong } from '../../core/training/fitAhead';
import type { FitProblem } from '../../core/training/fitHead';
import { LiveFit, type LivePredictions } from '../../core/training/liveFit';
import { HeldByRun } from '../heldByRun';
import { serveEngine } from '../helperProcess';
import { endWithEngine, lowerPriority } from '../standBehind';
import { readRunPlace } from '../runPlace';
import type { LiveEvents, LiveMethods, LivePlace } from './liveApi';

// A fine-tune is waited for: it has the processor like the window.
endWithEngine();

/** The program of inference, beside this one. */
const inferenceProgram = path.join(__dirname, 'inferenceWorker.js');

interface Opened {
  readonly read: Read;
  /** Of each item as it was told; -1 for none. */
  readonly y: Int32Array;
  fit?: { readonly live: LiveFit; predictions: LivePredictions };
}

type Read = Awaited<ReturnType<typeof readFeatures>>;

let opened: Opened | undefined;
const held = new HeldByRun(readFeatures);
let cancelling: AbortController | undefined;
/** Of the labels as they are when the keys have been quiet. */
const ahead = new FitAhead();
/** A fit takes too long to be made ahead: nothing is read for one again. Another table has another process. */
let isLong = false;

const methods: LiveMethods = {
  openProject: async (place) => {
    ahead.giveUp();
    // What is refitted after every answer stands behind edits and their painting.
    lowerPriority();
    await opened?.fit?.live.close();
    opened = undefined;
    // A run that is new may have brought new features.
    held.forget();
    const read = await held.of(place);
    refuseUnable(read.record, 'refit');
    const { samples, findings } = read.dataset;
    opened = { read, y: new Int32Array(samples.length * findings.length).fill(-1) };
  },
  label: (from, y) => {
    whatIsOpen().y.set(y, from);
    return Promise.resolve();
  },
  fit: async () => {
    const started = performance.now();
    const { head } = await fit(whatIsOpen());
    return { thresholds: head.thresholds, ms: performance.now() - started };
  },
  predicted: (from, to) => {
    const { read, fit: made } = whatIsOpen();
    if (!made) throw new Error('Nothing was fitted');
    const { probabilities, outOfFold } = made.predictions;
    const outputs = read.targets.outputs.length;
    const own = probabilities.slice(from * outputs, to * outputs);
    for (let i = from; i < to; i++) {
      if (read.present[i] !== 1) own.fill(NaN, (i - from) * outputs, (i - from + 1) * outputs);
    }
    return Promise.resolve({ probabilities: own, outOfFold: outOfFold.slice(from, to) });
  },
  finetune: async ({ root, policy }, request, mostMissing) => {
    const { env } = process;
    cancelling = new AbortController();
    const { device, ...rest } = request;
    try {
      const { finetune } = await trainer();
      const { run, problems } = await finetune(root, {
        ...rest,
        ...(device === undefined ? {} : { device: device as Device }),
        ...{ policy, mostMissing, env, inferenceProgram, signal: cancelling.signal },
        fit: (problem) => ahead.fit(problem),
        cacheDir: userCacheFolder(env),
        versions: versions(),
        onProgress: ({ stage, done }) => {
          if (done === 0) tellLine(stage);
        },
        log: { info: tellLine, warn: tellLine },
        onRanked: (ranked, { task }) => {
          const lines = describeRanked(ranked, task, 'last layer');
          tell('finetuning', { line: lines.join('\n'), ranked: true });
        },
      });
      return { ended: 'done', run, problems };
    } catch (error) {
      if (error instanceof FeaturesMissing) return { ended: 'left' };
      if (error instanceof OverreadError && error.code === 'OVR002') return { ended: 'cancelled' };
      throw error;
    }
  },
  warm: async (place, device) => {
    await trainer();
    // What is open is refitted after every answer.
    if (opened || isLong) return;
    const problem = await readProblem(place, device as Device | undefined);
    isLong = takesLong(problem);
    await ahead.begin(problem);
  },
  cancelFinetune: () => {
    cancelling?.abort();
    return Promise.resolve();
  },
};

/** All that a run needs beside the fit, which whoever only refits live need not wait for. */
function trainer() {
  return import('../../core/runs/finetune');
}

const tell = serveEngine<LiveEvents>(methods, 'Unexpected failure of a fit; see the log');

function tellLine(line: string): void {
  tell('finetuning', { line, ranked: false });
}

/** The features of a run, read from the cache, with the project that they are of. */
async function readFeatures(place: LivePlace) {
  const { policy } = place;
  const read = await readRunPlace({ ...place, policy: { ...policy, readOnly: true } });
  const { features, dim, present } = await featuresInCache(read, read.record);
  if (!present.includes(1)) throw featuresMissing(read.record);
  return { ...read, features, dim, present };
}

/** The features that a run was made of, as far as the cache has them. */
function featuresInCache(place: CachedPlace, record: RunRecord): Promise<CachedFeatures> {
  const { env } = process;
  return cachedFeatures(place, featuresOf(record), { cacheDir: userCacheFolder(env), env });
}

/** What a fine-tune of the project as it is now fits. */
async function readProblem(
  { root, policy, run }: LivePlace,
  device: Device | undefined,
): Promise<FitProblem> {
  const project = await openProject(root, { policy: { ...policy, readOnly: true } });
  const { record } = await readRun(root, run);
  const features = await featuresInCache(project, record);
  const targets = buildTargets(project.dataset, project.labels);
  return lastLayerProblem(project, features, targets, device ?? project.config.model.device);
}

function whatIsOpen(): Opened {
  if (!opened) throw new Error('No project is open');
  return opened;
}

/** By the labels as they are now, which may change while it goes on. */
async function fit(open: Opened): Promise<LivePredictions> {
  const { read, fit: before } = open;
  const targets = { ...read.targets, y: open.y.slice() };
  if (before) return (before.predictions = await before.live.refit(targets));
  const { features, dim, present, record, config, dataset, assignment } = read;
  const { C } = record.trainer.settings;
  const { class_weights: classWeights, seed } = config.training;
  open.fit = await LiveFit.open({
    ...{ features, dim, present, targets },
    fold: assignment.fold,
    folds: assignment.folds,
    groups: dataset.samples.map(({ group }) => group),
    // On the CPU: what fits between two keys is small, and the device is the network's.
    settings: { C: C as number[], classWeights, device: 'cpu', seed },
  });
  return open.fit.predictions;
}
