/** How the engine divides long work: an edit that has its turn is done before the work goes on. */
import { setImmediate as nextTurn } from 'node:timers/promises';
import { ownTurns, type Turns } from '../core/base/pieces';

/**
 * An edit is many steps of the file system, each of which comes back to the event loop: behind pieces of some milliseconds
 * every one of them would wait.
 */
export class EditsFirst implements Turns {
  readonly ms = ownTurns.ms;
  private readonly underWay = new Set<Promise<unknown>>();

  /** An edit is under way: of a batch some items may be as before and some as after. */
  get isTaken(): boolean {
    return this.underWay.size > 0;
  }

  now(): number {
    return ownTurns.now();
  }

  /** Those edits are waited for that are under way: more of them keep nothing from its next piece. */
  async next(): Promise<void> {
    await nextTurn();
    await Promise.all(this.underWay);
  }

  /** Has an edit go first. It must not wait for work that is divided so: within an edit work has turns of its own. */
  async during<T>(edit: () => Promise<T>): Promise<T> {
    const result = edit();
    const ended = result.then(
      () => undefined,
      () => undefined,
    );
    this.underWay.add(ended);
    try {
      return await result;
    } finally {
      this.underWay.delete(ended);
    }
  }
}
