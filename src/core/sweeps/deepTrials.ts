/**
 * Trainings of more than the last layer in a sweep: Optuna says what to train next, and PyTorch trains the network
 * without the inner fold, on which it is judged. Several workers may share one folder.
 */
import * as fs from 'node:fs/promises';
import { OverreadError, type ErrorCode } from '../base/errors';
import { canonicalJson, sha256 } from '../base/files';
import { penaltyGrid } from '../config/config';
import { ownFailures } from '../comparisons/evaluateAll';
import { metricInputs } from '../evaluation/measure';
import { computeMetrics } from '../evaluation/metrics';
import type { PredictionColumns } from '../evaluation/model';
import type { Targets } from '../labels/model';
import type { Project } from '../project/project';
import { prepareJob } from '../trainers/torch/jobFolder';
import { runTraining } from '../trainers/torch/launch';
import type { TorchRequest } from '../trainers/torch/model';
import { readInnerResults } from '../trainers/torch/results';
import { openPython, resolveTraining } from '../trainers/torch/torchTrainer';
import type { TrainWork } from '../trainers/trainer';
import { claimAbandoned, claimNew, type Suggestion } from './claims';
import { torchRequestOf } from './deepSetting';
import type { Augmentation, SweepSetting, SweptLayers } from './model';
import { nextTrial, tellTrial, type OptunaSpace, type OptunaStudy, type Suggested } from './optuna';
import { removePixels, sharedPixels } from './sharedPixels';
import type { DeepSpace } from './space';
import type { TrialStore } from './trialStore';

/** Where and by what PyTorch trains. */
export type DeepRequest = Pick<TorchRequest, 'target' | 'python' | 'packageFolder'>;

export interface DeepCourse {
  readonly isOver: () => boolean;
  readonly onTried: (key: string, setting: SweepSetting, seconds: number | null) => void;
  readonly onFailed: (setting: SweepSetting, error: OverreadError) => void;
}

const journalFile = 'optuna.journal';

/** Failures of one setting: the next one may do. */
const failures: ReadonlySet<ErrorCode> = new Set([...ownFailures, 'OVR703']);

export class DeepTrials {
  private python: Promise<string> | undefined;

  constructor(
    private readonly project: Project,
    private readonly targets: Targets,
    private readonly store: TrialStore,
    private readonly torch: DeepRequest,
    private readonly work: TrainWork,
  ) {}

  /** Trains what the project says, unless it was. @returns its key, and what it took */
  async tryDefault(): Promise<{ readonly key: string; readonly seconds: number | null }> {
    return this.train({}, 'default', null);
  }

  /**
   * Trains what Optuna suggests until there are as many as are wanted, of all workers. What was trained in this space
   * before is told too, with null seconds.
   * @returns how many are left, and how many other workers are at where none is left
   * @throws OVR702 no Python that trains and asks; what a training throws that the next one would throw as well
   */
  async tryAll(
    space: DeepSpace,
    course: DeepCourse,
  ): Promise<{ readonly left: number; readonly underWay: number }> {
    const { store, work } = this;
    const study = this.studyOf(space);
    const told = new Set<string>();
    const tellKnown = async (): Promise<void> => {
      await store.renew();
      for (const { key, setting } of await store.ofStudy(study)) {
        if (!told.has(key)) course.onTried(key, setting, null);
        told.add(key);
      }
    };
    const own: DeepCourse = {
      ...course,
      onTried: (key, setting, seconds) => {
        told.add(key);
        course.onTried(key, setting, seconds);
      },
    };
    await tellKnown();
    const optuna = await this.openStudy(study);
    const { seed } = this.project.config.training;
    const prefix = `trial-${study}-`;
    for (const { folder, suggestion } of await claimAbandoned(this.project.folder, store.name, prefix)) {
      work.log?.info(`Going on with training ${suggestion.number}, whose process is gone`);
      await this.tryOne(optuna, folder, suggestion, own);
    }
    while (!course.isOver()) {
      const { number, running, settings } = await nextTrial(optuna, choicesOf(space), seed, space.trials);
      if (number === null) {
        // What other workers have trained meanwhile.
        await tellKnown();
        if (running === 0) await this.clearPixels();
        return { left: 0, underWay: running };
      }
      const folder = `${store.name}/${prefix}${number}`;
      await claimNew(this.project.folder, folder, { number, settings });
      await this.tryOne(optuna, folder, { number, settings }, own);
    }
    await tellKnown();
    return { left: Math.max(0, space.trials - told.size), underWay: 0 };
  }

