/** A project beside one of its runs: the catalog that reviewers and the command line ask. */
import * as path from 'node:path';
import { readRun, runFiles, type Run } from '../runs/folder';
import { readPredictions } from '../runs/predictionsFile';
import type { Project } from '../project/project';
import { Catalog, type CatalogInput } from './catalog';

export interface Review {
  readonly catalog: Catalog;
  /** Absent while the project has no run. */
  readonly run?: Run;
}

/** How users' filters run. */
export type FilterOptions = Pick<CatalogInput, 'filterProgram' | 'limits'>;

/** Opens the catalog over the project's items and, where one is named, a run's predictions. */
export async function openReview(
  project: Project,
  runName: string | undefined,
  filters: FilterOptions = {},
): Promise<Review> {
  const { dataset, assignment, labels } = project;
  if (runName === undefined) {
    return { catalog: await Catalog.open({ dataset, assignment, labels, predictions: null, ...filters }) };
  }
  const run = await readRun(project.root, runName);
  const predictions = await readPredictions(path.join(run.dir, runFiles.predictions), run.record, dataset);
  const catalog = await Catalog.open({
    dataset,
    assignment,
    labels,
    predictions,
    labelsAsOf: run.record.labels_as_of,
    ...filters,
  });
  return { catalog, run };
}
