/**
 * Live refits of one project: after every answer the last layer is fitted again, in a process of its own, and lists are
 * told that their rest may be ordered anew. One fit at a time; of the answers that come meanwhile the last state counts.
 */
import { buildTargets } from '../../core/labels/targets';
import type { EngineEvents } from '../../protocol/engineApi';
import { RemoteError } from '../../protocol/rpc';
import type { LiveProject } from '../liveProject';
import type { FitProcess, FitRpc } from './fitProcess';
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
  /** Whose process has which run open. */
  private opened: { readonly rpc: FitRpc; readonly run: string } | undefined;
  private wanted = false;
  private isBusy = false;
  /** How often labels, run or table have changed, and which of those states was fitted last, or is. */
  private changes = 0;
  private fitted = 0;
  private fault: string | null = null;

  constructor(
    private readonly project: LiveProject,
    private readonly process: FitProcess,
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
    this.process.hold(this.on);
    if (!this.on) {
      this.opened = undefined;
      this.project.predictLive(null);
      return;
    }
    this.changes++;
    if (this.isBusy) return;
    this.isBusy = true;
    // Behind the answer to the edit that it comes of, which is sent before this.
    setImmediate(() => void this.goOn());
  }

  private async goOn(): Promise<void> {
    while (this.fitted !== this.changes && this.on) {
      const state = this.changes;
      this.fitted = state;
      try {
        await this.fitOnce();
      } catch (error) {
        this.opened = undefined;
        // What failed was of a state that is no more, such as a process that ended with its table.
        if (state !== this.changes) continue;
        this.fault = error instanceof RemoteError ? error.report.message : String(error);
        this.surroundings.warn(`Live refit: ${this.fault}`);
      }
    }
    this.isBusy = false;
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

  private async ask(run: string, samples: number, y: Int32Array): Promise<LiveAnswer> {
    const { rpc } = this.process;
    if (this.opened?.rpc === rpc && this.opened.run === run) return rpc.call('relabel', y);
    const { root, folder } = this.project;
    const answer = await rpc.call('openProject', { root, policy: folder.policy, run, samples }, y);
    this.opened = { rpc, run };
    return answer;
  }
}
