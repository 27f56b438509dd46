/**
 * Folders that are there whole or not at all: filled under a temporary name and renamed when they are complete.
 * Each holds a record that is written last, so that a folder without it is none.
 */
import * as fs from 'node:fs/promises';
import * as path from 'node:path';
import { exists, isErrnoException, syncFolder } from './files';

const temporaryPrefix = '.writing-';

/** Milliseconds after which a folder that was left half-written by a killed process is removed. */
const abandonedAfterMs = 24 * 3600 * 1000;

/**
 * A name that is safe in a path: letters, digits, dot, dash and underscore; at most 60 characters.
 * @param otherwise what a name without any of these becomes
 */
export function folderSlug(name: string, otherwise: string): string {
  const slug = name
    .normalize('NFKD')
    .replaceAll(/[^A-Za-z0-9._-]+/g, '-')
    .replaceAll(/^[-.]+|[-.]+$/g, '')
    .slice(0, 60);
  return slug === '' ? otherwise : slug;
}

/** `2026-11-23T081500.123Z-slug`: sorts by time, and has no character that a file system refuses. */
export function timedName(time: Date, slug: string): string {
  return `${time.toISOString().replaceAll(':', '')}-${slug}`;
}

/**
 * Makes the folder `name` below `parent` through `write`, which fills a temporary folder. When `write` throws,
 * nothing is left.
 * @returns its absolute path
 */
export async function createWholeFolder(
  parent: string,
  name: string,
  write: (folder: string) => Promise<void>,
): Promise<string> {
  const temporary = path.join(parent, `${temporaryPrefix}${name}-${process.pid}`);
  const final = path.join(parent, name);
  await fs.mkdir(temporary, { recursive: true });
  try {
    await write(temporary);
    await syncFolder(temporary);
    await fs.rename(temporary, final);
  } catch (error) {
    await fs.rm(temporary, { recursive: true, force: true });
    throw error;
  }
  await syncFolder(parent);
  return final;
}

/** Names of the whole folders below `parent`, sorted. @param record the file that each must hold */
export async function listWholeFolders(parent: string, record: string): Promise<string[]> {
  const entries = await fs.readdir(parent, { withFileTypes: true }).catch((error: unknown) => {
    if (isErrnoException(error) && error.code === 'ENOENT') return [];
    throw error;
  });
  const names = entries
    .filter((entry) => entry.isDirectory() && !entry.name.startsWith('.'))
    .map((entry) => entry.name);
  const whole = await Promise.all(names.map((name) => exists(path.join(parent, name, record))));
  return names.filter((_, i) => whole[i] === true).sort();
}

/** Removes a folder, by rename first, so that a reader never sees a part of it. */
export async function removeWholeFolder(parent: string, name: string): Promise<void> {
  const doomed = path.join(parent, `${temporaryPrefix}${name}-${process.pid}`);
  await fs.rename(path.join(parent, name), doomed);
  await fs.rm(doomed, { recursive: true, force: true });
}

/** Removes temporary folders that a killed process left more than a day ago. @param now ms since 1970 */
export async function sweepAbandonedFolders(parent: string, now: number): Promise<void> {
  for (const name of await fs.readdir(parent).catch(() => [])) {
    if (!name.startsWith(temporaryPrefix)) continue;
    const folder = path.join(parent, name);
    const stat = await fs.stat(folder).catch(() => undefined);
    if (stat && now - stat.mtimeMs > abandonedAfterMs) await fs.rm(folder, { recursive: true, force: true });
  }
}
