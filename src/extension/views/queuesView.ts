/** Review queues: what is worth looking at, with counts; a badge tells the errors left. */
import * as vscode from 'vscode';
import { commands, views } from '../contributions';
import type { Disposable } from '../disposables';
import type { Project } from '../projects/project';
import { queueNames, queueQuery } from '../queries';
import type { Contribution, Services } from '../services';
import { ProjectTree, type TreeNode } from './projectTree';

export class QueuesView implements Contribution {
  register({ projects }: Services): Disposable {
    return new ProjectTree(views.queues, projects, queueNodes, (view, project) => {
      const errors = project?.summary?.queues.errors ?? 0;
      view.badge =
        errors === 0
          ? undefined
          : {
              value: errors,
              tooltip:
                errors === 1
                  ? vscode.l10n.t('1 error to review')
                  : vscode.l10n.t('{0} errors to review', errors.toLocaleString()),
            };
    });
  }
}

function queueNodes(project: Project): readonly TreeNode[] {
  const { summary } = project;
  if (!summary) return [];
  const counts = summary.queues;
  return queueNames().map(({ queue, name, icon, hint }) => ({
    id: `${project.root}#${queue}`,
    item: () => {
      const item = new vscode.TreeItem(name);
      // A blind reader is told nothing that moves with an answer.
      item.description = counts[queue]?.toLocaleString() ?? '';
      item.tooltip = hint;
      item.iconPath = new vscode.ThemeIcon(icon);
      item.accessibilityInformation = {
        label: item.description === '' ? `${name}. ${hint}` : `${name}: ${item.description}. ${hint}`,
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
