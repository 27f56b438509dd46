/** Images that look like others: asked of a process that holds the cached features of the run. It is let go when idle. */
import type { ChildProcess } from '../../core/base/childProgram';
import { errorOfReport, OverreadError } from '../../core/base/errors';
import { RemoteError } from '../../protocol/rpc';
import type { LiveProject } from '../liveProject';
import { forkLive, type LiveRpc } from './forkLive';

/** ms without a question after which the process is let go. */
const idleAfter = 5 * 60_000;
/** As many as a reviewer looks through. */
const mostGathered = 60;

export class Similar {
  private process: { readonly child: ChildProcess; readonly rpc: LiveRpc } | undefined;
  private idle: NodeJS.Timeout | undefined;

  constructor(private readonly project: LiveProject) {}

  /**
   * These samples and those nearest to them, the nearest first.
   * @param samples indices
   * @throws OVR800 there is no run; OVR804 its features are not in the cache
   */
  async nearest(samples: readonly number[]): Promise<readonly number[]> {
    const { run, root, folder, dataset } = this.project;
    if (!run) {
      throw new OverreadError({
        code: 'OVR800',
        message: 'Which images look alike is not known: this project has no run yet',
        fix: 'Fine-tune the last layer first',
      });
    }
    const place = { root, policy: folder.policy, run: run.record.run, samples: dataset.samples.length };
    try {
      return [...(await this.started().call('nearest', place, samples, mostGathered + samples.length))];
    } catch (error) {
      throw (error instanceof RemoteError && errorOfReport(error.report)) || error;
    }
  }

  /** The run or the table is another now. */
  release(): void {
    clearTimeout(this.idle);
    const { process } = this;
    this.process = undefined;
    process?.rpc.close({ code: 'OVR004', message: 'The process of the features ended' });
    process?.child.kill('SIGKILL');
  }

  private started(): LiveRpc {
    clearTimeout(this.idle);
    this.idle = setTimeout(() => this.release(), idleAfter).unref();
    if (!this.process) {
      const started = forkLive(() => {
        if (this.process?.child === started.child) this.release();
      });
      this.process = started;
    }
    return this.process.rpc;
  }
}
