/**
 * Did the corrections help? The same head is fitted to the labels before and to those now, with the same features, folds,
 * patients and choice of the penalty, and both are scored by both versions. A corrected label is evidence for the second
 * model only if nobody chose which labels were read again: else the model had a part in the choice of its own judge.
 */
import type { WorkOptions } from '../base/ports';
import type { Environment } from '../base/programs';
import { intervalReplicates } from '../evaluation/measure';
import type { PredictionColumns } from '../evaluation/model';
import { buildTargets } from '../labels/targets';
import type { Targets } from '../labels/model';
import { refuseUnlearnable, type Project } from '../project/project';
import { featuresOf } from '../suspects/projectFits';
import { fitHead } from '../training/fitHead';
import type { HeadFit } from '../training/model';
import type { TrainWork } from '../trainers/trainer';
import { answerOf } from './answer';
import { labelsBefore, type WantedVersion } from './labelsBefore';
import type { CorrectionReport, PartCorrections } from './model';
import { partCorrections, type TwoModels } from './partCorrections';
import type { MetricPart } from './parts';
import { answersSince } from './readAgain';
import { lastLayerProblem } from '../trainers/lastLayerProblem';

export interface CorrectionOptions extends WantedVersion {
  /** The part whose labels answer the question; the test part only where it is asked for. */
  readonly part?: 'validation' | 'test';
  readonly env: Environment;
  /** Resamplings behind each interval. Default: as of every figure. */
  readonly replicates?: number;
}

/**
 * Deterministic for the project's files and its seed.
 * @throws OVR402, OVR414 there is no such version of the labels; as `fitHead` and `projectFeatures`; OVR002 cancelled
 */
export async function correctionReport(
  project: Project,
  work: TrainWork,
  { part = 'validation', env, replicates = intervalReplicates, ...wanted }: CorrectionOptions,
): Promise<CorrectionReport> {
  refuseUnlearnable(project);
  const { dataset, assignment, config } = project;
  const version = await labelsBefore(project, wanted, env);
  const { features, weights } = await featuresOf(project, work);
  const fit = (targets: Targets): Promise<HeadFit> =>
    fitHead({ ...lastLayerProblem(project, features, targets, work.device), ...workOf(work) });
  const before = buildTargets(dataset, version.labels);
  const now = buildTargets(dataset, project.labels);
  const first = await fit(before);
  const second = await fit(now);
  const models: TwoModels = {
    targets: { before, now },
    predictions: {
      before: columnsOf(first, before, features.present),
      after: columnsOf(second, now, features.present),
    },
    answers: await answersSince(project, version),
    intervals: {
      seed: config.training.seed,
      replicates,
      ...(work.signal ? { signal: work.signal } : {}),
    },
  };
  const parts: PartCorrections[] = [];
  for (const name of ['out_of_fold', part] satisfies MetricPart[]) {
    work.onProgress?.({ stage: 'intervals', done: parts.length, total: 2 });
    parts.push(await partCorrections(project, models, name));
  }
  const changed = [...now.y.keys()].filter((item) => before.y[item] !== now.y[item]);
  const stride = now.y.length / dataset.samples.length;
  return {
    before: version.about,
    changed: changed.length,
    changed_in_training: changed.filter((item) => assignment.split[Math.floor(item / stride)] === 'train')
      .length,
    weights,
    C: { before: first.C, after: second.C },
    parts,
    answer: answerOf(parts),
  };
}

function workOf({ signal, onProgress }: TrainWork): WorkOptions {
  return { ...(signal ? { signal } : {}), ...(onProgress ? { onProgress } : {}) };
}

function columnsOf(fit: HeadFit, targets: Targets, present: Uint8Array): PredictionColumns {
  const outputs = targets.outputs.length;
  return {
    outputs: targets.outputs,
    probabilities: fit.probabilities.map((p, at) => (present[Math.floor(at / outputs)] === 1 ? p : NaN)),
    outOfFold: fit.outOfFold,
    thresholds: fit.head.thresholds,
  };
}
