/** The queries that trees, commands and notifications open the grid with. */
import * as vscode from 'vscode';
import type { ItemQuery, ProjectSummary, QueueInfo, SavedQueue, Split } from '../protocol/engineApi';

/** The order by what a check found: items of one finding beside each other. */
export const checkOrder = 'check';

/** A queue in its own order, of the parts that the project's review lists. */
export function queueQuery(
  { id, sort, descending }: QueueInfo,
  { reviewedSplits: splits }: Pick<ProjectSummary, 'reviewedSplits'>,
): ItemQuery {
  return { queue: id, splits, sort, descending };
}

/** A queue of the project's own: its filter over all items, in their usual order. */
export function savedQuery(summary: ProjectSummary, { where }: SavedQueue): ItemQuery {
  return { ...queueQuery(wholeQueue(summary), summary), where };
}

/** Whether a list is that of a queue of the project's own, in whatever order, by item or by image. */
export function isSavedQuery(summary: ProjectSummary, saved: SavedQueue, query: ItemQuery): boolean {
  const { by: _, ...asked } = query;
  const { sort, descending } = query;
  return JSON.stringify({ ...savedQuery(summary, saved), sort, descending }) === JSON.stringify(asked);
}

/** What a reviewer comes for. */
export function firstQueue({ queueInfos }: Pick<ProjectSummary, 'queueInfos'>): QueueInfo {
  return found(queueInfos[0]);
}

/** Everything. */
export function wholeQueue({ queueInfos }: Pick<ProjectSummary, 'queueInfos'>): QueueInfo {
  return found(queueInfos.find(({ isAll }) => isAll));
}

/** What the last check found. */
export function checkQueue({ queueInfos }: Pick<ProjectSummary, 'queueInfos'>): QueueInfo {
  return found(queueInfos.find(({ sort }) => sort === checkOrder));
}

/** How many items wait in the first queue: the count of the badge, the code lens and the notifications. null: unknown, or not to be told. */
export function itemsToReview(summary: ProjectSummary | undefined): number | null {
  return summary?.queues[summary.queueInfos[0]?.id ?? ''] ?? null;
}

function found(queue: QueueInfo | undefined): QueueInfo {
  if (queue) return queue;
  throw new Error('The engine tells no queues');
}

/** Everything of one part, or of one class or finding of it. */
export function groupQuery(
  project: ProjectSummary,
  split: Split,
  group: { given: string } | { finding: string } | undefined,
): ItemQuery {
  return {
    ...queueQuery(wholeQueue(project), project),
    splits: [split],
    ...(group && 'given' in group ? { given: [group.given] } : {}),
    ...(group && 'finding' in group ? { finding: group.finding } : {}),
  };
}

/** Some samples, whatever their part. */
export function samplesQuery(project: ProjectSummary, samples: readonly string[]): ItemQuery {
  return { ...queueQuery(wholeQueue(project), project), splits: [], samples };
}

/** The labels of an offer, whatever their part: they were drawn from those that the review lists. */
export function offerQuery(project: ProjectSummary, offer: string): ItemQuery {
  return { ...queueQuery(wholeQueue(project), project), offer };
}

/** A part's name for people. */
export function splitName(split: Split): string {
  switch (split) {
    case 'train':
      return vscode.l10n.t('Training');
    case 'validation':
      return vscode.l10n.t('Validation');
    case 'test':
      return vscode.l10n.t('Test');
  }
}
