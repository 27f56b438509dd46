/**
 * Images that look like others, asked of a process of their own. What it tells by is read, or made, ahead of the first question
 * where that takes long: some time after a large project, or another run of it, was read.
 */
import * as path from 'node:path';
import { OverreadError } from '../../core/base/errors';
import { withItsCode } from '../helperProcess';
import { IdleProcess } from '../idleProcess';
import type { LiveProject } from '../liveProject';
import type { SimilarMethods } from './similarApi';

/** As many as a reviewer looks through. */
const mostGathered = 60;

/** Images of which components are quick to make when they are asked for. */
const fewest = 5_000;

/** ms without a question after which it is let go: of a large project it takes seconds to be ready again. */
const longIdle = 30 * 60_000;

/** ms after a project was read for the last time: the first images that are shown of it come first. */
const quietMs = 15_000;

export class Similar extends IdleProcess<SimilarMethods> {
  private soon: NodeJS.Timeout | undefined;
  /** The run that was prepared last, or whose features are not there. */
  private prepared: string | undefined;

  constructor(private readonly project: LiveProject) {
    // The build lays it beside the engine's own.
    super(path.join(__dirname, 'similar.js'), undefined, longIdle);
  }

  /**
   * These samples and those nearest to them, the nearest first.
   * @param samples indices
   * @throws OVR800 there is no run; OVR804 its features are not in the cache
   */
  async nearestTo(samples: readonly number[]): Promise<readonly number[]> {
    const place = this.project.runPlace;
    if (!place) {
      throw new OverreadError({
        code: 'OVR800',
        message: 'Which images look alike is not known: this project has no run yet',
        fix: 'Fine-tune the last layer first',
      });
    }
    const count = mostGathered + samples.length;
    return withItsCode(async () => [...(await this.rpc.call('nearest', place, samples, count))]);
  }

  /** The project was read. Where it is trusted and large, what looks alike in its run is prepared when it is quiet. */
  follow(): void {
    clearTimeout(this.soon);
    const { run, dataset, folder } = this.project;
    if (!run || run.record.run === this.prepared || folder.readOnly || dataset.samples.length < fewest)
      return;
    this.soon = setTimeout(() => {
      const place = this.project.runPlace;
      if (!place) return;
      this.prepared = place.run;
      // Whoever asks for images that look alike is told what is wrong.
      this.rpc.call('prepare', place).catch(() => undefined);
    }, quietMs).unref();
  }

  override end(): void {
    this.prepared = undefined;
    super.end();
  }
}
