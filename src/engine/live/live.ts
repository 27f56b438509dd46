/**
 * Live refits of one project: after every answer the last layer is fitted again, in a process of its own, and lists are
 * told that their rest may be ordered anew. One fit at a time; of the answers that come meanwhile the last state counts.
 */
import { inTurns, ofRanges, type Pieces, type Turns } from '../../core/base/pieces';
import type { Dataset } from '../../core/dataset/model';
import type { EffectiveLabels } from '../../core/labels/effectiveLabels';
import { targetsBetween } from '../../core/labels/targets';
import type { EngineEvents } from '../../protocol/engineApi';
import { RemoteError } from '../../protocol/rpc';
import type { LiveProject } from '../liveProject';
import type { FitProcess, FitRpc } from './fitProcess';
import type { RunPlace } from '../runPlace';
import type { LivePart } from './liveApi';

/** Numbers in one message: some milliseconds of the engine's loop. */
const mostNumbers = 32_768;

export interface LiveSurroundings {
  /** How long work beside edits is divided. */
  readonly turns: Turns;
  /** Has work done in the project's turn. */
  readonly inTurn: (work: () => void) => Promise<void>;
  readonly isBlind: () => boolean;
  readonly tell: (event: EngineEvents['refitted']) => void;
  readonly warn: (message: string) => void;
}

interface Opened {
  readonly rpc: FitRpc;
  readonly run: string;
  readonly dataset: Dataset;
  /** As it has them; -1 for none. */
  readonly y: Int32Array;
}

export class Live {
  /** Whose process has which run open, and the labels that it was told. */
  private opened: Opened | undefined;
  private wanted = false;
  private isBusy = false;
  /** How often labels, run or table have changed, and which of those states was fitted last, or is. */
  private changes = 0;
  private fitted = 0;
  private fault: string | null = null;
  private leaving: Promise<void> | undefined;

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

  /** Turns it on or off; `leave` then waits until lists say what the run says. In the project's turn. */
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
      this.leave().catch((error: unknown) => this.surroundings.warn(`Live refit: ${String(error)}`));
      return;
    }
    this.changes++;
    if (this.isBusy) return;
    this.isBusy = true;
    // Behind the answer to the edit that it comes of, which is sent before this.
    setImmediate(() => void this.goOn());
  }

  /**
   * Where it is off, has lists go by the run's own predictions again. Beside the turns that edits take: whoever has one must not
   * wait for it.
   */
  leave(): Promise<void> {
    return (this.leaving ??= this.goBack().finally(() => (this.leaving = undefined)));
  }

  private async goBack(): Promise<void> {
    const { project } = this;
    while (!this.on && project.isLive) {
      const built = await project.buildLive(null);
      await this.surroundings.inTurn(() => {
        if (this.on) built.view.catalog.close();
        else project.predictLive(built);
      });
    }
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
    const { run, dataset, runPlace } = this.project;
    if (!run || !runPlace) {
      this.fault = 'There is no run yet';
      return;
    }
    const opened = await this.open(runPlace);
    await this.label(opened);
    const { ms, thresholds } = await opened.rpc.call('fit');
    const { outputs } = run.record;
    const predictions = await this.predicted(opened.rpc, dataset.samples.length, outputs.length);
    // Another run or table came meanwhile: what was fitted is of those no more.
    const isCurrent = (): boolean => this.on && this.project.run === run && this.project.dataset === dataset;
    if (!isCurrent()) return;
    const built = await this.project.buildLive({ outputs, thresholds, ...predictions });
    await this.surroundings.inTurn(() => {
      if (!isCurrent()) {
        built.view.catalog.close();
        return;
      }
      if (!this.project.predictLive(built)) {
        // What else it was built of is another now.
        this.changes++;
        return;
      }
      this.fault = null;
      const { root } = this.project;
      this.surroundings.tell({ root, fit_ms: ms, all_ms: performance.now() - started });
    });
  }

  /** The process with the features of this run. */
  private async open(place: RunPlace): Promise<Opened> {
    const { rpc } = this.process;
    const { dataset, labels } = this.project;
    const { run } = place;
    if (this.opened?.rpc === rpc && this.opened.run === run && this.opened.dataset === dataset)
      return this.opened;
    this.opened = undefined;
    await rpc.call('openProject', place);
    this.opened = { rpc, run, dataset, y: new Int32Array(labels.items).fill(-1) };
    return this.opened;
  }

  /** Tells the process the labels that are others than it has. */
  private async label(opened: Opened): Promise<void> {
    const { labels } = this.project;
    for (const { from, y } of await inTurns(changedLabels(opened, labels), this.surroundings.turns)) {
      await opened.rpc.call('label', from, y);
      opened.y.set(y, from);
    }
  }

  /** What the last fit predicts of all samples, fetched a part at a time. */
  private async predicted(rpc: FitRpc, samples: number, outputs: number): Promise<LivePart> {
    const probabilities = new Float64Array(samples * outputs);
    const outOfFold = new Uint8Array(samples);
    const atOnce = Math.ceil(mostNumbers / outputs);
    for (let from = 0; from < samples; from += atOnce) {
      const part = await rpc.call('predicted', from, Math.min(samples, from + atOnce));
      probabilities.set(part.probabilities, from * outputs);
      outOfFold.set(part.outOfFold, from);
    }
    return { probabilities, outOfFold };
  }
}

interface LabelChange {
  /** The first item. */
  readonly from: number;
  readonly y: Int32Array;
}

/** Labels that are others than the process has, in runs of items. */
function* changedLabels({ y }: Opened, labels: EffectiveLabels): Pieces<LabelChange[]> {
  const changes: LabelChange[] = [];
  yield* ofRanges(
    y.length,
    (from, to) => {
      const now = targetsBetween(labels, from, to);
      const first = now.findIndex((target, i) => target !== y[from + i]);
      if (first < 0) return;
      const last = now.findLastIndex((target, i) => target !== y[from + i]);
      changes.push({ from: from + first, y: now.slice(first, last + 1) });
    },
    mostNumbers,
  );
  return changes;
}
