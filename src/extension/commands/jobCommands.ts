/** Commands on the jobs of a project. */
import * as vscode from 'vscode';
import { commands } from '../contributions';
import { pickOne } from '../ask';
import { say } from '../say';
import type { Project } from '../projects/project';
import type { Services } from '../services';
import { jobStateName } from '../jobs/jobStateName';
import { isUnderWay } from '../jobs/jobWatcher';
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
  async showTraining(services, arg) {
    const project = projectOf(services, arg);
    const job = project && (await chooseTraining(services, project, arg));
    if (project && job !== undefined) services.trainings.open(project, job);
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

/** The job that was named, that which trains now, the only one that has trained, or the one picked. */
async function chooseTraining(
  { engine }: Services,
  { root, name }: Project,
  arg: unknown,
): Promise<string | undefined> {
  const { t } = vscode.l10n;
  if (typeof arg === 'object' && arg !== null && 'job' in arg && typeof arg.job === 'string') return arg.job;
  const trained = (await engine.call('jobs', root)).filter(({ trains }) => trains);
  const [first, ...others] = trained;
  if (!first) {
    void say.info(t('No job of {0} has trained with PyTorch.', name));
    return undefined;
  }
  if (others.length === 0 || isUnderWay(first.state)) return first.job;
  const picked = await pickOne(
    trained.map((job) => ({
      label: new Date(job.created).toLocaleString(vscode.env.language, {
        dateStyle: 'medium',
        timeStyle: 'medium',
      }),
      description: [jobStateName(job.state), job.run ?? ''].filter(Boolean).join(' · '),
      job: job.job,
    })),
    { title: t('Choose a training'), placeholder: t('Newest first') },
  );
  return picked?.job;
}

function nothingUnderWay(name: string): string {
  return vscode.l10n.t('No fine-tuning of {0} is under way.', name);
}
