/** Offers "Fine-tune last layer" for each project, and resolves the tasks that tasks.json names. */
import * as path from 'node:path';
import * as vscode from 'vscode';
import type { ChosenNetworks } from '../commands/chooseNetworks';
import { taskType } from '../contributions';
import type { EngineClient } from '../engine/engineClient';
import { childEnvironment, programFile } from '../nodeProgram';
import type { Project } from '../projects/project';
import type { Projects } from '../projects/projects';
import { visibleText } from '../../core/base/visibleText';
import { plain } from '../plain';
import type { FinetuneRequest } from '../../protocol/engineApi';
import { RemoteError } from '../../protocol/rpc';
import type { EditorPythons } from '../python/editorPythons';
import { setting } from '../settings';
import { commandLine, parseDefinition, projectRoot, type OverreadTaskDefinition } from './definition';
import { EngineFinetune } from './engineFinetune';
import { outcomeFile, outcomeVariable } from './outcome';

export class OverreadTasks implements vscode.TaskProvider {
  constructor(
    private readonly projects: Projects,
    private readonly extensionPath: string,
    /** Where outcomes are left. */
    readonly outcomeFolder: string,
    private readonly pythons: EditorPythons,
  ) {}

  async provideTasks(): Promise<vscode.Task[]> {
    await this.projects.ready();
    await Promise.all(this.projects.all.map(({ uri }) => this.pythons.ask(uri, false)));
    return this.projects.all
      .filter(({ root }) => !holdsVariable(root))
      .map((project) => this.finetuneTask(project));
  }

  /** Gives tasks.json's own definition object back: VS Code takes a changed one for another task. */
  resolveTask(task: vscode.Task): vscode.Task | undefined {
    const definition = parseDefinition(task.definition);
    const scope = task.scope;
    if (!definition || scope === undefined) return undefined;
    const folder = typeof scope === 'object' ? scope : vscode.workspace.workspaceFolders?.[0];
    const root = projectRoot(definition, folder?.uri.fsPath);
    return holdsVariable(root) ? undefined : this.create(definition, scope, root);
  }

  /** As a job, which outlives the window. */
  finetuneTask(project: Project): vscode.Task {
    return this.forProject(project, this.finetuneDefinition(project));
  }

  /**
   * Starts the fine-tuning of a project: in the engine where that is a matter of moments, else as a job.
   * @param engine which does it
   */
  async startFinetuning(project: Project, engine: EngineClient): Promise<void> {
    const { command: _, ...request } = this.finetuneDefinition(project);
    // A project that cannot be read has the task say so.
    const isQuick = await engine.call('mayFinetune', project.root, request).catch(() => false);
    if (!isQuick) {
      await this.pythons.ask(project.uri, true);
      await vscode.tasks.executeTask(this.finetuneTask(project));
      return;
    }
    const task = this.finetuneTask(project);
    const outcome = outcomeFile(this.outcomeFolder, { type: taskType, command: 'finetune' }, project.root);
    const work = new EngineFinetune({ engine, project, request, outcomeFile: outcome });
    task.execution = new vscode.CustomExecution(() => Promise.resolve(work));
    const execution = await vscode.tasks.executeTask(task);
    void work.isLeft.then(async (isLeft) => {
      if (!isLeft) return;
      // Of a task that runs the editor starts no second.
      await endOf(execution);
      await this.pythons.ask(project.uri, true);
      await vscode.tasks.executeTask(this.finetuneTask(project));
    });
  }

  /** Starts a training of the last block too, by PyTorch, whatever overread.yaml says of the layers. */
  async startLastBlock(project: Project): Promise<void> {
    await this.pythons.ask(project.uri, true);
    const definition = { ...this.finetuneDefinition(project), layers: 'last-block' };
    await vscode.tasks.executeTask(this.forProject(project, definition));
  }

  private finetuneDefinition(project: Project): FinetuneRequest & { readonly command: 'finetune' } {
    const chosen = <K extends 'architecture' | 'weights'>(name: K): Partial<Record<K, string>> => {
      const value = setting(name, project.uri);
      return value === '' ? {} : ({ [name]: value } as Record<K, string>);
    };
    const device = setting('device', project.uri);
    return {
      command: 'finetune',
      ...chosen('architecture'),
      ...chosen('weights'),
      ...(device === 'auto' ? {} : { device }),
    };
  }

  compareTask(project: Project, networks: ChosenNetworks): vscode.Task {
    const device = setting('device', project.uri);
    return this.forProject(project, {
      command: 'compare',
      ...networks,
      ...(device === 'auto' ? {} : { device }),
    });
  }

  /** Tries what `sweep` of the project's overread.yaml declares; the terminal has the table. */
  sweepTask(project: Project): vscode.Task {
    const device = setting('device', project.uri);
    return this.forProject(project, { command: 'sweep', ...(device === 'auto' ? {} : { device }) });
  }

  /** Shows what a job prints that was started by another window. */
  followTask(project: Project): vscode.Task {
    return this.forProject(project, { command: 'follow' });
  }

  exportTask(project: Project, run: string): vscode.Task {
    return this.forProject(project, { command: 'export', run });
  }

  /** Looks through the data of a project; what it finds stands in the Problems panel. */
  checkTask(project: Project): vscode.Task {
    return this.forProject(project, { command: 'check' });
  }

  /** Says in its terminal what a review of suspects has found. */
  yieldTask(project: Project): vscode.Task {
    return this.forProject(project, { command: 'yield' });
  }

  /** Finds moved images again. @param folder to look in; absent: the project and its images */
  relinkTask(project: Project, folder?: string): vscode.Task {
    return this.forProject(project, { command: 'relink', ...(folder === undefined ? {} : { in: folder }) });
  }

