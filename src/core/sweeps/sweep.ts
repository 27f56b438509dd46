/**
 * `overread sweep`: the settings of a declared space against each other and against what the project says now. They
 * are selected by their log loss out of fold; the best and the default alone become runs, and meet validation.
 */
import { performance } from 'node:perf_hooks';
import { CacheMac } from '../base/cacheMac';
import { OverreadError, throwIfCancelled } from '../base/errors';
import { present } from '../base/present';
import { userConfigFolder } from '../base/userCache';
import { ownFailures } from '../comparisons/evaluateAll';
import { seconds } from '../evaluation/measure';
import type { Targets } from '../labels/model';
import { buildTargets } from '../labels/targets';
import { dataFingerprint } from '../project/fingerprint';
import { openProject, refuseUnlearnable, type Project } from '../project/project';
import type { ProjectFeatures } from '../project/projectFeatures';
import { runsName } from '../runs/folder';
import type { TrainWork } from '../trainers/trainer';
import { DeepTrials } from './deepTrials';
import {
  featuresOf,
  lastLayerKey,
  openNetwork,
  settingOf,
  tryNetwork,
  type OpenNetwork,
} from './lastLayerTrials';
import type { FailedTrial, SweepResult, SweepSetting } from './model';
import type { SweepOptions } from './options';
import { rankTrials, type Ranking } from './rank';
import { makeBothRuns, type ChosenSettings } from './runsOfBoth';
import { labelOf, layOutSpace, type NetworkTrials, type SweepSpace } from './space';
import { TrialStore } from './trialStore';
import { validate } from './validate';

/** The project's own network and strength. */
const ownTrials: NetworkTrials = {
  network: undefined,
  request: undefined,
  truncate: undefined,
  strengths: [undefined],
};

/**
 * Tries what was not tried on these labels, folds and images, the default first, and makes the two runs. A network that
 * fails is listed, and the others go on.
 * @throws what the default's own training throws; as `layOutSpace`, `openProject`; OVR002 cancelled: what was tried
 * until then stays
 */
export async function sweep(root: string, options: SweepOptions): Promise<SweepResult> {
  const started = performance.now();
  options.onProgress?.({ stage: 'read', done: 0 });
  const { policy } = options;
  const project = await openProject(root, policy === undefined ? {} : { policy });
  refuseUnlearnable(project);
  await project.folder.tryWriting(runsName);
  const declared = { ...project.config.sweep, ...options.declared };
  const space = layOutSpace(declared, project.config, project.root);
  const minutes = declared.minutes ?? Infinity;
  const isOver = (): boolean => performance.now() - started > minutes * 60_000;
  const work = workOf(project, options);
  const targets = buildTargets(project.dataset, project.labels);
  const own = await openNetwork(project, ownTrials, work);
  const features = await featuresOf(project, own, work);
  const store = await TrialStore.open({
    folder: project.folder,
    mac: await CacheMac.open(userConfigFolder(options.env)),
    fingerprint: dataFingerprint(project, features.contentHashes),
    outputs: targets.outputs,
    samples: project.dataset.samples.length,
  });
  const course = new Course(project, targets, store, space, work, options, isOver);
  await course.run(own, features);
  throwIfCancelled(options.signal);
  const ranking = await rankTrials(project, targets, store, course.keys, options);
  // Of several workers the last makes the runs: each may be a training of hours.
  const runs =
    course.underWay > 0 ? null : await makeBothRuns(project, store, course.chosen(ranking), options);
  const outcome =
    runs === null
      ? ({ verdict: 'others-under-way', validation: null } as const)
      : await validate(project, targets, runs, options);
  const tried = course.keys.length;
  return {
    sweep: store.name,
    folds: project.assignment.folds,
    tried,
    known: course.known,
    tried_elsewhere: store.keys.length - tried,
    left: course.left,
    under_way: course.underWay,
    samples: ranking.samples,
    patients: ranking.patients,
    trials: ranking.trials,
    failed: course.failed,
    best: ranking.best,
    default: ranking.default,
    runs,
    ...outcome,
    total_s: seconds(performance.now() - started),
    problems: [...project.problems, ...features.problems],
  };
}

function workOf(project: Project, options: SweepOptions): TrainWork {
  const { signal, onProgress, log, cacheDir, env, inferenceProgram } = options;
  return {
    device: options.device ?? project.config.model.device,
    cacheDir,
    env,
    inferenceProgram,
    ...(signal ? { signal } : {}),
    ...(onProgress ? { onProgress } : {}),
    ...(log ? { log } : {}),
  };
}

