/** What became of a project's items from one run to another, both by the labels as they are now. */
import type { WorkOptions } from '../base/ports';
import { mcNemar } from '../evaluation/exactTests';
import { intervalReplicates, metricInputs, onSameRows } from '../evaluation/measure';
import { differencesOf } from '../evaluation/partDifference';
import type {
  ClassDifference,
  DifferenceCounts,
  DifferingItem,
  DifferingItems,
  DifferingRun,
  PartDifference,
  RunDifference,
} from '../evaluation/runDifference';
import { parseMoment } from '../labels/asOf';
import type { EffectiveLabels } from '../labels/effectiveLabels';
import { buildTargets, outputsOf } from '../labels/targets';
import type { Project } from '../project/project';
import { hasRandomWeights, refuseOtherOutputs, refuseUnable } from '../runs/abilities';
import type { RunRecord } from '../runs/model';
import type { WholeRun } from '../runs/wholeRun';
import { present } from '../base/present';
import type { Catalog } from './catalog';
import { errorQueue } from './queues';

type Comparing = Pick<Project, 'dataset' | 'assignment' | 'config' | 'labels'>;

/** The queues of what two runs say, by the name of their count. */
export const differenceQueues = {
  fixed: 'fixed',
  newly_wrong: 'newly-wrong',
  still_wrong: 'still-wrong',
} as const satisfies Record<keyof DifferenceCounts, string>;

const kinds = Object.keys(differenceQueues) as (keyof DifferenceCounts)[];

/**
 * Ends what cannot be compared before anything of it is read.
 * @throws OVR804 one of them is not to be compared, or its classes are not the project's
 */
export function refuseIncomparable({ dataset }: Pick<Comparing, 'dataset'>, runs: readonly WholeRun[]): void {
  const outputs = outputsOf(dataset);
  for (const { record } of runs) {
    refuseUnable(record, 'compare');
    refuseOtherOutputs(record, outputs);
  }
}

/**
 * Figures and counts of two runs by the labels as they are now. Images that one of them has no prediction for, or was
 * trained on, count for neither.
 * @param catalog over the later run, opened with the earlier one
 * @param intervals whether to resample patients, which takes a second on some hundred images
 * @throws OVR002 cancelled
 */
export async function diffRuns(
  project: Comparing,
  catalog: Catalog,
  [before, after]: readonly [WholeRun, WholeRun],
  { intervals, ...work }: WorkOptions & { readonly intervals: boolean },
): Promise<RunDifference> {
  const { labels, config } = project;
  const targets = buildTargets(project.dataset, labels);
  const inputs = [before, after].map(({ predictions }) => metricInputs(project, targets, predictions));
  const { seed } = config.training;
  const options = { seed, replicates: intervalReplicates, ...(work.signal ? { signal: work.signal } : {}) };
  const part = async (name: 'out_of_fold' | 'validation', done: number): Promise<PartDifference> => {
    if (intervals) work.onProgress?.({ stage: 'intervals', done, total: 2 });
    const [was, is] = onSameRows(inputs.map((parts) => parts[name]));
    return differencesOf(present(was, 'the run'), present(is, 'the run'), intervals ? options : null);
  };
  // Of one moment: labels may change while patients are resampled.
  const counted = countsNow(project, catalog, before.record, after.record);
  const out_of_fold = await part('out_of_fold', 0);
  return { ...counted, out_of_fold, validation: await part('validation', 1) };
}

function countsNow(
  project: Comparing,
  catalog: Catalog,
  before: RunRecord,
  after: RunRecord,
): Omit<RunDifference, 'out_of_fold' | 'validation'> {
  const { labels, config } = project;
  const { splits } = config.review;
  const counted = catalog.queueCounts(splits);
  const countOf = (queue: string): number => counted[queue] ?? 0;
  const fixed = countOf(differenceQueues.fixed);
  const newly_wrong = countOf(differenceQueues.newly_wrong);
  return {
    before: describeRun(before, labels),
    after: describeRun(after, labels),
    splits,
    counts: { fixed, newly_wrong, still_wrong: countOf(differenceQueues.still_wrong) },
    mcnemar_p: mcNemar(fixed, newly_wrong),
    errors: countOf(errorQueue.id),
    classes: classesOf(project, catalog),
  };
}

/** The items that at least one of the two runs gets wrong, of the parts that are reviewed. */
export function differingItems({ config }: Comparing, catalog: Catalog): DifferingItems {
  const itemsOf = (kind: keyof DifferenceCounts): DifferingItem[] =>
    Array.from(rowsOf(catalog, kind, config.review.splits), (row) => {
      const { sample, finding, value, predicted } = catalog.item(row);
      return { sample, finding, label: value, before: catalog.predictedBefore(row), after: predicted };
    });
  return {
    fixed: itemsOf('fixed'),
    newly_wrong: itemsOf('newly_wrong'),
    still_wrong: itemsOf('still_wrong'),
  };
}

function rowsOf(
  catalog: Catalog,
  kind: keyof DifferenceCounts,
  splits: Project['config']['review']['splits'],
): Int32Array {
  const query = { queue: differenceQueues[kind], splits, sort: errorQueue.sort, descending: true };
  return catalog.list(query, undefined).rows;
}

/** The counts by class (of the label as it is now) or finding, in the project's order. */
function classesOf({ dataset, labels, config }: Comparing, catalog: Catalog): ClassDifference[] {
  const { task, findings } = dataset;
  const names = task === 'multi-class' ? (findings[0]?.values ?? []) : findings.map(({ name }) => name);
  const counts = names.map((name) => ({ name, fixed: 0, newly_wrong: 0, still_wrong: 0 }));
  for (const kind of kinds) {
    for (const row of rowsOf(catalog, kind, config.review.splits)) {
      const place = task === 'multi-class' ? (labels.codes[row] ?? -1) : row % findings.length;
      const own = counts[place];
      if (own) own[kind]++;
    }
  }
  return counts;
}

function describeRun(record: RunRecord, labels: EffectiveLabels): DifferingRun {
  const { run, name, created, trainer, network, labels_as_of } = record;
  const since = parseMoment(labels_as_of);
  return {
    run,
    name,
    created,
    trainer: trainer.name,
    architecture: network?.architecture ?? null,
    weights: network?.weights.name ?? null,
    random_weights: hasRandomWeights(record),
    edited_since: [...labels.historyItems()].filter((item) => labels.isChangedSince(item, since)).length,
  };
}
