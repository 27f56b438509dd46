/**
 * The process that holds the cached features of a project, for whatever is fitted on them or compares them: one for live
 * refits and for images that look alike. It starts with the first question and is let go when it is idle.
 */
import * as path from 'node:path';
import { type ChildProcess, forkProgram } from '../../core/base/childProgram';
import type { Rpc } from '../../protocol/rpc';
import { callHelper } from '../helperProcess';
import type { LiveMethods } from './liveApi';

export type FitRpc = Rpc<object, LiveMethods, object, object>;

/** Its program, which the build lays beside the engine's own. */
const program = path.join(__dirname, 'live.js');

/** ms without a question after which the process is let go. */
const idleAfter = 5 * 60_000;

export class FitProcess {
  private running: { readonly child: ChildProcess; readonly rpc: FitRpc } | undefined;
  private idle: NodeJS.Timeout | undefined;
  private isHeld = false;

  /** To ask it something; starts it. Where another object comes than before, what was opened in it is gone. */
  get rpc(): FitRpc {
    this.restFromNow();
    if (!this.running) {
      const child = forkProgram(program);
      const rpc: FitRpc = callHelper<LiveMethods>(child, () => {
        if (this.running?.child === child) this.end();
      });
      this.running = { child, rpc };
    }
    return this.running.rpc;
  }

  /** Held, it stays however long nothing is asked. */
  hold(isHeld: boolean): void {
    if (this.isHeld === isHeld) return;
    this.isHeld = isHeld;
    this.restFromNow();
  }

  /** Ends it: the table is another now, or what it is busy with is no longer wanted. */
  end(): void {
    clearTimeout(this.idle);
    const { running } = this;
    this.running = undefined;
    running?.rpc.close({ code: 'OVR004', message: 'The process of the features ended' });
    running?.child.kill('SIGKILL');
  }

  private restFromNow(): void {
    clearTimeout(this.idle);
    if (!this.isHeld) this.idle = setTimeout(() => this.end(), idleAfter).unref();
  }
}