/** One call's way through the space. */
class Course {
  /** Keys of the settings that have figures, the default's first. */
  readonly keys: string[] = [];
  readonly failed: FailedTrial[] = [];
  known = 0;
  left = 0;
  underWay = 0;
  /** By key: how the setting is trained as a run. */
  private readonly settings = new Map<string, ChosenSettings['best']>();
  private done = 0;

  constructor(
    private readonly project: Project,
    private readonly targets: Targets,
    private readonly store: TrialStore,
    private readonly space: SweepSpace,
    private readonly work: TrainWork,
    private readonly options: SweepOptions,
    private readonly isOver: () => boolean,
  ) {}

  async run(own: OpenNetwork, features: ProjectFeatures): Promise<void> {
    const { project, space, options } = this;
    this.options.onSpace?.(space.size);
    const deep =
      options.torch === undefined
        ? undefined
        : new DeepTrials(project, this.targets, this.store, options.torch, this.work);
    if (project.config.training.layers === 'last')
      await this.tryLastLayer(own, [undefined], features, () => false);
    else {
      const { key, seconds: taken } = await neededDeep(deep).tryDefault();
      this.take(key, {});
      this.tell({}, taken);
    }
    for (const trials of space.lastLayer) {
      const network = await this.open(trials);
      if (network === undefined) continue;
      await this.orFailed(settingOf(trials, undefined), () =>
        this.tryLastLayer(network, trials.strengths, undefined, this.isOver),
      );
    }
    if (space.deep === null) return;
    const { left, underWay } = await neededDeep(deep).tryAll(space.deep, {
      isOver: this.isOver,
      onTried: (key, setting, taken) => {
        this.take(key, setting);
        this.tell(setting, taken);
      },
      onFailed: (setting, error) => this.fail(setting, error),
    });
    this.left += left;
    this.underWay = underWay;
  }

  /** The settings that become runs. */
  chosen({ records, best, default: own }: Ranking): ChosenSettings {
    const at = (i: number) => present(this.settings.get(present(records[i], 'the trial').key), 'the setting');
    return { best: at(best), default: at(own), torch: this.options.torch };
  }

  private async open(trials: NetworkTrials): Promise<OpenNetwork | undefined> {
    let network: OpenNetwork | undefined;
    await this.orFailed(settingOf(trials, undefined), async () => {
      network = await openNetwork(this.project, trials, this.work);
    });
    return network;
  }

  private async tryLastLayer(
    network: OpenNetwork,
    strengths: readonly (number | undefined)[],
    features: ProjectFeatures | undefined,
    isOver: () => boolean,
  ): Promise<void> {
    const { project, store, targets } = this;
    const wanted: (number | undefined)[] = [];
    for (const C of strengths) {
      const key = lastLayerKey(project, network, C);
      if (this.settings.has(key)) continue;
      if ((await store.read(key)) === undefined) wanted.push(C);
      else {
        this.take(key, settingOf(network.trials, C));
        this.known++;
      }
    }
    if (wanted.length === 0) return;
    if (isOver()) {
      this.left += wanted.length;
      return;
    }
    let begun = 0;
    await tryNetwork(project, network, wanted, {
      ...this.work,
      targets,
      store,
      ...(features ? { features } : {}),
      isOver,
      onTried: (setting, taken) => {
        begun++;
        this.take(lastLayerKey(project, network, setting.C), setting);
        this.tell(setting, taken);
      },
    });
    this.left += wanted.length - begun;
  }

  private take(key: string, setting: SweepSetting): void {
    if (!this.settings.has(key)) this.keys.push(key);
    this.settings.set(key, { key, setting });
  }

  /** @param taken seconds; null: it was known */
  private tell(setting: SweepSetting, taken: number | null): void {
    if (taken === null) {
      this.known++;
      return;
    }
    this.done++;
    this.options.onTried?.(labelOf(setting, this.project.config), this.done, taken);
    this.options.onProgress?.({ stage: 'sweep', done: this.done + this.known, total: this.space.size });
  }

  /** A network that cannot be had or fitted is no reason to leave the others. */
  private async orFailed(setting: SweepSetting, attempt: () => Promise<void>): Promise<void> {
    try {
      await attempt();
    } catch (error) {
      if (!(error instanceof OverreadError) || !ownFailures.has(error.code)) throw error;
      this.fail(setting, error);
    }
  }

  private fail(setting: SweepSetting, error: OverreadError): void {
    const failed = { label: labelOf(setting, this.project.config), setting, error: error.toJSON() };
    this.failed.push(failed);
    this.options.onFailed?.(failed);
  }
}

function neededDeep(deep: DeepTrials | undefined): DeepTrials {
  if (deep) return deep;
  throw new OverreadError({
    code: 'OVR001',
    message: 'The sweep asks for trainings by PyTorch, which are not offered here',
    fix: 'Run overread sweep on the command line, or leave them out of sweep.layers',
  });
}
