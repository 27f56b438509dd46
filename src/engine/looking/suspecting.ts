/**
 * Suspected labels of a project, found in the process that looks at it and taken over some at a time, so that no edit waits:
 * by the run's own predictions where there are too many to judge at once, and, when somebody looks at them, as `overread suspects`
 * finds them, so that both name the same labels. What was seen of a list stays where it is.
 */
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { SuspectsState } from '../../protocol/engineApi';
import { RemoteError } from '../../protocol/rpc';
import type { LiveProject } from '../liveProject';
import type { Judgement } from '../projectView';
import type { Looking } from './looking';

/** Items above which ten times five fits would take minutes; the command line makes them. */
const mostRepeated = 250_000;

export interface SuspectingSurroundings {
  /** Has work done in the project's turn. */
  readonly inTurn: <T>(work: () => T) => Promise<T>;
  readonly isBlind: () => boolean;
  /** What is suspected is another, or is being found. */
  readonly tell: () => void;
  readonly warn: (message: string) => void;
}

export class Suspecting {
  private busy: string | undefined;
  /** Of which run and kind it failed, and why. */
  private failed: { readonly what: string; readonly message: string } | undefined;

  constructor(
    private readonly project: LiveProject,
    private readonly looking: Looking,
    private readonly surroundings: SuspectingSurroundings,
  ) {}

  get state(): SuspectsState {
    const { run, judgement } = this.project;
    const failure = this.failed && this.failed.what === this.nameOf(true) ? this.failed.message : null;
    return {
      busy: this.busy !== undefined,
      byRun: run && judgement ? judgement.byRun : null,
      failure,
    };
  }

  /** The project was read: where labels were not judged with it, that is done now. In its turn. */
  follow(): void {
    const { run, judgement } = this.project;
    if (run && !judgement) this.start(false);
  }

  /** Somebody looks at suspected labels. In the project's turn. */
  wanted(): void {
    const { run, judgement, labels } = this.project;
    if (!run || !judgement || this.surroundings.isBlind()) return;
    if (judgement.byRun && labels.items <= mostRepeated) this.start(true);
  }

  private nameOf(repeated: boolean): string {
    return JSON.stringify([this.project.run?.record.run, repeated]);
  }

  private start(repeated: boolean): void {
    const what = this.nameOf(repeated);
    if (this.busy !== undefined || this.failed?.what === what) return;
    this.busy = what;
    const { tell, warn, inTurn } = this.surroundings;
    this.find(repeated)
      .catch((error: unknown) => {
        const { code, message } =
          error instanceof RemoteError ? error.report : { code: 'OVR004', message: String(error) };
        // Of what has changed meanwhile, and of a process that ended, the next look tries again.
        if (repeated && code !== 'OVR803' && code !== 'OVR004') this.failed = { what, message };
        else warn(`Suspected labels: ${code} ${message}`);
        return true;
      })
      .then(async (isWhole) => {
        this.busy = undefined;
        tell();
        if (!isWhole) await inTurn(() => this.follow());
      })
      .catch((error: unknown) => warn(`Suspected labels: ${String(error)}`));
    // After the answer that it comes of.
    if (repeated) setImmediate(tell);
  }

  /** @returns whether all of it was taken over: nothing changed meanwhile */
  private async find(repeated: boolean): Promise<boolean> {
    const { project } = this;
    const { run, dataset, root, folder, labels } = project;
    if (!run) return true;
    const name = run.record.run;
    const place = { root, policy: folder.policy };
    const found = await this.looking.rpc.call('suspects', place, name, dataset.samples.length, repeated);
    const judgement: Judgement = { run: name, found, byRun: !repeated };
    let [seen, from] = [labels, 0];
    while (from < labels.items) {
      const isCurrent = await this.surroundings.inTurn(() => {
        const now = project.labels;
        if (now.table !== labels.table || project.dataset !== dataset || project.run?.record.run !== name)
          return false;
        // Another view of the same items has none of it yet: a live refit goes by other predictions.
        if (now !== seen) [seen, from] = [now, 0];
        from = project.takeSuspects(judgement, from);
        return true;
      });
      if (!isCurrent) return false;
      // A turn of a project that nobody else waits for does without the event loop: all of them would be one of that.
      await nextTurn();
    }
    return true;
  }
}
