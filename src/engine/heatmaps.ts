/**
 * Heat maps of the run that a project shows. The network is opened by the first request, runs on a thread of its own
 * so that edits and lists do not wait for it, and is let go when the run changes or nobody has asked for a while.
 */
import * as path from 'node:path';
import { OverreadError } from '../core/base/errors';
import { NewestFirst } from '../core/base/newestFirst';
import { userCacheFolder } from '../core/base/userCache';
import { heatmapOf, openExplainer, type Explainer } from '../core/heatmaps/explainer';
import { findOutput } from '../core/heatmaps/findOutput';
import type { Heatmap } from '../core/heatmaps/model';
import type { Run } from '../core/runs/folder';
import type { LiveProject } from './liveProject';
import type { Pictures } from './pictures';

/** Images under way at once: one is decoded while the network looks at another. */
const atOnce = 2;
/** ms without a request after which the network is let go. */
const idleAfter = 5 * 60_000;

/** The inference thread's program, which the build lays beside the engine's own. */
const inferenceProgram = path.join(__dirname, 'inferenceWorker.js');

interface Opened {
  readonly run: string;
  readonly explainer: Promise<Explainer>;
  /** Requests that it still has to answer. */
  readonly requests: Set<Promise<unknown>>;
}

export class Heatmaps {
  private open: Opened | undefined;
  private idle: NodeJS.Timeout | undefined;
  private readonly turns = new NewestFirst(atOnce);

  constructor(
    private readonly project: LiveProject,
    private readonly pictures: Pictures,
    private readonly env: Readonly<Record<string, string | undefined>>,
    private readonly log: (level: 'info' | 'warn', message: string) => void,
  ) {}

  /**
   * One map per sample, in their order; images that cannot be read are left out.
   * @throws OVR800 there is no run; OVR401, OVR402 it knows no such output; what `openExplainer` throws
   */
  async explain(samples: readonly string[], output: string): Promise<Heatmap[]> {
    const { run } = this.project;
    if (!run) {
      throw new OverreadError({
        code: 'OVR800',
        message: 'There is no model to explain: this project has no run yet',
        fix: 'Fine-tune the last layer first',
      });
    }
    const at = findOutput(run.record, output);
    const open = this.opened(run);
    const answer = this.explainAll(open, samples, at);
    open.requests.add(answer);
    try {
      return await answer;
    } catch (error) {
      // The next request tries again: with the weights that were brought meanwhile, or on a new thread.
      if (this.open === open) this.release();
      throw error;
    } finally {
      open.requests.delete(answer);
      if (this.open === open) this.startIdling();
    }
  }

  /** Lets the network go once it has answered; the next request opens the one of the run as it is then. */
  release(): void {
    clearTimeout(this.idle);
    if (this.open) void this.close(this.open);
    this.open = undefined;
  }

  private async close({ explainer, requests }: Opened): Promise<void> {
    await Promise.allSettled(requests);
    try {
      await (await explainer).close();
    } catch (error) {
      this.log('info', `The network of the heat maps is gone (${String(error)})`);
    }
  }

  private opened(run: Run): Opened {
    clearTimeout(this.idle);
    if (this.open && this.open.run !== run.record.run) this.release();
    this.open ??= { run: run.record.run, explainer: this.openExplainer(run), requests: new Set() };
    return this.open;
  }

  private async explainAll(open: Opened, samples: readonly string[], output: number): Promise<Heatmap[]> {
    const explainer = await open.explainer;
    const maps = await Promise.all(
      samples.map((sample) => this.turns.run(() => this.explainOne(explainer, sample, output))),
    );
    return maps.filter((map) => map !== undefined);
  }

  private openExplainer(run: Run): Promise<Explainer> {
    return openExplainer(this.project, run, {
      env: this.env,
      cacheDir: userCacheFolder(this.env),
      device: this.project.config.model.device,
      inferenceProgram,
      quick: true,
      log: {
        info: (message) => this.log('info', message),
        warn: (message) => this.log('warn', message),
      },
    });
  }

  private async explainOne(
    explainer: Explainer,
    sample: string,
    output: number,
  ): Promise<Heatmap | undefined> {
    try {
      const maps = await explainer.mapsOf(sample, this.pictures.findInput);
      return heatmapOf(maps, sample, explainer.outputs, output);
    } catch (error) {
      // A fault of the image, or a sample that has gone from the table.
      if (error instanceof OverreadError && /^OVR(003|205|30\d|400)$/.test(error.code)) return undefined;
      throw error;
    }
  }

  private startIdling(): void {
    clearTimeout(this.idle);
    this.idle = setTimeout(() => this.release(), idleAfter).unref();
  }
}
