/** Commands that make, export and delete runs. */
import * as path from 'node:path';
import * as vscode from 'vscode';
import type { RunRecord } from '../../protocol/engineApi';
import { commands } from '../contributions';
import { runCli } from '../nodeProgram';
import type { Project } from '../projects/project';
import { queueQuery } from '../queries';
import type { Services } from '../services';
import { projectOf, runOf, type Handlers } from './command';
import { revealFolder } from './reveal';
import { pickOne } from '../ask';
import { say } from '../say';

export const runCommands = {
  finetune: (services, arg) =>
    finetune(services, arg, (project) => services.tasks.startFinetuning(project, services.engine)),
  finetuneLastBlock: (services, arg) =>
    finetune(services, arg, (project) => services.tasks.startLastBlock(project)),
  exportModel,
  exportLabels,
  deleteRun,
  compareWithRun,
  report,
  async openRun(services, arg) {
    const project = projectOf(services, arg);
    const run = project && (await chooseRun(project, arg));
    if (project && run) services.runPages.open(project, run);
  },
  async revealRun(services, arg) {
    const project = projectOf(services, arg);
    const run = project && (await chooseRun(project, arg));
    if (project && run) await revealFolder(project, 'runs', run);
  },
} satisfies Handlers;

/** Starts a training of a project, where none is under way. */
async function finetune(
  services: Services,
  arg: unknown,
  start: (project: Project) => Promise<void>,
): Promise<void> {
  const project = projectOf(services, arg);
  if (!project) return;
  if (services.jobs.running(project.root) ?? services.taskWatcher.finetuning(project.root)) {
    const show = vscode.l10n.t('Show Terminal');
    const cancel = vscode.l10n.t('Cancel It');
    const picked = await say.info(
      vscode.l10n.t('{0} is being fine-tuned already.', project.name),
      show,
      cancel,
    );
    if (picked === show) await vscode.commands.executeCommand(commands.followJob, project.root);
    if (picked === cancel) await vscode.commands.executeCommand(commands.cancelJob, project.root);
    return;
  }
  // An unsaved overread.yaml would be trained as it was.
  const open = vscode.workspace.textDocuments.find(({ uri }) => uri.fsPath === project.configFile.fsPath);
  if (open?.isDirty === true) await open.save();
  await start(project);
}

async function exportModel(services: Services, arg: unknown): Promise<void> {
  const project = projectOf(services, arg);
  const run = project && (await chooseRun(project, arg));
  if (project && run) await vscode.tasks.executeTask(services.tasks.exportTask(project, run));
}

async function exportLabels(services: Services, arg: unknown): Promise<void> {
  const project = projectOf(services, arg);
  if (!project) return;
  const target = await vscode.window.showSaveDialog({
    title: vscode.l10n.t('Export labels'),
    defaultUri: vscode.Uri.file(path.join(project.root, 'labels.csv')),
    filters: { CSV: ['csv'] },
  });
  if (!target) return;
  await say.whileWorking(vscode.l10n.t('Exporting labels'), () =>
    runCli(services.context.extensionPath, ['export', project.root, '--labels', target.fsPath]),
  );
  const openFile = vscode.l10n.t('Open');
  const picked = await say.info(
    vscode.l10n.t(
      'The labels are written to {0}, with who set each, when and why.',
      path.basename(target.fsPath),
    ),
    openFile,
  );
  if (picked === openFile) await vscode.commands.executeCommand('vscode.open', target);
}

/** Writes the report of a run into its folder and opens it, where it is open already in its tab. */
async function report(services: Services, arg: unknown): Promise<void> {
  const project = projectOf(services, arg);
  const run = project && (await chooseRun(project, arg));
  if (!project || !run) return;
  const answer = await say.whileWorking(vscode.l10n.t('Writing the report'), () =>
    runCli(services.context.extensionPath, ['report', project.root, '--run', run, '--thumbnails']),
  );
  const { file } = answer as { readonly file: string };
  await services.reports.show(file);
}

async function deleteRun(services: Services, arg: unknown): Promise<void> {
  const project = projectOf(services, arg);
  const run = project && (await chooseRun(project, arg));
  if (!project || !run) return;
  const agreed = await say.confirm(
    vscode.l10n.t('Delete run {0}?', run),
    vscode.l10n.t('Its metrics, predictions and last layer are removed from disk. Labels stay.'),
    vscode.l10n.t('Delete'),
  );
  if (!agreed) return;
  await services.engine.call('deleteRun', project.root, run);
  await project.refresh('runs');
}

/** Shows what changed from a run to the one that is shown: fixed, newly wrong, still wrong. */
async function compareWithRun(services: Services, arg: unknown): Promise<void> {
  const project = projectOf(services, arg);
  await project?.load();
  const { latestRun } = project?.summary ?? {};
  if (!project || typeof latestRun !== 'string') return;
  const named = runOf(arg);
  const run = named !== undefined && named !== latestRun ? named : await chooseOther(project, latestRun);
  if (run === undefined) return;
  await services.engine.call('compareRun', project.root, run);
  await project.refresh('runs');
  const broken = project.summary?.queueInfos.find(({ id }) => id === 'newly-wrong');
  if (project.summary && broken) services.grids.open(project, queueQuery(broken, project.summary));
}

async function chooseOther(project: Project, shown: string): Promise<string | undefined> {
  const others = project.runs.filter(({ record }) => record.run !== shown);
  if (others.length === 0) {
    void say.info(vscode.l10n.t('{0} has no other run to compare with.', project.name));
    return undefined;
  }
  const picked = await pickOne(
    others.map(({ record }) => ({ label: record.run, description: describeModel(record) })),
    { title: vscode.l10n.t('Compare {0} with', shown), placeholder: vscode.l10n.t('Newest first') },
  );
  return picked?.label;
}

/** The run that was named, the only one, or the one picked. */
async function chooseRun(project: Project, arg: unknown): Promise<string | undefined> {
  const named = runOf(arg);
  if (named !== undefined) return named;
  await project.load();
  const [only, ...others] = project.runs;
  if (!only || others.length === 0) return only?.record.run;
  const picked = await pickOne(
    project.runs.map(({ record }) => ({
      label: record.run,
      description: describeModel(record),
    })),
    { title: vscode.l10n.t('Choose a run'), placeholder: vscode.l10n.t('Newest first') },
  );
  return picked?.label;
}

/** The weights of a run's model, or who made it where they are not known. */
function describeModel({ network, trainer }: RunRecord): string {
  if (network === null) return trainer.name;
  const { name, source } = network.weights;
  return source === 'random' ? vscode.l10n.t('{0} (random weights)', name) : name;
}
