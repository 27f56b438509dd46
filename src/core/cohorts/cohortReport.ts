/** Where a run errs more than elsewhere, as data: the command line, the page and the report ask this. */
import { setImmediate as nextTurn } from 'node:timers/promises';
import { throwIfCancelled } from '../base/errors';
import type { WorkOptions } from '../base/ports';
import type { Split } from '../dataset/model';
import { intervalReplicates } from '../evaluation/measure';
import type { Project } from '../project/project';
import type { WholeRun } from '../runs/wholeRun';
import { cohortFigures } from './cohortFigures';
import { countCohort } from './countCohort';
import { errorTypes, whereOf } from './errorTypes';
import { adjustTests, settleSlices } from './falseDiscoveries';
import { testSlices, treeSlices, type SliceCandidate } from './foundSlices';
import { groupingsOf, type Grouping } from './groupings';
import { judgedItems, type JudgedItems } from './judgedItems';
import { fewestPatients, type Cohort, type CohortColumn, type CohortReport } from './model';

export interface CohortOptions extends WorkOptions {
  /** Columns of the table; none: those that make groups. */
  readonly by?: readonly string[];
  /** Default: the training part, out of fold. */
  readonly part?: Split;
  /** Resamplings behind each interval. Default: as of every figure. */
  readonly replicates?: number;
  /** Slices of images that look alike, for whoever has features at hand; else why there are none. */
  readonly clusters?: ClusterSource | string;
}

/** Gives the slices of images that look alike, over the items of both parts. */
export type ClusterSource = (searched: JudgedItems, tested: JudgedItems) => readonly SliceCandidate[];

/** What of a project is measured. */
export type Measured = Pick<Project, 'assignment' | 'config' | 'dataset' | 'labels'>;

/**
 * Figures, error rates and tests of every cohort, and slices that were found by themselves. Deterministic for the project's
 * seed; gives the event loop its turn between cohorts.
 * @throws OVR201 there is no such column; OVR002 cancelled
 */
export async function cohortReport(
  project: Measured,
  { record, predictions }: Pick<WholeRun, 'predictions' | 'record'>,
  options: CohortOptions = {},
): Promise<CohortReport> {
  const part = options.part ?? 'train';
  const groupings = groupingsOf(project.dataset, options.by);
  const judged = judgedItems(project, predictions, part);
  const types = errorTypes(project.dataset, judged);
  const resamplings = {
    seed: project.config.training.seed,
    replicates: options.replicates ?? intervalReplicates,
    ...(options.signal ? { signal: options.signal } : {}),
  };
  const columns: CohortColumn[] = [];
  for (const grouping of groupings.taken) {
    options.onProgress?.({ stage: 'cohorts', done: columns.length, total: groupings.taken.length });
    const cohorts: Cohort[] = [];
    for (const g of grouping.groups.keys()) {
      const counted = countCohort(project.dataset, grouping, g, judged, types, resamplings);
      const isInside = (sample: number): boolean => grouping.of[sample] === g;
      const figures = counted.too_small
        ? null
        : await cohortFigures(project, predictions, { part, isInside }, resamplings);
      cohorts.push({ ...counted, figures });
      await nextTurn();
      throwIfCancelled(options.signal);
    }
    const samples = [...new Set(judged.sample)];
    const { column, note } = grouping;
    const empty = samples.filter((sample) => grouping.of[sample] === -1).length;
    columns.push({ column, note, empty, cohorts });
  }
  return {
    run: record.run,
    part,
    images: new Set(judged.sample).size,
    patients: judged.patients,
    items: judged.wrong.length,
    errors: judged.wrong.reduce((sum, wrong) => sum + wrong, 0),
    fewest_patients: fewestPatients,
    columns: adjustTests(columns),
    left_out: groupings.leftOut,
    types: types.map((type) => ({ ...type, where: whereOf(type) })),
    found: findSlices(project, predictions, groupings.taken, options.clusters),
  };
}

/** Searched in the training part, out of fold, and tested on the validation part, whatever part was measured. */
function findSlices(
  project: Measured,
  predictions: WholeRun['predictions'],
  groupings: readonly Grouping[],
  clusters: CohortOptions['clusters'] = 'the features of the run were not asked for',
): CohortReport['found'] {
  const searched = judgedItems(project, predictions, 'train');
  const tested = judgedItems(project, predictions, 'validation');
  const candidates = [
    ...treeSlices(project.dataset, groupings, searched, tested),
    ...(typeof clusters === 'string' ? [] : clusters(searched, tested)),
  ];
  return {
    slices: settleSlices(testSlices(candidates, searched, tested)),
    without_features: typeof clusters === 'string' ? clusters : null,
  };
}
