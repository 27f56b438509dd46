/** Commands that show the review grid or change labels from outside it. */
import * as vscode from 'vscode';
import type { ItemQuery, ProjectSummary, QueueInfo } from '../../protocol/engineApi';
import { parseItemQuery } from '../../protocol/gridRequests';
import { commands } from '../contributions';
import { changeText } from '../grid/changeText';
import type { Project } from '../projects/project';
import { checkQueue, firstQueue, queueQuery, samplesQuery, savedQuery, wholeQueue } from '../queries';
import type { Services } from '../services';
import { projectOf, type Handlers } from './command';
import { say } from '../say';

export const reviewCommands = {
  async reviewErrors(services, arg) {
    await openQueue(services, arg, firstQueue);
  },
  async reviewAll(services, arg) {
    await openQueue(services, arg, wholeQueue);
  },
  async reviewChecks(services, arg) {
    await openQueue(services, arg, checkQueue);
  },
  async openQuery(services, root, query) {
    await open(services, root, parseItemQuery(query));
  },
  async openSavedQueue(services, root, name) {
    const summary = projectOf(services, root)?.summary;
    const queue = summary?.savedQueues.find((saved) => saved.name === name);
    if (summary && queue) await open(services, root, savedQuery(summary, queue));
  },
  reviewInOverread: reviewFiles,
  async undoLabelEdit(services, arg) {
    await reverse(services, arg, 'undo');
  },
  async redoLabelEdit(services, arg) {
    await reverse(services, arg, 'redo');
  },
} satisfies Handlers;

async function open(services: Services, arg: unknown, query: ItemQuery | undefined): Promise<void> {
  const project = projectOf(services, arg);
  if (!project) return;
  await services.projects.select(project.root);
  services.grids.open(project, query);
}

/** A queue of the parts that the project's review lists. */
async function openQueue(
  services: Services,
  arg: unknown,
  queueIn: (summary: ProjectSummary) => QueueInfo,
): Promise<void> {
  const project = projectOf(services, arg);
  await project?.load();
  // The grid of a project that cannot be read says why.
  const { summary } = project ?? {};
  if (project) await open(services, project.root, summary && queueQuery(queueIn(summary), summary));
}

async function reverse(services: Services, arg: unknown, direction: 'undo' | 'redo'): Promise<void> {
  const project = projectOf(services, arg);
  if (!project) return;
  const outcome = await services.engine.call(direction, project.root);
  services.grids.tellEdited(project, outcome);
  say.status(changeText(outcome, project.summary), 4000);
}

/** Explorer menu: the images, or those in the folders, that belong to a project of this window. */
async function reviewFiles(services: Services, clicked: unknown, selection: unknown): Promise<void> {
  const uris = (Array.isArray(selection) ? (selection as readonly unknown[]) : [clicked]).filter(
    (uri): uri is vscode.Uri => uri instanceof vscode.Uri && uri.scheme === 'file',
  );
  if (uris.length === 0) {
    await openQueue(services, undefined, wholeQueue);
    return;
  }
  for (const project of inOrder(services, uris[0])) {
    await project.load();
    if (!project.summary) continue;
    const samples = await services.engine.call(
      'samplesAt',
      project.root,
      uris.map((uri) => uri.fsPath),
    );
    if (samples.length === 0) continue;
    await open(services, project.root, samplesQuery(project.summary, samples));
    return;
  }
  const button = vscode.l10n.t('New Project from Folder…');
  const picked = await say.info(vscode.l10n.t('No project of this window lists these images.'), button);
  if (picked === button) await vscode.commands.executeCommand(commands.newProjectFromFolder, uris[0]);
}

/** The project around the file first: images of the others may lie anywhere. */
function inOrder({ projects }: Services, uri: vscode.Uri | undefined): readonly Project[] {
  const nearest = uri ? projects.containing(uri.fsPath) : undefined;
  return nearest ? [nearest, ...projects.all.filter((project) => project !== nearest)] : projects.all;
}
