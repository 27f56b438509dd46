/** The queries that trees, commands and notifications open the grid with. */
import * as vscode from 'vscode';
import type { ItemQuery, ProjectSummary, Queue, Split } from '../protocol/engineApi';

/** A queue as a person expects it: worst first, of the parts that the project's review lists. */
export function queueQuery(queue: Queue, { reviewedSplits: splits }: ProjectSummary): ItemQuery {
  switch (queue) {
    case 'confident-errors':
      return { queue, splits, sort: 'confidence', descending: true };
    case 'errors':
    case 'disputed':
    case 'edited':
    case 'all':
      return { queue, splits, sort: 'loss', descending: true };
    case 'uncertain':
    case 'unlabelled':
      return { queue, splits, sort: 'path', descending: false };
  }
}

/** Everything of one part, or of one class or finding of it. */
export function groupQuery(
  split: Split,
  group: { given: string } | { finding: string } | undefined,
): ItemQuery {
  return {
    queue: 'all',
    splits: [split],
    sort: 'loss',
    descending: true,
    ...(group && 'given' in group ? { given: [group.given] } : {}),
    ...(group && 'finding' in group ? { finding: group.finding } : {}),
  };
}

/** Some samples, whatever their part. */
export function samplesQuery(samples: readonly string[]): ItemQuery {
  return { queue: 'all', splits: [], samples, sort: 'loss', descending: true };
}

/** The queues with their names, in the order of the view. */
export function queueNames(): readonly {
  queue: Exclude<Queue, 'all'>;
  name: string;
  icon: string;
  hint: string;
}[] {
  const { t } = vscode.l10n;
  return [
    { queue: 'errors', name: t('Errors'), icon: 'error', hint: t('The model contradicts the label') },
    {
      queue: 'confident-errors',
      name: t('Most confident errors'),
      icon: 'flame',
      hint: t('The model contradicts the label and is sure of it: look here for wrong labels first'),
    },
    { queue: 'disputed', name: t('Disputed'), icon: 'comment-discussion', hint: t('Readers disagree') },
    {
      queue: 'edited',
      name: t('Edited since the last run'),
      icon: 'edit',
      hint: t('Labels that the model has not learned from yet'),
    },
    {
      queue: 'uncertain',
      name: t('Uncertain'),
      icon: 'unverified',
      hint: t('Readers could not tell'),
    },
    { queue: 'unlabelled', name: t('Unlabelled'), icon: 'question', hint: t('No label, or taken off') },
  ];
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
