/** What the engine's tables say in English, in the editor's language: titles of queues, orders and scores. */
import * as vscode from 'vscode';
import type { ItemScore, ProjectSummary, QueueInfo } from '../../protocol/engineApi';

export function translatedSummary(summary: ProjectSummary): ProjectSummary {
  return {
    ...summary,
    queueInfos: summary.queueInfos.map(translatedQueue),
    sortInfos: summary.sortInfos.map((sort) => ({ ...sort, title: vscode.l10n.t(sort.title) })),
  };
}

export function translatedScores(scores: readonly ItemScore[]): readonly ItemScore[] {
  return scores.map((score) => ({ ...score, title: vscode.l10n.t(score.title) }));
}

function translatedQueue(queue: QueueInfo): QueueInfo {
  const counted = Object.entries(queue.counted).map(([category, form]) => [category, vscode.l10n.t(form)]);
  return {
    ...queue,
    title: vscode.l10n.t(queue.title),
    hint: vscode.l10n.t(queue.hint),
    counted: Object.fromEntries(counted) as unknown as QueueInfo['counted'],
  };
}
