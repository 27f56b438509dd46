/** One training in an editor tab. While it is under way and the tab is on show its files are looked at every second. */
import * as vscode from 'vscode';
import type { WatchedTraining } from '../../protocol/engineApi';
import { RemoteError } from '../../protocol/rpc';
import {
  checkedTrainingMethods,
  type TrainingEvents,
  type TrainingMethods,
  type TrainingStart,
} from '../../protocol/trainingApi';
import { commands } from '../contributions';
import type { EngineClient } from '../engine/engineClient';
import { reportOf } from '../failures';
import { isUnderWay, type JobWatcher } from '../jobs/jobWatcher';
import { openTab, PagePanel, type PageServices } from '../pages/pagePanel';
import { ProjectPanel } from '../pages/projectPanel';
import type { Project } from '../projects/project';

const lookMs = 1000;

export interface TrainingPanelOptions extends PageServices {
  readonly project: Project;
  /** The job's whole name. */
  readonly job: string;
  readonly engine: Pick<EngineClient, 'call'>;
  readonly jobs: Pick<JobWatcher, 'end'>;
}

export class TrainingPanel extends ProjectPanel<TrainingMethods> {
  protected readonly page: PagePanel<TrainingMethods, TrainingEvents>;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private shown = '';
  private isClosed = false;

  /** @param panel the tab that the editor has kept; default: a new one */
  constructor(
    private readonly options: TrainingPanelOptions,
    panel?: vscode.WebviewPanel,
  ) {
    super(options.project);
    const { project, log, extensionUri } = options;
    const title = vscode.l10n.t('Training: {0}', project.name);
    this.page = new PagePanel<TrainingMethods, TrainingEvents>(panel ?? openTab('training', title), {
      ...{ page: 'training', title, log, extensionUri },
      methods: checkedTrainingMethods(this.handlers()),
    });
    this.page.add({ dispose: () => this.stopLooking() });
    this.page.render();
  }

  get job(): string {
    return this.options.job;
  }

  private handlers(): TrainingMethods {
    const { project, job, jobs, log } = this.options;
    return {
      ready: () => this.start(),
      stop: async () => {
        refuseUntrusted();
        await jobs.end(project.root, job);
        return this.look();
      },
      showRun: async () => {
        const { run } = (await this.look()).job;
        if (run !== null) await vscode.commands.executeCommand(commands.openRun, { root: project.root, run });
      },
      log: (message) => {
        log.warn(`[training page] ${message}`);
        return Promise.resolve();
      },
    };
  }

  /** A tab that was hidden and is shown again asks anew. */
  private async start(): Promise<TrainingStart> {
    const { root, name } = this.project;
    const watched = await this.look();
    this.lookAgain(watched);
    return { root, name, watched, trusted: vscode.workspace.isTrusted, language: vscode.env.language };
  }

  private async look(): Promise<WatchedTraining> {
    const watched = await this.options.engine.call('training', this.project.root, this.job);
    this.shown = JSON.stringify(watched);
    return watched;
  }

  private lookAgain({ job: { state } }: WatchedTraining): void {
    if (isUnderWay(state)) this.schedule();
  }

  private schedule(): void {
    clearTimeout(this.timer);
    if (!this.isClosed) this.timer = setTimeout(() => void this.lookOn(), lookMs);
  }

  private async lookOn(): Promise<void> {
    const { panel, rpc } = this.page;
    // A tab that is shown again is loaded anew, and asks by itself.
    if (!panel.visible) return;
    const before = this.shown;
    try {
      const watched = await this.look();
      if (this.shown !== before) rpc.emit('moved', watched);
      this.lookAgain(watched);
    } catch (error) {
      // The engine is started anew after a crash: the curves stay as they are until it answers.
      this.options.log.warn(`A training cannot be read: ${reportOf(error).message}`);
      this.schedule();
    }
  }

  private stopLooking(): void {
    this.isClosed = true;
    clearTimeout(this.timer);
  }
}

function refuseUntrusted(): void {
  if (vscode.workspace.isTrusted) return;
  throw new RemoteError({
    code: 'OVR005',
    message: vscode.l10n.t('Nothing is ended in a workspace that is not trusted'),
  });
}
