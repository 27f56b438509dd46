/** A project beside one of its runs: the catalog that reviewers and the command line ask. */
import type { Project } from '../project/project';
import type { WholeRun } from '../runs/wholeRun';
import { Catalog, type CatalogInput } from './catalog';

/** How users' filters run. */
export type FilterOptions = Pick<CatalogInput, 'filterStarter' | 'limits'>;

/**
 * Opens the catalog over the project's items and, where there is one, a run's predictions.
 * @param earlier a run that this one is compared with
 */
export function openReview(
  project: Project,
  run: WholeRun | undefined,
  filters: FilterOptions = {},
  earlier?: Pick<WholeRun, 'predictions'>,
): Promise<Catalog> {
  return Promise.resolve(reviewOf(project, run, filters, earlier));
}

/** The same at once. */
export function reviewOf(
  { dataset, assignment, labels }: Pick<Project, 'dataset' | 'assignment' | 'labels'>,
  run: Pick<WholeRun, 'predictions' | 'record'> | undefined,
  filters: FilterOptions,
  earlier: Pick<WholeRun, 'predictions'> | undefined,
): Catalog {
  return Catalog.of({
    dataset,
    assignment,
    labels,
    predictions: run?.predictions ?? null,
    earlier: earlier?.predictions ?? null,
    ...(run ? { labelsAsOf: run.record.labels_as_of } : {}),
    ...filters,
  });
}
