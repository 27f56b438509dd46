/**
 * Names of folders that are there whole or not at all (`ProjectFolder.createWholeFolder` makes them). Each holds a
 * record that is written last, so that a folder without it is none.
 */
import * as fs from 'node:fs/promises';
import * as path from 'node:path';
import { isErrnoException } from './errnoException';
import { exists } from './files';

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
