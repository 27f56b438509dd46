/**
 * Live refits of one project: after every answer the last layer is fitted again, in a process of its own, and lists are
 * told that their rest may be ordered anew. One fit at a time; of the answers that come meanwhile the last state counts.
 */
import type { ChildProcess } from '../../core/base/childProgram';
import { buildTargets } from '../../core/labels/targets';
import type { EngineEvents } from '../../protocol/engineApi';
import { RemoteError } from '../../protocol/rpc';
import type { LiveProject } from '../liveProject';
import { forkLive, type LiveRpc } from './forkLive';
import type { LiveAnswer } from './liveApi';

/** Review items above which edits would wait for new outcomes, which are made in the engine's own loop. */
const mostItems = 250_000;

export interface LiveSurroundings {
  /** Has work done in the project's turn. */
  readonly inTurn: (work: () => void) => Promise<void>;
  readonly isBlind: () => boolean;
  readonly tell: (event: EngineEvents['refitted']) => void;
  readonly warn: (message: string) => void;
}

export class Live {
  private process: { readonly child: ChildProcess; readonly rpc: LiveRpc; readonly run: string } | undefined;
  private wanted = false;
  private isBusy = false;
  /** Labels have changed since those of the fit that is under way were taken. */
  private isBehind = false;
  private fault: string | null = null;

  constructor(
    private readonly project: LiveProject,
    private readonly surroundings: LiveSurroundings,
  ) {}

  /** Asked for, and allowed: not in a blind reading, whose order may say nothing. */
  get on(): boolean {
    return this.wanted && !this.surroundings.isBlind();
  }

  /** Why it does not go on although it is asked for; null otherwise. */
  get failure(): string | null {
    return this.fault;
  }

  /** Turns it on or off. In the project's turn. */
  set(wanted: boolean): void {
    this.wanted = wanted;
    this.fault = null;
    this.labelsChanged();
  }

  /** Labels, the run or the table are others now: fits again, soon. In the project's turn; costs nothing where it is off. */
  labelsChanged(): void {
    if (!this.on) {
      this.end();
      this.project.predictLive(null);
      return;
    }
    this.isBehind = true;
    if (!this.isBusy) void this.goOn();
  }

  /** Ends the process. */
  end(): void {
    const { process } = this;
    this.process = undefined;
    process?.rpc.close({ code: 'OVR004', message: 'The process of live refits ended' });
    process?.child.kill('SIGKILL');
  }

  private async goOn(): Promise<void> {
    this.isBusy = true;
    try {
      while (this.isBehind && this.on) {
        this.isBehind = false;
        await this.fitOnce();
      }
    } catch (error) {
      this.fault = error instanceof RemoteError ? error.report.message : String(error);
      this.surroundings.warn(`Live refit: ${this.fault}`);
      this.end();
    } finally {
      this.isBusy = false;
    }
  }

  private async fitOnce(): Promise<void> {
    const started = performance.now();
    const { run, labels, dataset } = this.project;
    if (!run || labels.items > mostItems) {
      this.fault = run ? `More than ${mostItems} items` : 'There is no run yet';
      return;
    }
    const { y } = buildTargets(dataset, labels);
    const { ms, ...predictions } = await this.ask(run.record.run, dataset.samples.length, y);
    await this.surroundings.inTurn(() => {
      // Another run or table came meanwhile: what was fitted is of those no more.
      if (!this.on || this.project.run !== run || this.project.dataset !== dataset) return;
      this.project.predictLive({ outputs: run.record.outputs, ...predictions });
      this.fault = null;
      const { root } = this.project;
      this.surroundings.tell({ root, fit_ms: ms, all_ms: performance.now() - started });
    });
  }

  private ask(run: string, samples: number, y: Int32Array): Promise<LiveAnswer> {
    if (this.process?.run === run) return this.process.rpc.call('relabel', y);
    this.end();
    const { child, rpc } = forkLive(() => {
      if (this.process?.child === child) this.end();
    });
    this.process = { child, rpc, run };
    const { root, folder } = this.project;
    return rpc.call('openProject', { root, policy: folder.policy, run, samples }, y);
  }
}
