/** The settings of a sweep on the same images: sorted by log loss out of fold, the first of them with intervals. */
import { throwIfCancelled } from '../base/errors';
import type { WorkOptions } from '../base/ports';
import { present } from '../base/present';
import type { ProjectConfig } from '../config/config';
import { intervalReplicates, metricInputs } from '../evaluation/measure';
import { computeMetrics, type MetricsInput } from '../evaluation/metrics';
import type { Metrics } from '../evaluation/model';
import { differencesOf, drawFigures } from '../evaluation/partDifference';
import type { Targets } from '../labels/model';
import type { Project } from '../project/project';
import type { RankedTrial, Trial, TrialRecord } from './model';
import { labelOf } from './space';
import type { TrialStore } from './trialStore';

/** Rows that get intervals: each is a bootstrap of its own. */
const rowsWithIntervals = 20;

export interface Ranking {
  readonly trials: readonly RankedTrial[];
  readonly records: readonly TrialRecord[];
  readonly best: number;
  readonly default: number;
  readonly samples: number;
  readonly patients: number;
}

/**
 * Ranks settings by their log loss on the images that all of them have a prediction out of fold for. Of equals the
 * default comes first, then what was tried first.
 * @param keys of settings that the store has, the default's first
 */
export async function rankTrials(
  project: Project,
  targets: Targets,
  store: TrialStore,
  keys: readonly string[],
  work: WorkOptions,
): Promise<Ranking> {
  const read = async (key: string): Promise<Trial> => present(await store.read(key), 'the trial');
  const rows = await commonRows(project, targets, keys, read);
  // One at a time: two thousand tables of all images do not fit into memory.
  const inputOf = ({ predictions }: Trial): MetricsInput => ({
    ...metricInputs(project, targets, predictions).out_of_fold,
    rows,
  });
  const measured: { readonly key: string; readonly record: TrialRecord; readonly metrics: Metrics }[] = [];
  for (const key of keys) {
    throwIfCancelled(work.signal);
    const trial = await read(key);
    measured.push({ key, record: trial.record, metrics: computeMetrics(inputOf(trial)) });
  }
  const [defaultKey = ''] = keys;
  const loss = ({ metrics }: { readonly metrics: Metrics }): number => metrics.log_loss.value ?? Infinity;
  // The sort is stable, and the default stands first.
  const ordered = measured.sort((a, b) => loss(a) - loss(b));
  const reference = inputOf(await read(defaultKey));
  const options = {
    seed: project.config.training.seed,
    replicates: intervalReplicates,
    ...(work.signal ? { signal: work.signal } : {}),
  };
  const ofReference = await drawFigures(reference, options);
  const trials: RankedTrial[] = [];
  for (const [i, { key, record, metrics }] of ordered.entries()) {
    const isDefault = key === defaultKey;
    const plain = plainRow(record, metrics, project.config, isDefault);
    if (i >= rowsWithIntervals && !isDefault) {
      trials.push(plain);
      continue;
    }
    work.onProgress?.({ stage: 'intervals', done: i, total: Math.min(ordered.length, rowsWithIntervals) });
    const { log_loss, auroc_macro, accuracy } = await differencesOf(
      reference,
      isDefault ? reference : inputOf(await read(key)),
      options,
      ofReference,
    );
    trials.push({
      ...plain,
      log_loss: log_loss.after,
      auroc_macro: auroc_macro.after,
      accuracy: accuracy.after,
      log_loss_difference: isDefault ? null : log_loss.difference,
    });
  }
  const first = present(ordered[0], 'a trial').metrics;
  return {
    trials,
    records: ordered.map(({ record }) => record),
    best: 0,
    default: ordered.findIndex(({ key }) => key === defaultKey),
    samples: first.samples,
    patients: first.patients,
  };
}

function plainRow(
  { setting, weights, seconds, epochs }: TrialRecord,
  { log_loss, auroc_macro, accuracy }: Metrics,
  config: ProjectConfig,
  isDefault: boolean,
): RankedTrial {
  return {
    setting,
    weights,
    label: labelOf(setting, config, weights),
    seconds,
    ...(epochs === undefined ? {} : { epochs }),
    is_default: isDefault,
    log_loss,
    auroc_macro,
    accuracy,
    log_loss_difference: null,
  };
}

/** Training samples that every setting has a prediction out of fold for. */
async function commonRows(
  project: Project,
  targets: Targets,
  keys: readonly string[],
  read: (key: string) => Promise<Trial>,
): Promise<Int32Array> {
  const times = new Uint32Array(project.dataset.samples.length);
  for (const key of keys) {
    const { predictions } = await read(key);
    for (const row of metricInputs(project, targets, predictions).out_of_fold.rows) {
      times[row] = (times[row] ?? 0) + 1;
    }
  }
  return Int32Array.from([...times.keys()].filter((row) => times[row] === keys.length));
}
