/** Says that a fine-tuning is done, and offers what it is done for, where no page of the project has the answer to it. */
import * as vscode from 'vscode';
import { commands } from '../contributions';
import { inWords } from '../counted';
import type { Project } from '../projects/project';
import { firstQueue, itemsToReview } from '../queries';
import { say } from '../say';

/**
 * @param project read anew since the run was made
 * @param isShown a page of it is on show, whose strip answers a refit
 */
export async function tellFinetuned(project: Project, isShown: boolean): Promise<void> {
  if (isShown && typeof project.summary?.comparedRun === 'string') return;
  const { t } = vscode.l10n;
  const errors = itemsToReview(project.summary);
  if (errors === null || !project.summary) {
    void say.info(t('Fine-tuning of {0} is done.', project.name));
    return;
  }
  if (errors === 0) {
    void say.info(t('Fine-tuning is done: the model gets nothing wrong.'));
    return;
  }
  const review = t('Review Errors');
  const told = inWords(firstQueue(project.summary).counted, errors);
  const picked = await say.info(t('Fine-tuning of {0} is done: {1} to review.', project.name, told), review);
  if (picked === review) await vscode.commands.executeCommand(commands.reviewErrors, project.root);
}
