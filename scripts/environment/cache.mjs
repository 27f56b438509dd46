// Where the tests' own VS Code lives: one folder per user, outside the project, used again by every run.
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import lockfile from 'proper-lockfile';

/** The cache folder: OVERREAD_TEST_CACHE, else `overread-test` in the user's cache folder. */
export function cacheFolder(env = process.env) {
  if (env.OVERREAD_TEST_CACHE) return path.resolve(env.OVERREAD_TEST_CACHE);
  return path.join(env.XDG_CACHE_HOME || path.join(os.homedir(), '.cache'), 'overread-test');
}

/** A folder of the cache that `install` fills; it counts as there only once its marker is written. */
export function isReady(folder) {
  return existsSync(markerOf(folder));
}

/** Fills `folder` with `install(folder)` from empty, and marks it; nothing happens when it is ready. */
export async function fillOnce(folder, install) {
  if (isReady(folder)) return false;
  // What a killed installation left is not to be trusted.
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const start = Date.now();
  await install(folder);
  const marker = { installed: new Date().toISOString(), seconds: Math.round((Date.now() - start) / 1000) };
  writeFileSync(markerOf(folder), `${JSON.stringify(marker)}\n`);
  return true;
}

/** Runs `work` while no other process of this user works on the cache; says so when it has to wait. */
export async function withCacheLock(cache, say, work) {
  mkdirSync(cache, { recursive: true });
  const options = { stale: 60_000, update: 10_000, realpath: false };
  if (await lockfile.check(cache, options)) say(`Waiting: another process is preparing ${cache}.`);
  // 20 minutes: longer than the slowest installation.
  const release = await lockfile.lock(cache, {
    ...options,
    retries: { retries: 600, factor: 1, minTimeout: 2000 },
  });
  try {
    return await work();
  } finally {
    await release();
  }
}

function markerOf(folder) {
  return path.join(folder, 'ready.json');
}
