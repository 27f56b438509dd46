/** Follows tasks of type overread, started from wherever: refreshes what they made and says how they ended. */
import * as vscode from 'vscode';
import type { Findings } from '../checks/findings';
import { commands } from '../contributions';
import { DisposableStore, type Disposable } from '../disposables';
import { sentence } from '../failures';
import type { JobWatcher } from '../jobs/jobWatcher';
import { tellFinetuned } from '../jobs/tellFinetuned';
import type { Project } from '../projects/project';
import type { Projects } from '../projects/projects';
import { parseDefinition, projectRoot, type OverreadTaskDefinition } from './definition';
import { exitSentence, outcomeFile, readOutcome } from './outcome';
import { handedOver } from './engineFinetune';
import { tellFailure } from '../python/offerSetUp';
import type { TaskOutcomes } from './taskOutcomes';
import { say } from '../say';

/** Ended by the person: SIGINT as the CLI reports it, or the signals' own numbers. */
const cancelledCodes = new Set([130, 137, 143]);

export interface TaskWatcherOptions {
  readonly projects: Projects;
  readonly outcomeFolder: string;
  readonly outcomes: TaskOutcomes;
  readonly findings: Findings;
  readonly jobs: JobWatcher;
  /** Whether a review page of the project is on show. */
  readonly isShown: (project: Project) => boolean;
  readonly log: vscode.LogOutputChannel;
}

/** Tasks of no project: their terminals say all. */
const ofTheMachine: ReadonlySet<OverreadTaskDefinition['command']> = new Set([
  'doctor',
  'setup-cuda',
  'setup-python',
]);

interface RunningTask {
  readonly definition: OverreadTaskDefinition;
  /** Milliseconds since 1970. */
  readonly since: number;
}

export class TaskWatcher implements Disposable {
  private readonly store = new DisposableStore();
  private readonly tasks = new Map<vscode.TaskExecution, RunningTask>();
  private readonly changed = this.store.add(new vscode.EventEmitter<void>());
  private readonly cancelled = new WeakSet<vscode.TaskExecution>();

  /** A task of ours started or ended. */
  readonly onDidChange = this.changed.event;

  constructor(private readonly options: TaskWatcherOptions) {
    // The editor takes up tasks of before a reload whose terminals it kept.
    for (const execution of vscode.tasks.taskExecutions) {
      const definition = parseDefinition(execution.task.definition);
      if (definition) this.tasks.set(execution, { definition, since: Date.now() });
    }
    this.store.add(
      vscode.tasks.onDidStartTask(({ execution }) => {
        const definition = parseDefinition(execution.task.definition);
        if (!definition) return;
        this.tasks.set(execution, { definition, since: Date.now() });
        this.changed.fire();
      }),
    );
    this.store.add(
      vscode.tasks.onDidEndTaskProcess(({ execution, exitCode }) => {
        void this.ended(execution, exitCode);
      }),
    );
    this.store.add(
      vscode.tasks.onDidEndTask(({ execution }) => {
        if (this.tasks.delete(execution)) this.changed.fire();
      }),
    );
  }

  /** The fine-tuning of a project that is under way. */
  finetuning(root: string): vscode.TaskExecution | undefined {
    return this.running('finetune', root);
  }

  /** A task of this command on a project that is under way. */
  running(command: OverreadTaskDefinition['command'], root: string): vscode.TaskExecution | undefined {
    return [...this.tasks].find(
      ([execution, { definition }]) =>
        definition.command === command && rootOf(execution, definition) === root,
    )?.[0];
  }

  /** Ends a task; its end is then no failure. */
  cancel(execution: vscode.TaskExecution): void {
    this.cancelled.add(execution);
    execution.terminate();
  }

  dispose(): void {
    this.store.dispose();
  }

