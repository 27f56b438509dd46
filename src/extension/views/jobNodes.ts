/** The row of a job that is under way, above the runs: a click shows its curves, or its terminal where it has none. */
import * as vscode from 'vscode';
import type { JobSummary } from '../../protocol/engineApi';
import { commands, treeItems } from '../contributions';
import { jobStateName } from '../jobs/jobStateName';
import type { Project } from '../projects/project';
import type { TreeNode } from './projectTree';

/** What the commands of a job are given. */
export interface JobReference {
  readonly root: string;
  readonly job: string;
}

export function jobNodes(
  { root }: Project,
  job: JobSummary | undefined,
): readonly (TreeNode & JobReference)[] {
  if (!job) return [];
  const { t } = vscode.l10n;
  const place: JobReference = { root, job: job.job };
  return [
    {
      id: `${root}#job/${job.job}`,
      ...place,
      item: () => {
        const item = new vscode.TreeItem(t('Fine-tuning'));
        item.description = jobStateName(job.state);
        item.tooltip = job.trains ? t('Click for the curves') : t('Click for the terminal');
        item.iconPath = new vscode.ThemeIcon('sync~spin');
        item.contextValue = treeItems.job;
        item.command = job.trains
          ? { command: commands.showTraining, title: t('Show training'), arguments: [place] }
          : { command: commands.followJob, title: t('Show running fine-tuning'), arguments: [root] };
        return item;
      },
    },
  ];
}
