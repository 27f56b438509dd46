/** Commands on the job of a project that is under way. */
import * as vscode from 'vscode';
import { commands } from '../contributions';
import { say } from '../say';
import { projectOf, type Handlers } from './command';

export const jobCommands = {
  async followJob(services, arg) {
    const project = projectOf(services, arg);
    if (!project) return;
    const { taskWatcher, tasks, jobs } = services;
    const shown = taskWatcher.finetuning(project.root) ?? taskWatcher.running('follow', project.root);
    if (shown) await vscode.commands.executeCommand(commands.showTerminal, shown.task.name);
    else {
      await jobs.look(project.root);
      if (jobs.running(project.root)) await vscode.tasks.executeTask(tasks.followTask(project));
      else void say.info(nothingUnderWay(project.name));
    }
  },
  async cancelJob(services, arg) {
    const project = projectOf(services, arg);
    if (!project) return;
    const { jobs, taskWatcher } = services;
    const cancelling = vscode.l10n.t('Cancelling the fine-tuning');
    if (await say.whileWorking(cancelling, () => jobs.cancel(project.root))) return;
    // A task that has not got as far as its job.
    const task = taskWatcher.finetuning(project.root);
    if (task) taskWatcher.cancel(task);
    else void say.info(nothingUnderWay(project.name));
  },
} satisfies Handlers;

function nothingUnderWay(name: string): string {
  return vscode.l10n.t('No fine-tuning of {0} is under way.', name);
}
