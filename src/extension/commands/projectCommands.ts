/** Commands about which project there is: pick, make, refresh, configure. */
import * as vscode from 'vscode';
import { commands } from '../contributions';
import { projectOf, type Handlers } from './command';
import { newProjectFromCsv, newProjectFromFolder, newSampleProject } from './newProject';
import { pickOne } from '../ask';

export const projectCommands = {
  newProjectFromFolder,
  newProjectFromCsv,
  createSampleProject: newSampleProject,
  async selectProject({ projects }) {
    const another = vscode.l10n.t('New Project from Folder…');
    const picked = await pickOne(
      [
        ...projects.all.map((project) => ({
          label: project.name,
          description: vscode.workspace.asRelativePath(project.root, true),
          ...(project === projects.current ? { detail: vscode.l10n.t('Current project') } : {}),
          root: project.root,
        })),
        { label: another, description: '', root: undefined },
      ],
      {
        title: vscode.l10n.t('Overread project'),
        placeholder: vscode.l10n.t('The views show one project'),
      },
    );
    if (!picked) return;
    if (picked.root === undefined) await vscode.commands.executeCommand(commands.newProjectFromFolder);
    else await projects.select(picked.root);
  },
  async openConfiguration(services, arg) {
    const project = projectOf(services, arg);
    if (project) await vscode.window.showTextDocument(project.configFile);
  },
  async refresh({ projects }) {
    await projects.search();
    await Promise.all(
      projects.all
        .filter((project) => project.isLoaded || project === projects.current)
        .map((project) => project.refresh('dataset', 'labels', 'runs')),
    );
  },
} satisfies Handlers;
