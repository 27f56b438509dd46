/** Review queues: what is worth looking at, with counts; a badge tells the errors left. */
import * as vscode from 'vscode';
import { commands, views } from '../contributions';
import { inUnits, inWords } from '../counted';
import type { CheckState, ProjectSummary, SavedQueue } from '../../protocol/engineApi';
import type { Disposable } from '../disposables';
import type { Project } from '../projects/project';
import { checkOrder, firstQueue, itemsToReview, queueQuery } from '../queries';
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
    summary.task === 'multi-label'
      ? ` ${vscode.l10n.t('Counted are findings: one image may have several.')}`
      : '';
  const { queueInfos, queues } = summary;
  const listed: readonly TreeNode[] = queueInfos
    .filter(({ isAll }) => !isAll)
    .map((queue) => ({
      id: `${project.root}#${queue.id}`,
      item: () => {
        const [name, hint] = [vscode.l10n.t(queue.title), vscode.l10n.t(queue.hint)];
        const item = new vscode.TreeItem(name);
        // A blind reader is told nothing that moves with an answer.
        const count = queues[queue.id] ?? null;
        // The row is narrow: the unit is in the tooltip, and read aloud.
        const state = queue.sort === checkOrder ? checkStateText(summary.checks) : undefined;
        item.description = [count === null ? '' : count.toLocaleString(), state?.short ?? '']
          .filter((text) => text !== '')
          .join(' · ');
        const counted = count === null ? '' : ` ${inUnits(summary, count)}.`;
        const told = queue.id === 'suspects' ? foundHow(summary) : '';
        item.tooltip = `${hint}.${counted}${unit}${told}${state ? `\n${state.long}` : ''}`;
        const isBusy = queue.id === 'suspects' && summary.suspects.busy;
        item.iconPath = new vscode.ThemeIcon(isBusy ? 'loading~spin' : queue.icon);
        item.accessibilityInformation = {
          label: `${count === null ? name : `${name}: ${inUnits(summary, count)}`}. ${hint}${state ? `. ${state.long}` : ''}`,
        };
        item.command = {
          command: commands.openQuery,
          title: vscode.l10n.t('Show in the review grid'),
          arguments: [project.root, queueQuery(queue, summary)],
        };
        return item;
      },
    }));
  return [...listed, ...summary.savedQueues.map((queue) => savedNode(project, summary, queue))];
}

/** By what labels are suspected, where that is not yet what the command line says. */
function foundHow({ suspects: { busy, byRun, failure } }: ProjectSummary): string {
  const { t } = vscode.l10n;
  if (busy) return ` ${t('Labels are being compared with ten divisions into folds.')}`;
  if (failure !== null) return ` ${t('By the folds of the run alone: {0}', failure)}.`;
  return byRun === true
    ? ` ${t('By the folds of the run; opening the list compares ten divisions into folds.')}`
    : '';
}

/** How far what the last check said is of now: a word for the row, and sentences. */
function checkStateText(
  state: CheckState | null,
): { readonly short: string; readonly long: string } | undefined {
  if (state === null) return undefined;
  const { t } = vscode.l10n;
  if (state.made === null)
    return { short: t('not checked'), long: t('The data were not checked yet: run "Check Data".') };
  const made = new Date(state.made).toLocaleString(vscode.env.language);
  const sentences = [
    state.quick ? t('Checked {0}, without decoding images.', made) : t('Checked {0}.', made),
    ...(state.isOfOtherTable ? [t('The table or its split changed since: check again.')] : []),
    ...(state.gone > 0 ? [t('Findings that may not hold and are not shown: {0}.', String(state.gone))] : []),
    ...(state.isOfOtherLabels
      ? [t('Labels changed since: what is settled is off, what contradicts only now is not known.')]
      : []),
  ];
  return { short: state.isOfOtherTable ? t('out of date') : '', long: sentences.join(' ') };
}

/** A queue of the project's own: counted when it is opened, since its filter is not run before. */
function savedNode(project: Project, summary: ProjectSummary, { name, where }: SavedQueue): TreeNode {
  return {
    id: `${project.root}#saved/${name}`,
    item: () => {
      const item = new vscode.TreeItem(name);
      const count = project.savedCount(name);
      item.description = count === undefined ? '' : count.toLocaleString();
      item.tooltip = count === undefined ? where : `${where}\n${inUnits(summary, count)}`;
      item.iconPath = new vscode.ThemeIcon('filter');
      item.command = {
        command: commands.openSavedQueue,
        title: vscode.l10n.t('Show in the review grid'),
        arguments: [project.root, name],
      };
      return item;
    },
  };
}
