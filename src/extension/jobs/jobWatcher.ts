/**
 * Finds the jobs of the window's projects, whoever started them: another window, this one before it was reloaded, a
 * terminal. Follows those that are under way, and says how they ended, unless a task that followed one has said so.
 */
import * as vscode from 'vscode';
import type { JobSummary } from '../../protocol/engineApi';
import { commands } from '../contributions';
import { DisposableStore, type Disposable } from '../disposables';
import type { EngineClient } from '../engine/engineClient';
import { reportOf, sentence } from '../failures';
import type { Project } from '../projects/project';
import type { Projects } from '../projects/projects';
import { tellFailure } from '../python/offerSetUp';
import { say } from '../say';
import type { TaskOutcomes } from '../tasks/taskOutcomes';
import { parseDefinition, projectRoot } from '../tasks/definition';
import { tellFinetuned } from './tellFinetuned';

/** How often a job that is under way is looked at. */
const lookMs = 1000;

interface Parts {
  readonly projects: Projects;
  readonly engine: Pick<EngineClient, 'call'>;
  readonly outcomes: TaskOutcomes;
  /** Whether a review page of the project is on show. */
  readonly isShown: (project: Project) => boolean;
  readonly log: vscode.LogOutputChannel;
  /** Of the workspace: it outlives the window. */
  readonly memory: vscode.Memento;
}

export class JobWatcher implements Disposable {
  private readonly store = new DisposableStore();
  private readonly changed = this.store.add(new vscode.EventEmitter<void>());
  private readonly underWay = new Map<string, JobSummary>();
  /** One look at a project at a time. */
  private readonly looking = new Map<string, Promise<void>>();
  /** Roots whose job a task of this window follows or followed, and until when that one tells of its end. */
  private readonly toldByTask = new Map<string, number>();
  /** Jobs that this window has said are under way. */
  private readonly told = new Set<string>();
  private timer: ReturnType<typeof setTimeout> | undefined;

  /** A job was found, has told of its progress, or is gone. */
  readonly onDidChange = this.changed.event;

  constructor(private readonly parts: Parts) {
    const lookAtAll = (): void => {
      for (const { root } of parts.projects.all) void this.look(root);
    };
    this.store.add(parts.projects.onDidChangeList(lookAtAll));
    this.store.add(vscode.workspace.onDidGrantWorkspaceTrust(lookAtAll));
    this.store.add(
      vscode.window.onDidChangeWindowState(({ focused }) => {
        if (focused) lookAtAll();
      }),
    );
    this.store.add(vscode.tasks.onDidStartTaskProcess(lookAtAll));
  }

  /** The job of a project that is under way: the newest, should there be several. */
  running(root: string): JobSummary | undefined {
    return this.underWay.get(root);
  }

  /** Ends the job of a project. @returns false where there is none */
  async cancel(root: string): Promise<boolean> {
    await this.look(root);
    const job = this.running(root);
    if (!job) return false;
    await this.end(root, job.job);
    return true;
  }

  /** Ends a job by its name. */
  async end(root: string, job: string): Promise<void> {
    await this.parts.engine.call('cancelJob', root, job);
    await this.look(root);
  }

  /**
   * A task that followed a job has ended.
   * @param left it was ended itself: nothing was said of the job
   */
  async followerEnded(root: string, left: boolean): Promise<void> {
    if (!left) this.toldByTask.set(root, Date.now());
    await this.look(root);
    const job = this.running(root);
    const project = this.parts.projects.get(root);
    if (job && project && left) void this.tellRunning(project, job, 'left');
  }

  /** Reads the jobs of a project. Calls that come while they are read share that. */
  look(root: string): Promise<void> {
    const under = this.looking.get(root);
    if (under) return under;
    const look = this.lookNow(root)
      .catch((error: unknown) => {
        this.parts.log.warn(`Jobs cannot be read: ${reportOf(error).message}`);
      })
      .finally(() => this.looking.delete(root));
    this.looking.set(root, look);
    return look;
  }

