/** Makes projects: from a folder of images, from a table, or the synthetic sample. */
import * as path from 'node:path';
import * as vscode from 'vscode';
import type { Progress } from '../../protocol/engineApi';
import type { NewProjectSource } from '../../protocol/newProjectApi';
import { commands } from '../contributions';
import { runCli } from '../nodeProgram';
import { isProject } from '../projects/findProjects';
import type { Services } from '../services';
import { pickOne, type PickItem } from '../ask';
import { say } from '../say';

/** Images of the sample: enough for folds and a visible gain, made in seconds. */
const sampleImages = 240;

const tableEndings = ['csv', 'tsv', 'txt', 'parquet', 'xlsx'];

/** One folder per class becomes a project. */
export async function newProjectFromFolder(services: Services, clicked: unknown): Promise<void> {
  const images = isFileUri(clicked)
    ? clicked
    : await pick({
        title: vscode.l10n.t('Folder with one folder of images per class'),
        canSelectFolders: true,
        canSelectFiles: false,
      });
  if (!images) return;
  await planProject(services, images.fsPath, { kind: 'images', path: images.fsPath });
}

/** A CSV or Parquet table with a row per image becomes a project. */
export async function newProjectFromCsv(services: Services, clicked: unknown): Promise<void> {
  const table = isFileUri(clicked)
    ? clicked
    : await pick({
        title: vscode.l10n.t('Table with one row per image'),
        canSelectFiles: true,
        filters: { [vscode.l10n.t('Tables')]: tableEndings },
      });
  if (!table) return;
  await planProject(services, path.dirname(table.fsPath), { kind: 'csv', path: table.fsPath });
}

/** A folder of DICOM files becomes a project: their labels stand in a table, or in an element of their headers. */
export async function newProjectFromDicom(services: Services, clicked: unknown): Promise<void> {
  const folder = isFileUri(clicked)
    ? clicked
    : await pick({
        title: vscode.l10n.t('Folder with DICOM files'),
        canSelectFolders: true,
        canSelectFiles: false,
      });
  if (!folder) return;
  const inTable: PickItem = {
    label: vscode.l10n.t('In a table…'),
    description: vscode.l10n.t('by accession number, UID, patient or file name'),
  };
  const inHeaders: PickItem = {
    label: vscode.l10n.t('In the files'),
    description: vscode.l10n.t('an element such as the view is the label'),
  };
  const where = await pickOne([inTable, inHeaders], { title: vscode.l10n.t('Where are the labels?') });
  if (!where) return;
  const table =
    where === inTable
      ? await pick({
          title: vscode.l10n.t('Table of the labels'),
          canSelectFiles: true,
          filters: { [vscode.l10n.t('Tables')]: tableEndings },
        })
      : undefined;
  if (where === inTable && !table) return;
  const labels = table ? { labels: table.fsPath } : {};
  await planProject(services, folder.fsPath, { kind: 'dicom', path: folder.fsPath, ...labels });
}

/** Draws the synthetic sample, labels some of it wrongly, and opens it. */
export async function newSampleProject(services: Services): Promise<void> {
  const parent = await chooseFolder(vscode.l10n.t('Where to put the folder "overread-sample"'), undefined);
  if (parent === undefined) return;
  const root = path.join(parent, 'overread-sample');
  if (!(await isProject(root))) {
    await say.whileCancellable(vscode.l10n.t('Drawing the sample'), (signal, report) =>
      runCli(
        services.context.extensionPath,
        ['sample', root, '--images', String(sampleImages), '--progress=json'],
        { signal, onLine: progressReader(report) },
      ),
    );
  }
  await opened(
    services,
    root,
    vscode.l10n.t(
      'The sample is ready: {0} synthetic images, 8 % of them labelled wrongly.',
      String(sampleImages),
    ),
  );
}

/** Shows what would be made of it, to be checked: nothing is written before. */
async function planProject(services: Services, near: string, source: NewProjectSource): Promise<void> {
  const root = await chooseFolder(
    vscode.l10n.t('Where to put overread.yaml: labels and runs are kept beside it'),
    near,
  );
  if (root === undefined) return;
  if (await isProject(root)) {
    await opened(services, root, vscode.l10n.t('This folder is a project already; it was left as it is.'));
    return;
  }
  services.newProjects.open(root, source);
}

/** After "Make Project" on the page. */
export function projectMade(services: Services, root: string): Promise<void> {
  return opened(
    services,
    root,
    vscode.l10n.t('The project is made. What was understood is written in overread.yaml, with the reasons.'),
  );
}

/** Shows the new project, its configuration and the next step. */
async function opened(services: Services, root: string, message: string): Promise<void> {
  const project = await services.projects.select(root);
  await vscode.window.showTextDocument(project.configFile, { preview: false });
  const finetune = vscode.l10n.t('Fine-tune Last Layer');
  const openFolder = vscode.l10n.t('Open Folder');
  const inside = vscode.workspace.getWorkspaceFolder(project.uri) !== undefined;
  const picked = await say.info(message, inside ? finetune : openFolder);
  if (picked === finetune) await vscode.commands.executeCommand(commands.finetune, root);
  if (picked === openFolder) await vscode.commands.executeCommand('vscode.openFolder', project.uri);
}

interface FolderItem extends PickItem {
  /** Absent: choose another. */
  readonly folder?: string;
}

/** A workspace folder, the folder of the data, or any other. */
async function chooseFolder(title: string, near: string | undefined): Promise<string | undefined> {
  const folders = [
    ...(vscode.workspace.workspaceFolders ?? []).map(({ uri }) => uri.fsPath),
    ...(near === undefined ? [] : [near, path.dirname(near)]),
  ];
  const items: FolderItem[] = [...new Set(folders)].map((folder) => ({
    label: path.basename(folder),
    description: folder,
    folder,
  }));
  if (items.length > 0) {
    const other: FolderItem = { label: vscode.l10n.t('Another folder…') };
    const picked = await pickOne([...items, other], { title });
    if (!picked) return undefined;
    if (picked.folder !== undefined) return picked.folder;
  }
  return (await pick({ title, canSelectFolders: true, canSelectFiles: false }))?.fsPath;
}

async function pick(options: vscode.OpenDialogOptions): Promise<vscode.Uri | undefined> {
  const defaultUri = vscode.workspace.workspaceFolders?.[0]?.uri;
  const picked = await vscode.window.showOpenDialog({
    openLabel: vscode.l10n.t('Choose'),
    ...(defaultUri ? { defaultUri } : {}),
    ...options,
  });
  return picked?.[0];
}

/** Reads the lines of `--progress=json`. */
function progressReader(report: (message: string) => void): (line: string) => void {
  return (line) => {
    try {
      const { done, total } = JSON.parse(line) as Partial<Progress>;
      if (done !== undefined && total !== undefined) report(`${done} / ${total}`);
    } catch {
      // A note for people among the progress lines; the log has it.
    }
  };
}

function isFileUri(value: unknown): value is vscode.Uri {
  return value instanceof vscode.Uri && value.scheme === 'file';
}
