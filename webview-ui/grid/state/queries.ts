/** Rules about queries: what a blind reading asks, what counts as filtered. */
import type { ItemQuery, ProjectSummary, QueueInfo, SavedQueue } from '../../../src/protocol/engineApi';
import type { GridState } from './model';

/** The order by what a check found: that of its queue. */
export const checkOrder = 'check';

/** What there is to list, as the engine tells it. */
type Listed = Pick<ProjectSummary, 'queueInfos' | 'sortInfos' | 'reviewedSplits'>;

/** The row of a query's queue; undefined for a queue that there is not (any more). */
export function queueOf(project: Listed | null, { queue }: Pick<ItemQuery, 'queue'>): QueueInfo | undefined {
  return project?.queueInfos.find(({ id }) => id === queue);
}

/** The queue of the project's own that a query lists: its filter over everything. */
export function savedOn(
  project: ProjectSummary | null,
  { queue, where }: Pick<ItemQuery, 'queue' | 'where'>,
): SavedQueue | undefined {
  if (project === null || where === undefined || wholeQueue(project)?.id !== queue) return undefined;
  return project.savedQueues.find((saved) => saved.where === where);
}

/** A queue in its own order, of the parts that are reviewed; without one the queue that a reviewer comes for. */
export function usualQuery(project: Listed, queue = project.queueInfos[0]): ItemQuery {
  const { id, sort, descending } = queue ?? { id: '', sort: '', descending: true };
  return { queue: id, splits: project.reviewedSplits, sort, descending };
}

/** Whether a review item is an image and a finding, of which there are several. */
export function multiLabelOf({ project }: Pick<GridState, 'project'>): boolean {
  return project?.task === 'multi-label';
}

/**
 * Whether a place of the list is an image with its findings: where no finding is filtered by, of which there are several.
 * An offer is of findings one by one.
 */
export function isByImage({ project, query }: Pick<GridState, 'project' | 'query'>): boolean {
  return project?.task === 'multi-label' && query.finding === undefined && query.offer === undefined;
}

/** Whether what is listed, selected and counted are findings, one for each place. */
export function listsFindings(state: Pick<GridState, 'project' | 'query'>): boolean {
  return multiLabelOf(state) && !isByImage(state);
}

/** The queue that holds everything. */
export function wholeQueue(project: Listed): QueueInfo | undefined {
  return project.queueInfos.find(({ isAll }) => isAll);
}

/** The query as it is asked: a blind reading has no queue, filter or order that tells of labels or predictions. */
export function shownQuery({ query, project }: Pick<GridState, 'query' | 'project'>): ItemQuery {
  const by = isByImage({ query, project }) ? ({ by: 'image' } as const) : {};
  if (project?.blind !== true) return 'by' in by ? { ...query, ...by } : query;
  const { splits, finding, samples, batch, offer } = query;
  return {
    ...by,
    queue: wholeQueue(project)?.id ?? query.queue,
    splits,
    ...(finding === undefined ? {} : { finding }),
    ...(samples === undefined ? {} : { samples }),
    ...(batch === undefined ? {} : { batch }),
    ...(offer === undefined ? {} : { offer }),
    ...neutralOrder(project),
  };
}

/** A change of a query. `undefined` removes a field. */
export type QueryChange = { readonly [K in keyof ItemQuery]?: ItemQuery[K] | undefined };

/** The images of a cell of the matrix: all of them, as the cell counts them. */
export function withCell(project: Listed, given: string, predicted: string): QueryChange {
  const queue = wholeQueue(project)?.id;
  return { ...(queue === undefined ? {} : { queue }), given: [given], predicted: [predicted] };
}

/** Without the filter of a cell: the queue that a reviewer comes for. */
export function withoutCell(project: Listed): QueryChange {
  const queue = project.queueInfos[0]?.id;
  return { ...(queue === undefined ? {} : { queue }), given: undefined, predicted: undefined };
}

/** The order that says nothing of the model: what blind reading goes by. */
export function neutralOrder(project: Listed): Pick<ItemQuery, 'sort' | 'descending'> {
  const order = project.sortInfos.find(({ neutral }) => neutral);
  return { sort: order?.id ?? '', descending: order?.descending ?? false };
}

/** A copy with some fields changed; a field set to undefined is removed. */
export function changeQuery(query: ItemQuery, change: QueryChange): ItemQuery {
  const next: Record<string, unknown> = { ...query, ...change };
  for (const [field, value] of Object.entries(next))
    if (value === undefined) Reflect.deleteProperty(next, field);
  return next as unknown as ItemQuery;
}

type Splits = ItemQuery['splits'];

/**
 * True when more than queue, sort and the usual parts narrow the list.
 * @param reviewed the parts that the project's review lists
 */
export function isFiltered(query: ItemQuery, reviewed: Splits): boolean {
  return (
    query.finding !== undefined ||
    (query.given?.length ?? 0) > 0 ||
    (query.predicted?.length ?? 0) > 0 ||
    (query.samples?.length ?? 0) > 0 ||
    query.batch !== undefined ||
    query.offer !== undefined ||
    (query.where ?? '') !== '' ||
    splitChoice(query.splits, reviewed) !== 'review'
  );
}

/** The same queue and order without any filter. */
export function withoutFilters(query: ItemQuery, reviewed: Splits): ItemQuery {
  return { queue: query.queue, splits: reviewed, sort: query.sort, descending: query.descending };
}

export type SplitChoice = 'review' | 'all' | 'train' | 'validation' | 'test' | 'other';

/** What the toolbar offers: first the parts that are reviewed, then every other choice that differs from them. */
export function splitChoices(
  reviewed: Splits,
): readonly (readonly [Exclude<SplitChoice, 'other'>, Splits])[] {
  const others = [
    ['train', ['train']],
    ['validation', ['validation']],
    ['test', ['test']],
    ['all', everyPart],
  ] as const;
  const usual = nameOf(reviewed);
  return [['review', reviewed], ...others.filter(([, parts]) => nameOf(parts) !== usual)];
}

/** The choice of the toolbar that these parts are. No parts do not filter: all. */
export function splitChoice(splits: Splits, reviewed: Splits): SplitChoice {
  const wanted = nameOf(splits);
  return splitChoices(reviewed).find(([, parts]) => nameOf(parts) === wanted)?.[0] ?? 'other';
}

export function splitsOf(choice: string, reviewed: Splits): Splits {
  return splitChoices(reviewed).find(([name]) => name === choice)?.[1] ?? everyPart;
}

const everyPart: Splits = ['train', 'validation', 'test'];

/** Equal for lists of the same parts. */
function nameOf(parts: Splits): string {
  return [...new Set(parts.length === 0 ? everyPart : parts)].sort().join();
}
