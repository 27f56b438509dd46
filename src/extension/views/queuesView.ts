/** Review queues: what is worth looking at, with counts; a badge tells the errors left. */
import * as vscode from 'vscode';
import { commands, views } from '../contributions';
import { inUnits, inWords } from '../counted';
import type { Disposable } from '../disposables';
import type { Project } from '../projects/project';
import { firstQueue, itemsToReview, queueQuery } from '../queries';
import type { Contribution, Services } from '../services';
import { ProjectTree, type TreeNode } from './projectTree';

export class QueuesView implements Contribution {
  register({ projects }: Services): Disposable {
    return new ProjectTree(views.queues, projects, queueNodes, (view, project) => {
      const errors = itemsToReview(project?.summary) ?? 0;
      view.badge =
        errors === 0 || !project?.summary
          ? undefined
          : {
              value: errors,
              tooltip: vscode.l10n.t('{0} to review', inWords(firstQueue(project.summary).counted, errors)),
            };
    });
  }
}

function queueNodes(project: Project): readonly TreeNode[] {
  const { summary } = project;
  if (!summary) return [];
  const unit =
    summary.task === 'multi-label' ? ` ${vscode.l10n.t('An item is an image and a finding.')}` : '';
  const { queueInfos, queues } = summary;
  return queueInfos
    .filter(({ isAll }) => !isAll)
    .map((queue) => ({
      id: `${project.root}#${queue.id}`,
      item: () => {
        const [name, hint] = [vscode.l10n.t(queue.title), vscode.l10n.t(queue.hint)];
        const item = new vscode.TreeItem(name);
        // A blind reader is told nothing that moves with an answer.
        const count = queues[queue.id] ?? null;
        // The row is narrow: the unit is in the tooltip, and read aloud.
        item.description = count === null ? '' : count.toLocaleString();
        const counted = count === null ? '' : ` ${inUnits(summary, count)}.`;
        item.tooltip = `${hint}.${counted}${unit}`;
        item.iconPath = new vscode.ThemeIcon(queue.icon);
        item.accessibilityInformation = {
          label: count === null ? `${name}. ${hint}` : `${name}: ${inUnits(summary, count)}. ${hint}`,
        };
        item.command = {
          command: commands.openQuery,
          title: vscode.l10n.t('Show in the review grid'),
          arguments: [project.root, queueQuery(queue, summary)],
        };
        return item;
      },
    }));
}
