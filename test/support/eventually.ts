/** Waiting for what has to become true, without a fixed pause. */
import { setTimeout as sleep } from 'node:timers/promises';
import { patience } from '../../scripts/test/patience.mjs';

/** Calls `attempt` until it does not throw. Fails with the last reason and `what` when time is up. */
export async function eventually<T>(
  what: string,
  attempt: () => T | Promise<T>,
  timeoutMs = patience,
): Promise<T> {
  const end = Date.now() + timeoutMs;
  for (;;) {
    try {
      return await attempt();
    } catch (error) {
      if (Date.now() >= end) {
        const reason = error instanceof Error ? error.message : String(error);
        throw new Error(`Within ${String(timeoutMs / 1000)} s it did not come true that ${what}: ${reason}`, {
          cause: error,
        });
      }
    }
    await sleep(100);
  }
}