  dispose(): void {
    clearTimeout(this.timer);
    this.store.dispose();
  }

  private async lookNow(root: string): Promise<void> {
    const { projects, engine } = this.parts;
    if (!vscode.workspace.isTrusted || !projects.get(root)) return;
    const jobs = await engine.call('jobs', root);
    const project = projects.get(root);
    if (!project || this.store.isDisposed) return;
    const [newest, ...older] = jobs.filter(({ state }) => isUnderWay(state));
    const names = [newest, ...older].flatMap((job) => job?.job ?? []);
    const before = this.parts.memory.get<readonly string[]>(memoryKey(root)) ?? [];
    const seen = this.underWay.get(root);
    if (newest) this.underWay.set(root, newest);
    else this.underWay.delete(root);
    if (JSON.stringify(seen) !== JSON.stringify(newest)) this.changed.fire();
    if (before.join() !== names.join()) await this.parts.memory.update(memoryKey(root), names);
    // Whoever sees it first in this window, and has no task that shows it, is told that it goes on.
    if (newest && !seen && !isFollowed(root)) void this.tellRunning(project, newest, 'found');
    for (const job of jobs) {
      const known = before.includes(job.job) || (seen?.job === job.job && newest?.job !== job.job);
      if (known && !names.includes(job.job)) void this.ended(project, job);
    }
    // A task has its job a moment after it has started.
    if (names.length > 0 || isFollowed(root)) this.lookAgain();
  }

  private lookAgain(): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => {
      for (const { root } of this.parts.projects.all)
        if (this.underWay.has(root) || isFollowed(root)) void this.look(root);
    }, lookMs);
  }

  private async tellRunning(project: Project, job: JobSummary, how: 'found' | 'left'): Promise<void> {
    if (this.told.has(job.job)) return;
    this.told.add(job.job);
    const { t } = vscode.l10n;
    const [show, cancel] = [t('Show'), t('Cancel It')];
    const text =
      how === 'left'
        ? t('Fine-tuning of {0} goes on without its terminal.', project.name)
        : t('Fine-tuning of {0} is still under way.', project.name);
    const picked = await say.info(text, show, cancel);
    if (picked === show) await vscode.commands.executeCommand(commands.followJob, project.root);
    if (picked === cancel) await vscode.commands.executeCommand(commands.cancelJob, project.root);
  }

  private async ended(project: Project, job: JobSummary): Promise<void> {
    const { root, name } = project;
    this.parts.log.info(`Job ${job.job}: ${job.state}`);
    const untilMs = isFollowed(root) ? Infinity : (this.toldByTask.get(root) ?? 0);
    if (job.ended !== null && Date.parse(job.ended) <= untilMs) return;
    await this.parts.outcomes.read(root);
    // Where the table is another, the engine tells.
    await project.refresh('runs', 'labels');
    const { t } = vscode.l10n;
    if (job.state === 'ended') await tellFinetuned(project, this.parts.isShown(project));
    else if (job.state === 'failed') {
      const why = job.error ? `${sentence(job.error)} (${job.error.code})` : t('It was ended from outside.');
      void tellFailure(t('Fine-tuning of {0} failed: {1}', name, why), job.error?.code);
    } else if (job.state === 'lost') {
      void say.error(t('Fine-tuning of {0} is gone and left no run: its process was ended.', name));
    }
  }
}

/** Whether a job may still go on. */
export function isUnderWay(state: JobSummary['state']): boolean {
  return state === 'queued' || state === 'running';
}

function memoryKey(root: string): string {
  return `jobs ${root}`;
}

/** Whether a task of this window shows what the job prints, and will say how it ended. */
function isFollowed(root: string): boolean {
  return vscode.tasks.taskExecutions.some(({ task }) => {
    const definition = parseDefinition(task.definition);
    if (definition?.command !== 'finetune') return false;
    const folder = typeof task.scope === 'object' ? task.scope : vscode.workspace.workspaceFolders?.[0];
    return projectRoot(definition, folder?.uri.fsPath) === root;
  });
}