  private async ended(execution: vscode.TaskExecution, exitCode: number | undefined): Promise<void> {
    const task = this.tasks.get(execution);
    if (!task || ofTheMachine.has(task.definition.command)) return;
    // A job takes it over, whose task tells of its end.
    if (exitCode === handedOver) return;
    // What a job that it merely shows has done is the job watcher's to say.
    if (task.definition.command === 'follow') return;
    const { definition, since } = task;
    const root = rootOf(execution, definition);
    this.options.log.info(`Task ${definition.command} ended with ${exitCode ?? 'a signal'}`);
    if (definition.command === 'finetune') {
      // The task only follows a job, which may go on. Before anything is awaited: two would tell of one end.
      void this.options.jobs.followerEnded(root, exitCode === undefined || cancelledCodes.has(exitCode));
    }
    await this.options.outcomes.read(root);
    // A comparison ends with 1 when some networks failed: the others were compared all the same.
    if (definition.command === 'compare' && (exitCode === 0 || exitCode === 1)) {
      await this.compared(execution, root, since);
      return;
    }
    // Its terminal has the table; it ends with 1 where some settings failed.
    if (definition.command === 'sweep' && (exitCode === 0 || exitCode === 1)) {
      const { projects } = this.options;
      await (projects.get(root) ?? (await projects.select(root))).refresh('runs');
      return;
    }
    // They end with 1 where something was found, or left.
    if (
      (definition.command === 'check' || definition.command === 'relink') &&
      (exitCode === 0 || exitCode === 1)
    ) {
      await this.lookedThrough(definition.command, root);
      return;
    }
    if (exitCode === 0) {
      await this.succeeded(definition, root);
      return;
    }
    if (this.cancelled.has(execution) || (exitCode !== undefined && cancelledCodes.has(exitCode))) return;
    const outcome = await readOutcome(outcomeFile(this.options.outcomeFolder, definition, root), since);
    const report = outcome?.error;
    // Ended without exit code and without a word: the person closed the terminal.
    if (exitCode === undefined && !report) return;
    const why = report ? `${sentence(report)} (${report.code})` : exitSentence(exitCode);
    await this.failed(execution, why, report?.code);
  }

  private async succeeded(definition: OverreadTaskDefinition, root: string): Promise<void> {
    const project = this.options.projects.get(root) ?? (await this.options.projects.select(root));
    // Where the table is another, the engine tells.
    await project.refresh('runs', 'labels');
    if (definition.command === 'export') {
      const run = definition.run ?? project.summary?.latestRun ?? '';
      const reveal = vscode.l10n.t('Reveal');
      const picked = await say.info(vscode.l10n.t('The model of run {0} is exported.', run), reveal);
      if (picked === reveal) await vscode.commands.executeCommand(commands.revealRun, { root, run });
      return;
    }
    await tellFinetuned(project, this.options.isShown(project));
  }

  /** Says where what was found stands. */
  private async lookedThrough(command: 'check' | 'relink', root: string): Promise<void> {
    const project = this.options.projects.get(root) ?? (await this.options.projects.select(root));
    if (command === 'relink') {
      await project.refresh('dataset');
      return;
    }
    await project.refresh('dataset');
    await this.options.findings.refresh(project);
    await this.tellChecked(project);
  }

  private async tellChecked(project: Project): Promise<void> {
    const { t } = vscode.l10n;
    if (project.summary?.blind === true) {
      void say.info(
        t(
          'The data of {0} were looked through. What was found waits until you leave blind reading.',
          project.name,
        ),
      );
      return;
    }
    const { grave: found } = this.options.findings.of(project);
    if (found === 0) {
      void say.info(t('The data of {0} was looked through: nothing is wrong.', project.name));
      return;
    }
    const [show, review] = [t('Show Problems'), t('Review')];
    const picked = await say.info(
      t('The data of {0} was looked through: {1} errors and warnings.', project.name, String(found)),
      ...[show, review],
    );
    if (picked === show) await vscode.commands.executeCommand('workbench.action.view.problems');
    if (picked === review) await vscode.commands.executeCommand(commands.reviewChecks, project.root);
  }

  /** Opens what was compared. */
  private async compared(execution: vscode.TaskExecution, root: string, since: number): Promise<void> {
    const project = this.options.projects.get(root) ?? (await this.options.projects.select(root));
    await project.refresh('runs');
    const newest = project.comparisons[0];
    if (!newest || Date.parse(newest.created) < since) return;
    await vscode.commands.executeCommand(commands.openComparison, { root, comparison: newest.comparison });
    if (newest.failed === 0) return;
    await this.failed(
      execution,
      newest.failed === 1
        ? vscode.l10n.t('1 network could not be compared; the table says why.')
        : vscode.l10n.t('{0} networks could not be compared; the table says why.', String(newest.failed)),
    );
  }

  private async failed(execution: vscode.TaskExecution, why: string, code?: string): Promise<void> {
    const showTerminal = vscode.l10n.t('Show Terminal');
    const picked = await tellFailure(`${execution.task.name}: ${why}`, code, showTerminal);
    if (picked === showTerminal)
      await vscode.commands.executeCommand(commands.showTerminal, execution.task.name);
  }
}

function rootOf(execution: vscode.TaskExecution, definition: OverreadTaskDefinition): string {
  const { scope } = execution.task;
  const folder = typeof scope === 'object' ? scope : vscode.workspace.workspaceFolders?.[0];
  return projectRoot(definition, folder?.uri.fsPath);
}
