/** One process at a time fetches a file; the others wait and then find it. */
import * as fs from 'node:fs/promises';
import * as path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import * as lockfile from 'proper-lockfile';
import { throwIfCancelled } from '../base/errors';

/**
 * Runs `work` while no other process of ours runs it for the same file. A lock whose holder died is taken
 * over after ten seconds.
 */
export async function withLock<T>(
  file: string,
  signal: AbortSignal | undefined,
  work: () => Promise<T>,
): Promise<T> {
  await fs.mkdir(path.dirname(file), { recursive: true });
  let release: (() => Promise<void>) | undefined;
  while (!release) {
    throwIfCancelled(signal);
    try {
      release = await lockfile.lock(file, {
        realpath: false,
        stale: 10_000,
        update: 2_000,
        // A machine that sleeps holds up the timers; the files are written under temporary names all the same.
        onCompromised: () => undefined,
      });
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'ELOCKED')) throw error;
      await pause(250);
    }
  }
  try {
    return await work();
  } finally {
    // A lock that was taken over meanwhile is not ours to release.
    await release().catch(() => undefined);
  }
}
