/** What a window is told of a project as a whole: its facts, and the counts that move with its labels. */
import * as path from 'node:path';
import { inTurns, type Turns } from '../core/base/pieces';
import type { ItemChecks } from '../core/checks/itemChecks';
import { tablesOf } from '../core/config/config';
import { valuesByKey } from '../core/labels/answers';
import { testLooksSoFar } from '../core/project/testLooks';
import { hasRandomWeights } from '../core/runs/abilities';
import type { CheckState, LabelNews, ProjectSummary } from '../protocol/engineApi';
import type { Open } from './openProjects';

/** Items of each queue, and of those edited since the run; null where they would tell a blind reader something. */
export function countsOf({ project, blind }: Open): Pick<LabelNews, 'queues' | 'editsSinceRun'> {
  const { catalog, config } = project;
  return {
    queues: blind.queues(catalog.queueCounts(config.review.splits)),
    editsSinceRun: blind.on ? null : catalog.editedSinceRun(),
  };
}

/** All that moves with the labels, beside the turns that edits take. */
export async function labelStateOf(open: Open, turns: Turns): Promise<Omit<LabelNews, 'news'>> {
  const { blind } = open;
  const { catalog } = open.project;
  const isBlind = blind.on;
  const groups = await inTurns(blind.groups(), turns);
  // Of another run, or hidden now: counted anew.
  if (catalog !== open.project.catalog || isBlind !== blind.on) return labelStateOf(open, turns);
  const { checks, problems } = open.project;
  return {
    groups,
    rare: blind.rare(),
    ...countsOf(open),
    suspects: open.suspecting.state,
    problems,
    checks: blind.on ? null : checkStateOf(checks),
  };
}

function checkStateOf({ kept, isOfOtherTable, isOfOtherLabels, gone }: ItemChecks): CheckState {
  return { made: kept?.made ?? null, quick: kept?.quick === true, isOfOtherTable, isOfOtherLabels, gone };
}

export async function summaryOf(open: Open, turns: Turns): Promise<ProjectSummary> {
  const testLooks = await testLooksSoFar(open.project.root);
  const state = await labelStateOf(open, turns);
  const { project, pictures, annotator, blind } = open;
  const { config, dataset, run } = project;
  return {
    root: project.root,
    name: config.name,
    task: dataset.task,
    findings: dataset.findings,
    valuesByKey: dataset.findings.map((finding) => valuesByKey(dataset.task, finding)),
    samples: dataset.samples.length,
    metadataColumns: dataset.metadataColumns,
    queueInfos: project.catalog.queueInfos,
    sortInfos: project.catalog.sortInfos,
    // A filter may tell of labels: a blind reader is offered none.
    savedQueues: blind.on
      ? []
      : Object.entries(config.review.queues).map(([queue, where]) => ({ name: queue, where })),
    ...state,
    live: { on: open.live.on, failure: open.live.failure },
    blind: blind.on,
    blindByProject: config.review.blind,
    latestRun: run?.record.run ?? null,
    comparedRun: (!blind.on && project.earlier?.record.run) || null,
    weights: run?.record.network
      ? { name: run.record.network.weights.name, random: hasRandomWeights(run.record) }
      : null,
    reviewedSplits: config.review.splits,
    testLooks,
    annotator: annotator ?? '',
    thumbnails: pictures.thumbnailFolder,
    checksFile: project.checksFile,
    tables: tablesOf(config).map((table) => path.resolve(project.root, table)),
  };
}
