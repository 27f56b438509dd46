/** Commands that make, open and delete comparisons, and that sweep. */
import * as vscode from 'vscode';
import { plainName } from '../comparison/comparisonPanel';
import { commands } from '../contributions';
import type { Project } from '../projects/project';
import type { Services } from '../services';
import { chooseNetworks } from './chooseNetworks';
import { projectOf, type Handlers } from './command';
import { revealFolder } from './reveal';
import { pickOne } from '../ask';
import { say } from '../say';

export const compareCommands = {
  compare,
  async openComparison(services, arg) {
    const found = await chosen(services, arg);
    if (found) services.comparisons.open(found.project, found.comparison);
  },
  async revealComparison(services, arg) {
    const found = await chosen(services, arg);
    if (found) await revealFolder(found.project, 'comparisons', found.comparison);
  },
  deleteComparison,
  sweep,
} satisfies Handlers;

async function compare(services: Services, arg: unknown): Promise<void> {
  const project = projectOf(services, arg);
  if (!project) return;
  const said = vscode.l10n.t('Networks are being compared on {0} already.', project.name);
  if (await isUnderWay(services, project, 'compare', said)) return;
  const { rows } = await say.whileWorking(vscode.l10n.t('Reading the architectures'), () =>
    services.engine.call('architectures', project.root),
  );
  const networks = await chooseNetworks(rows);
  if (!networks) return;
  await saveConfiguration(project);
  await vscode.tasks.executeTask(services.tasks.compareTask(project, networks));
}

/** Tries the settings that overread.yaml declares; the same command goes on with what an earlier one left. */
async function sweep(services: Services, arg: unknown): Promise<void> {
  const project = projectOf(services, arg);
  if (!project) return;
  const said = vscode.l10n.t('Settings are being tried on {0} already.', project.name);
  if (await isUnderWay(services, project, 'sweep', said)) return;
  await saveConfiguration(project);
  await vscode.tasks.executeTask(services.tasks.sweepTask(project));
}

/** Whether such a task is under way; then it is said, and can be shown or cancelled. */
async function isUnderWay(
  services: Services,
  project: Project,
  command: 'compare' | 'sweep',
  said: string,
): Promise<boolean> {
  const running = services.taskWatcher.running(command, project.root);
  if (!running) return false;
  const show = vscode.l10n.t('Show Terminal');
  const cancel = vscode.l10n.t('Cancel It');
  const picked = await say.info(said, show, cancel);
  if (picked === show) await vscode.commands.executeCommand(commands.showTerminal, running.task.name);
  if (picked === cancel) services.taskWatcher.cancel(running);
  return true;
}

/** An unsaved overread.yaml would be used as it was. */
async function saveConfiguration({ configFile }: Project): Promise<void> {
  const open = vscode.workspace.textDocuments.find(({ uri }) => uri.fsPath === configFile.fsPath);
  if (open?.isDirty === true) await open.save();
}

async function deleteComparison(services: Services, arg: unknown): Promise<void> {
  const found = await chosen(services, arg);
  if (!found) return;
  const agreed = await say.confirm(
    vscode.l10n.t('Delete comparison {0}?', plainName(found.comparison)),
    vscode.l10n.t('Its figures, chart and predictions are removed from disk. Features stay cached.'),
    vscode.l10n.t('Delete'),
  );
  if (!agreed) return;
  await services.engine.call('deleteComparison', found.project.root, found.comparison);
  await found.project.refresh('runs');
}

/** The comparison that was named, the only one, or the one picked; says so where there is none. */
async function chosen(
  services: Services,
  arg: unknown,
): Promise<{ readonly project: Project; readonly comparison: string } | undefined> {
  const project = projectOf(services, arg);
  if (!project) return undefined;
  if (typeof arg === 'object' && arg !== null && 'comparison' in arg && typeof arg.comparison === 'string') {
    return { project, comparison: arg.comparison };
  }
  await project.load();
  const { comparisons } = project;
  if (comparisons.length === 0) {
    const start = vscode.l10n.t('Compare Architectures…');
    const picked = await say.info(vscode.l10n.t('{0} has no comparison yet.', project.name), start);
    if (picked === start) await vscode.commands.executeCommand(commands.compare, project.root);
    return undefined;
  }
  const [only, ...others] = comparisons;
  if (only && others.length === 0) return { project, comparison: only.comparison };
  const picked = await pickOne(
    comparisons.map(({ comparison, best }) => ({
      label: plainName(comparison),
      description: best?.label ?? '',
      detail: comparison,
      comparison,
    })),
    { title: vscode.l10n.t('Choose a comparison'), placeholder: vscode.l10n.t('Newest first') },
  );
  return picked && { project, comparison: picked.comparison };
}
