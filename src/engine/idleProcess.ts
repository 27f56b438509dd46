/** A process of the engine that starts with the first question and is let go when it is idle. */
import { type ChildProcess, forkProgram } from '../core/base/childProgram';
import type { Rpc } from '../protocol/rpc';
import { callHelper } from './helperProcess';

/** ms without a question or an answer to come after which the process is let go. */
const usualIdle = 5 * 60_000;

export class IdleProcess<Methods extends object, Events extends object = object> {
  private running:
    { readonly child: ChildProcess; readonly rpc: Rpc<object, Methods, object, Events> } | undefined;
  private idle: NodeJS.Timeout | undefined;
  private isHeld = false;

  /**
   * @param program its built file
   * @param onEvent takes what it tells
   * @param idleAfter ms; tests give a shorter time
   */
  constructor(
    private readonly program: string,
    private readonly onEvent?: <E extends keyof Events>(event: E, payload: Events[E]) => void,
    private readonly idleAfter = usualIdle,
  ) {}

  /** To ask it something; starts it. Where another object comes than before, what was opened in it is gone. */
  get rpc(): Rpc<object, Methods, object, Events> {
    this.restFromNow();
    if (!this.running) {
      const child = forkProgram(this.program);
      const ended = (): void => {
        if (this.running?.child === child) this.end();
      };
      const rpc = callHelper<Methods, Events>(child, ended, this.onEvent);
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
    if (this.isHeld) return;
    this.idle = setTimeout(() => {
      // What takes longer than this is no idleness.
      if (this.running?.rpc.isWaiting === true) this.restFromNow();
      else this.end();
    }, this.idleAfter).unref();
  }
}
