/** A project beside one of its runs: the catalog that reviewers and the command line ask. */
import { atOnce, type Pieces } from '../base/pieces';
import type { Project } from '../project/project';
import type { WholeRun } from '../runs/wholeRun';
import { ItemSuspects } from '../suspects/itemSuspects';
import { Catalog, type CatalogInput } from './catalog';

/** How users' filters run. */
export type FilterOptions = Pick<CatalogInput, 'filterStarter' | 'limits'>;

/** With the labels that are suspected, and what the last check found, where their queues or scores are wanted. */
export type ReviewOptions = FilterOptions & Pick<CatalogInput, 'suspects' | 'checks'>;

/**
 * Opens the catalog over the project's items and, where there is one, a run's predictions.
 * @param earlier a run that this one is compared with
 */
export function openReview(
  project: Project,
  run: WholeRun | undefined,
  filters: ReviewOptions = {},
  earlier?: Pick<WholeRun, 'predictions'>,
): Promise<Catalog> {
  return Promise.resolve(reviewOf(project, run, filters, earlier));
}

/** The suspects of a run where a filter speaks of them; null where nobody needs them. */
export function suspectsFor(
  where: string | undefined,
  { labels, assignment }: Pick<Project, 'assignment' | 'labels'>,
  run: Pick<WholeRun, 'predictions'> | undefined,
): ItemSuspects | null {
  const isAsked = run !== undefined && where?.toLowerCase().includes('suspicion') === true;
  return isAsked ? ItemSuspects.of(labels, assignment, run.predictions) : null;
}

/** The same, synchronously. */
export function reviewOf(
  project: Pick<Project, 'dataset' | 'assignment' | 'labels'>,
  run: Pick<WholeRun, 'predictions' | 'record'> | undefined,
  filters: ReviewOptions,
  earlier: Pick<WholeRun, 'predictions'> | undefined,
): Catalog {
  return atOnce(buildingReview(project, run, filters, earlier));
}

/** The same in pieces, as `Catalog.building`. */
export function buildingReview(
  { dataset, assignment, labels }: Pick<Project, 'dataset' | 'assignment' | 'labels'>,
  run: Pick<WholeRun, 'predictions' | 'record'> | undefined,
  filters: ReviewOptions,
  earlier: Pick<WholeRun, 'predictions'> | undefined,
): Pieces<Catalog> {
  return Catalog.building({
    dataset,
    assignment,
    labels,
    predictions: run?.predictions ?? null,
    earlier: earlier?.predictions ?? null,
    ...(run ? { labelsAsOf: run.record.labels_as_of } : {}),
    ...filters,
  });
}
