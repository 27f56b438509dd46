/** What the engine's tables say in English, in the editor's language: titles of queues, orders and scores. */
import * as vscode from 'vscode';
import type { ItemScore, ProjectSummary, QueueInfo, ReviewItem } from '../../protocol/engineApi';

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

/** Most items have nothing in them that is ours to say. */
export function translatedItems(items: readonly ReviewItem[]): readonly ReviewItem[] {
  return items.map((item) => {
    const { checks, findings } = item;
    if (!checks && !findings) return item;
    return {
      ...item,
      ...(checks ? { checks: checks.map((one) => ({ ...one, title: vscode.l10n.t(one.title) })) } : {}),
      ...(findings ? { findings: translatedItems(findings) } : {}),
    };
  });
}

function translatedQueue(queue: QueueInfo): QueueInfo {
  const { one, other } = queue.counted;
  return {
    ...queue,
    title: vscode.l10n.t(queue.title),
    hint: vscode.l10n.t(queue.hint),
    counted: { one: vscode.l10n.t(one), other: vscode.l10n.t(other) },
  };
}
