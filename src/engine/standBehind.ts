/** What every process of the engine does first that works beside it. */
import * as os from 'node:os';
import { endNow, endWithParent } from '../core/base/lifeline';

/**
 * Ends with the engine, and stands behind it. To be called before any thread is started, which takes the priority over.
 */
export function standBehind(): void {
  endWithEngine();
  lowerPriority();
}

export function endWithEngine(): void {
  endWithParent();
  process.on('disconnect', endNow);
  for (const signal of ['SIGINT', 'SIGHUP'] as const) process.on(signal, () => undefined);
}

/** Where a processor is short, the window, edits and pictures have it first; for good, since few may raise it again. */
export function lowerPriority(): void {
  os.setPriority(os.constants.priority.PRIORITY_BELOW_NORMAL);
}