  private async tryOne(
    optuna: OptunaStudy,
    folder: string,
    { number, settings }: Suggestion,
    { onTried, onFailed }: DeepCourse,
  ): Promise<void> {
    const setting = settingOf(settings);
    try {
      const { key, seconds, loss } = await this.train(
        setting,
        folder.slice(this.store.name.length + 1),
        optuna.study,
      );
      await tellTrial(optuna, number, loss);
      onTried(key, setting, seconds);
    } catch (error) {
      if (!(error instanceof OverreadError) || !failures.has(error.code)) throw error;
      await tellTrial(optuna, number, null);
      onFailed(setting, error);
    }
    await this.removeFolder(folder);
  }

  private async train(
    setting: SweepSetting,
    name: string,
    study: string | null,
  ): Promise<{ readonly key: string; readonly seconds: number | null; readonly loss: number | null }> {
    const { project, targets, store, torch, work } = this;
    const request = { ...torch, ...torchRequestOf(setting, project.config, project.root), outOfFold: false };
    const { resolved, settings } = await resolveTraining(project, request, work);
    const { sha256: weights, preprocessing } = resolved.identity;
    const content = {
      trainer: 'torch',
      weights,
      preprocessing,
      settings,
      strengths: penaltyGrid(project.config),
    };
    const key = sha256(canonicalJson(content)).slice(0, 24);
    const known = await store.read(key);
    if (known) return { key, seconds: null, loss: this.lossOf(known.predictions) };
    const started = performance.now();
    const python = await this.openPython();
    const folder = `${store.name}/${name}`;
    const pixels = await sharedPixels(project, store.name, preprocessing, work);
    await prepareJob({ project, targets, resolved, settings, folder, pixels, onlyInner: true }, work);
    await runTraining({
      ...work,
      target: torch.target,
      python,
      packageFolder: torch.packageFolder,
      folder: project.folder.path(folder),
    });
    const { predictions, epochs } = await readInnerResults(project, targets, folder);
    const seconds = (performance.now() - started) / 1000;
    await store.add(
      {
        ...{ v: 1, key, setting, weights: resolved.identity.name, seconds, epochs },
        ...(study === null ? {} : { study }),
        thresholds: predictions.thresholds,
        time: new Date().toISOString(),
      },
      predictions,
    );
    if (study === null) await this.removeFolder(folder);
    return { key, seconds, loss: this.lossOf(predictions) };
  }

  private lossOf(predictions: PredictionColumns): number | null {
    return computeMetrics(metricInputs(this.project, this.targets, predictions).out_of_fold).log_loss.value;
  }

  private openPython(): Promise<string> {
    this.python ??= openPython(this.torch, this.work).then(({ python }) => python);
    return this.python;
  }

  private async openStudy(study: string): Promise<OptunaStudy> {
    const { project, store, torch, work } = this;
    const journal = `${store.name}/${journalFile}`;
    // Python follows links; this does not.
    await (await project.folder.openToAppend(journal, () => true)).close();
    return {
      python: await this.openPython(),
      packageFolder: torch.packageFolder,
      env: work.env,
      journal: project.folder.path(journal),
      study,
      signal: work.signal,
    };
  }

  /** Trainings with other choices, or other settings beside them, are another study. */
  private studyOf({ trials: _, ...space }: DeepSpace): string {
    const { config } = this.project;
    const { deep, class_weights, seed } = config.training;
    const content = { space, deep, class_weights, seed, C: config.training.C, model: config.model };
    return sha256(canonicalJson(content)).slice(0, 12);
  }

  private async removeFolder(folder: string): Promise<void> {
    await this.project.folder.removeWholeFolder(this.store.name, folder.slice(this.store.name.length + 1));
  }

  private async clearPixels(): Promise<void> {
    const { project, store } = this;
    await removePixels(project, store.name, await fs.readdir(project.folder.path(store.name)));
  }
}

function choicesOf({ networks, layers, learning_rate, augmentation }: DeepSpace): OptunaSpace {
  return {
    network: networks.map((network) => network ?? null),
    layers,
    augmentation,
    learning_rate,
  };
}

/** What Optuna suggested, as a setting; it was asked for nothing else. */
function settingOf({ network, layers, augmentation, learning_rate }: Suggested): SweepSetting {
  return {
    ...(typeof network === 'string' ? { network } : {}),
    layers: layers as SweptLayers,
    augmentation: augmentation as Augmentation,
    learning_rate: Number(learning_rate),
  };
}
