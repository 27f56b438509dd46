/**
 * What tests make of the project's sources and of nothing else that changes, and what takes long to make: it stays in the user's
 * cache, from one layer and one run to the next, as long as those sources and the packages are the same.
 */
import { createHash, randomUUID } from 'node:crypto';
import * as fs from 'node:fs/promises';
import * as path from 'node:path';
import { cacheFolder } from '../../scripts/environment/cache.mjs';
import { programs } from '../../scripts/test/passedChecks.mjs';
import { keysWithImports } from '../../scripts/test/passedFiles.mjs';

/** What so many versions of the sources made is kept. */
const most = 3;

/** The sources stay as they are while a layer runs, and to read them takes longer than many a test. */
const versions = new Map<string, string>();

function versionOf(sources: readonly string[]): string {
  const names = sources.join('\n');
  const known = versions.get(names);
  if (known !== undefined) return known;
  const keys = [...keysWithImports('.', sources, programs('.')).values()];
  const version = createHash('sha256').update(keys.join('\n')).digest('hex').slice(0, 16);
  versions.set(names, version);
  return version;
}

/** Where something is kept, whether it is there or not. @param sources the files that make it, with all that they import */
export async function keptPlace(kind: string, sources: readonly string[], name: string): Promise<string> {
  const version = versionOf(sources);
  const all = path.join(cacheFolder(), kind);
  await fs.mkdir(path.join(all, version), { recursive: true });
  // Checkouts of several branches use their versions in turn: what goes is what was not asked for longest.
  const now = new Date();
  await fs.utimes(path.join(all, version), now, now);
  await forgetOld(all);
  return path.join(all, version, name);
}

/** Makes a folder in its place, whole or not at all. */
export async function keep(place: string, make: (folder: string) => Promise<void>): Promise<void> {
  const made = `${place}.${randomUUID()}`;
  await make(made);
  // Another layer may have been quicker: theirs is the same.
  await fs.rename(made, place).catch(async (error: unknown) => {
    await fs.rm(made, { recursive: true, force: true });
    if (!(await isThere(place))) throw error;
  });
}

export function isThere(place: string): Promise<boolean> {
  return fs.access(place).then(
    () => true,
    () => false,
  );
}

async function forgetOld(all: string): Promise<void> {
  const ages = await Promise.all(
    (await fs.readdir(all)).map(async (name) => ({
      name,
      asked: (await fs.stat(path.join(all, name))).mtimeMs,
    })),
  );
  for (const { name } of ages.sort((a, b) => b.asked - a.asked).slice(most))
    await fs.rm(path.join(all, name), { recursive: true, force: true });
}