  doctorTask(): vscode.Task {
    return this.create({ type: taskType, command: 'doctor' }, vscode.TaskScope.Workspace, undefined);
  }

  setUpCudaTask(): vscode.Task {
    return this.create({ type: taskType, command: 'setup-cuda' }, vscode.TaskScope.Workspace, undefined);
  }

  setUpPythonTask(): vscode.Task {
    return this.create({ type: taskType, command: 'setup-python' }, vscode.TaskScope.Workspace, undefined);
  }

  private forProject(
    project: Project,
    definition: Omit<OverreadTaskDefinition, 'type' | 'project'>,
  ): vscode.Task {
    const folder = vscode.workspace.getWorkspaceFolder(project.uri);
    const texts = Object.values(definition).filter((value) => typeof value === 'string');
    if ([project.root, ...texts].some(holdsVariable)) throw variableRefused();
    const place = folder ? path.relative(folder.uri.fsPath, project.root) : project.root;
    return this.create(
      { type: taskType, ...definition, ...(place === '' ? {} : { project: place.replaceAll('\\', '/') }) },
      folder ?? vscode.TaskScope.Workspace,
      project.root,
    );
  }

  private create(
    definition: OverreadTaskDefinition,
    scope: vscode.WorkspaceFolder | vscode.TaskScope,
    root: string | undefined,
  ): vscode.Task {
    const inherited = childEnvironment({});
    const cwd = typeof scope === 'object' ? scope.uri.fsPath : root;
    const execution = new vscode.ProcessExecution(
      process.execPath,
      [programFile(this.extensionPath, 'cli'), ...commandLine(definition, root ?? '')],
      {
        // Problem matchers take relative paths from the workspace folder, whatever a task's own folder is.
        ...(cwd === undefined ? {} : { cwd }),
        env: {
          ...(inherited as Record<string, string>),
          NODE_OPTIONS: '',
          ...linkedFolders(),
          ...(root === undefined
            ? {}
            : {
                ...this.pythons.variables(vscode.Uri.file(root)),
                [outcomeVariable]: outcomeFile(this.outcomeFolder, definition, root),
              }),
        },
      },
    );
    const task = new vscode.Task(
      definition,
      scope,
      taskName(definition, root),
      taskType,
      execution,
      // No matcher: what is found comes with the outcome (taskOutcomes.ts), and two would clear each other's faults.
      [],
    );
    task.presentationOptions = {
      // What it does is in the status bar, what came of it in the page: the terminal is for failures, and for those that ask.
      reveal: opensItself.has(definition.command)
        ? vscode.TaskRevealKind.Always
        : vscode.TaskRevealKind.Silent,
      panel: vscode.TaskPanelKind.Dedicated,
      clear: true,
      // VS Code prints the command line as it stands; a path that would command the terminal is not shown there.
      echo: commandLine(definition, root ?? '').every((text) => visibleText(text) === text),
      showReuseMessage: false,
      focus: asks.has(definition.command),
    };
    return task;
  }
}

async function endOf(execution: vscode.TaskExecution): Promise<void> {
  await new Promise<void>((resolve) => {
    const listener = vscode.tasks.onDidEndTask((event) => {
      if (event.execution === execution) end();
    });
    const end = (): void => {
      listener.dispose();
      resolve();
    };
    if (!vscode.tasks.taskExecutions.includes(execution)) end();
  });
}

/** Commands that ask before they write or download. */
const asks: ReadonlySet<OverreadTaskDefinition['command']> = new Set([
  'relink',
  'setup-cuda',
  'setup-python',
]);

/** Commands that are run to be read, or that ask something. */
const opensItself: ReadonlySet<OverreadTaskDefinition['command']> = new Set([
  ...asks,
  'doctor',
  'follow',
  'sweep',
  'check',
  'yield',
]);

/** VS Code replaces `${command:…}` in the arguments of a task, which runs the command; there is no escape. */
function holdsVariable(text: string): boolean {
  return text.includes('${');
}

function variableRefused(): RemoteError {
  return new RemoteError({
    code: 'OVR006',
    message: vscode.l10n.t(
      'A name with "${" in it cannot be passed to a task: VS Code would put a value in its place',
    ),
    fix: vscode.l10n.t('Rename the folder or the run, or use the command line'),
  });
}

/** The folders that the user lets be links, for the command line; without any, its own environment holds. */
function linkedFolders(): Record<string, string> {
  const names = setting('linkedFolders');
  return names.length === 0 ? {} : { OVERREAD_LINKED_FOLDERS: names.join(',') };
}

function taskName(definition: OverreadTaskDefinition, root: string | undefined): string {
  const project = root === undefined ? '' : plain(path.basename(root));
  switch (definition.command) {
    case 'finetune':
      return definition.layers === 'last-block'
        ? vscode.l10n.t('Fine-tune last block ({0})', project)
        : vscode.l10n.t('Fine-tune last layer ({0})', project);
    case 'compare':
      return vscode.l10n.t('Compare networks ({0})', project);
    case 'sweep':
      return vscode.l10n.t('Sweep settings ({0})', project);
    case 'follow':
      return vscode.l10n.t('Fine-tuning under way ({0})', project);
    case 'export':
      return vscode.l10n.t('Export model ({0})', project);
    case 'check':
      return vscode.l10n.t('Check data ({0})', project);
    case 'yield':
      return vscode.l10n.t('What the review found ({0})', project);
    case 'relink':
      return vscode.l10n.t('Relink moved images ({0})', project);
    case 'setup-cuda':
      return vscode.l10n.t('Set up CUDA');
    case 'setup-python':
      return vscode.l10n.t('Set up Python');
    case 'doctor':
      return vscode.l10n.t('Doctor');
  }
}
