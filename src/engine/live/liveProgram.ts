/** The process that holds features and fits on them, a program of its own: edits never wait for it, and it can be killed. */
import * as path from 'node:path';
import { OverreadError } from '../../core/base/errors';
import { userCacheFolder } from '../../core/base/userCache';
import { versions } from '../../core/base/versions';
import { FeaturesMissing } from '../../core/features/extract';
import { describeRanked } from '../../core/review/describeRanked';
import type { Device } from '../../core/onnx/model';
import type { Targets } from '../../core/labels/model';
import { cachedFeatures } from '../../core/project/cachedFeatures';
import { refuseUnable } from '../../core/runs/abilities';
import { featuresOf } from '../../core/runs/featuresOf';
import { featuresMissing } from '../../core/runs/runComponents';
import { LiveFit, type LivePredictions } from '../../core/training/liveFit';
import { HeldByRun } from '../heldByRun';
import { serveEngine } from '../helperProcess';
import { standBehind } from '../standBehind';
import { readRunPlace } from '../runPlace';
import type { LiveAnswer, LiveEvents, LiveMethods, LivePlace } from './liveApi';

standBehind();

/** The program of inference, beside this one. */
const inferenceProgram = path.join(__dirname, 'inferenceWorker.js');

interface Opened {
  readonly live: LiveFit;
  readonly targets: Omit<Targets, 'y'>;
  readonly present: Uint8Array;
}

type Read = Awaited<ReturnType<typeof readFeatures>>;

let opened: Opened | undefined;
const held = new HeldByRun(readFeatures);
let cancelling: AbortController | undefined;

const methods: LiveMethods = {
  openProject: async (place, y) => {
    const started = performance.now();
    await opened?.live.close();
    opened = undefined;
    // A run that is new may have brought new features.
    held.forget();
    const { predictions, ...rest } = await open(await held.of(place), y);
    opened = rest;
    return answerOf(predictions, rest, started);
  },
  relabel: async (y) => {
    if (!opened) throw new Error('No project is open');
    const started = performance.now();
    return answerOf(await opened.live.refit({ ...opened.targets, y }), opened, started);
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
  warm: async () => {
    await trainer();
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
  const { env } = process;
  const places = { cacheDir: userCacheFolder(env), env };
  const { features, dim, present } = await cachedFeatures(read, featuresOf(read.record), places);
  if (!present.includes(1)) throw featuresMissing(read.record);
  return { ...read, features, dim, present };
}

async function open(
  { features, dim, present, record, config, dataset, assignment, targets }: Read,
  y: Int32Array,
): Promise<Opened & { readonly predictions: LivePredictions }> {
  refuseUnable(record, 'refit');
  const { C } = record.trainer.settings;
  const { live, predictions } = await LiveFit.open({
    ...{ features, dim, present },
    targets: { ...targets, y },
    fold: assignment.fold,
    folds: assignment.folds,
    groups: dataset.samples.map((sample) => sample.group),
    // On the CPU: what fits between two keys is small, and the device is the network's.
    settings: {
      C: C as number[],
      classWeights: config.training.class_weights,
      device: 'cpu',
      seed: config.training.seed,
    },
  });
  return { live, predictions, targets, present };
}

function answerOf(
  { probabilities, outOfFold, head }: LivePredictions,
  { present, targets }: Pick<Opened, 'present' | 'targets'>,
  started: number,
): LiveAnswer {
  const outputs = targets.outputs.length;
  return {
    probabilities: probabilities.map((p, at) => (present[Math.floor(at / outputs)] === 1 ? p : NaN)),
    outOfFold,
    thresholds: head.thresholds,
    ms: performance.now() - started,
  };
}
