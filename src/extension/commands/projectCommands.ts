/** Commands about which project there is: pick, make, refresh, configure. */
import * as vscode from 'vscode';
import { commands } from '../contributions';
import { projectOf, type Handlers } from './command';
import { newProjectFromCsv, newProjectFromDicom, newProjectFromFolder, newSampleProject } from './newProject';
import { pickOne } from '../ask';

export const projectCommands = {
  newProjectFromFolder,
  newProjectFromCsv,
  newProjectFromDicom,
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
  async checkData(services, arg) {
    const project = projectOf(services, arg);
    if (project) await vscode.tasks.executeTask(services.tasks.checkTask(project));
  },
  async relinkImages(services, arg) {
    const project = projectOf(services, arg);
    if (!project) return;
    const elsewhere = vscode.l10n.t('In Another Folder…');
    const here = vscode.l10n.t('Below the Project and Its Images');
    const picked = await pickOne(
      [here, elsewhere].map((label) => ({ label, description: '' })),
      {
        title: vscode.l10n.t('Relink moved images'),
        placeholder: vscode.l10n.t('Where to look. It asks in the terminal before it writes.'),
      },
    );
    if (!picked) return;
    if (picked.label === here) {
      await vscode.tasks.executeTask(services.tasks.relinkTask(project));
      return;
    }
    const [folder] =
      (await vscode.window.showOpenDialog({
        title: vscode.l10n.t('Folder with the images'),
        canSelectFiles: false,
        canSelectFolders: true,
        defaultUri: project.uri,
      })) ?? [];
    if (folder) await vscode.tasks.executeTask(services.tasks.relinkTask(project, folder.fsPath));
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
