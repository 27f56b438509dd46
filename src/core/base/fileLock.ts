/**
 * A lock file that says who holds it. proper-lockfile, used for the cache of weights, makes an empty folder and
 * judges it by its date alone: a folder dated ahead, a file or a link in its place block for good, and nobody can
 * tell whose lock it is. Earlier versions of Overread lock label files with it, so the name is the same and each
 * kind of lock keeps the other out.
 *
 * What may be taken for dead: a lock whose process is gone; a link, pipe or device, which no version makes; and
 * where the process cannot be asked (another machine, an empty folder), a lock that is not renewed. Nothing is
 * deleted that is not a lock: a folder with content, or a file of somebody else's, is moved aside.
 */
import { randomBytes } from 'node:crypto';
import * as fs from 'node:fs/promises';
import { performance } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { isErrnoException } from './errnoException';
import { inspectLock, type SeenLock } from './lockInspection';
import { livenessOf, thisProcess } from './processIdentity';

/** A living holder renews its lock this often. */
const renewMs = 500;

/** A lock is unrenewed when its date is older than this and does not change while it is watched. */
const staleMs = 3000;

/** How long a lock is watched before its date is believed. Two renewals and a half. */
const watchMs = 1250;

/** A date this far ahead of this machine's clock says nothing: the clock was set back. */
const aheadMs = 2000;

/** The lock was not had: somebody holds it. */
export class LockedError extends Error {
  constructor(
    /** Whose it is and since when, as far as it says. */
    readonly holder: string,
  ) {
    super(`locked ${holder}`);
  }
}

/** Watching one lock while waiting for it: since when it looks the same, on a clock that is never set. */
interface Watch {
  readonly key: string;
  readonly since: number;
}

/**
 * Takes the lock, breaking what is dead, and gives the function that releases it.
 * @param waitMs how long to wait for a living holder
 * @throws LockedError when a living process keeps it; errors of the file system otherwise
 */
export async function takeLock(lock: string, waitMs: number): Promise<() => Promise<void>> {
  const deadline = performance.now() + waitMs;
  let watch: Watch | undefined;
  for (let pause = 5; ; pause = Math.min(pause * 1.3, 100)) {
    const token = await createLock(lock);
    if (token !== undefined) return holdLock(lock, token);
    const seen = await inspectLock(lock);
    if (!seen) continue;
    if (watch?.key !== seen.key) watch = { key: seen.key, since: performance.now() };
    if (isDead(seen, performance.now() - watch.since)) {
      await moveAside(lock, seen);
      continue;
    }
    if (performance.now() > deadline) throw new LockedError(describe(seen));
    await sleep(pause);
  }
}

/** Makes the lock with this process in it; undefined when there is one. */
async function createLock(lock: string): Promise<string | undefined> {
  const token = randomBytes(8).toString('hex');
  const content = JSON.stringify({ ...thisProcess(), token, since: new Date().toISOString() });
  let handle: fs.FileHandle;
  try {
    // Exclusive creation follows no link and replaces nothing.
    handle = await fs.open(lock, 'wx');
  } catch (error) {
    if (isErrnoException(error) && isTaken(error.code)) return undefined;
    throw error;
  }
  try {
    await handle.writeFile(content);
  } catch (error) {
    await fs.unlink(lock).catch(() => undefined);
    throw error;
  } finally {
    await handle.close();
  }
  return token;
}

/** Windows refuses the name of a file that is just being deleted. */
function isTaken(code: string | undefined): boolean {
  return code === 'EEXIST' || (process.platform === 'win32' && (code === 'EPERM' || code === 'EBUSY'));
}

function holdLock(lock: string, token: string): () => Promise<void> {
  const timer = setInterval(() => {
    const now = new Date();
    fs.lutimes(lock, now, now).catch(() => undefined);
  }, renewMs);
  timer.unref();
  return async () => {
    clearInterval(timer);
    // Somebody may have taken this process for dead while it slept, and hold the lock now.
    const seen = await inspectLock(lock);
    if (seen?.token === token) await fs.unlink(lock).catch(() => undefined);
  };
}

function isDead(seen: SeenLock, watchedMs: number): boolean {
  if (seen.kind === 'link' || seen.kind === 'other') return true;
  const liveness = seen.process ? livenessOf(seen.process) : 'unknown';
  if (liveness !== 'unknown') return liveness === 'gone';
  // Its holder died between making the file and writing its name, which are a moment apart.
  if (seen.isOurs && !seen.process) return watchedMs > watchMs;
  const ageMs = Date.now() - seen.modifiedMs;
  if (ageMs < -aheadMs) return watchedMs > watchMs;
  // Folders are locks of earlier versions, which believed the date.
  return ageMs > staleMs && (seen.kind === 'folder' || watchedMs > watchMs);
}

/**
 * Takes a dead lock out of the way: by rename, which only one process can do, and looks again at what it took,
 * for another may have broken the lock and taken it in the meantime.
 */
async function moveAside(lock: string, seen: SeenLock): Promise<void> {
  const aside = `${lock}.${process.pid}-${randomBytes(4).toString('hex')}.old`;
  try {
    await fs.rename(lock, aside);
  } catch (error) {
    if (isErrnoException(error) && error.code === 'ENOENT') return;
    throw error;
  }
  const taken = await inspectLock(aside);
  if (taken && taken.key !== seen.key && taken.kind === 'file') {
    await fs.link(aside, lock).catch(() => undefined);
    await fs.unlink(aside).catch(() => undefined);
  } else if (taken?.kind === 'folder') {
    // One that is not empty stays where it is now.
    await fs.rmdir(aside).catch(() => undefined);
  } else if (taken?.kind === 'link' || taken?.isOurs === true) {
    await fs.unlink(aside).catch(() => undefined);
  }
}

function describe({ process: holder, since, modifiedMs }: SeenLock): string {
  const when = since ?? new Date(modifiedMs).toISOString();
  return holder
    ? `by process ${holder.pid} on ${holder.host} since ${when}`
    : `by a process that it does not name, since ${when}`;
}
