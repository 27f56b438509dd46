/**
 * Samples that stay in the user's cache from one layer of tests, and one run of them, to the next: a sample of so many images is the
 * same as long as what draws it is. To draw 60 images takes more than most tests do.
 */
import { createHash, randomUUID } from 'node:crypto';
import * as fs from 'node:fs/promises';
import * as path from 'node:path';
import { cacheFolder } from '../../scripts/environment/cache.mjs';
import { programs } from '../../scripts/test/passedChecks.mjs';
import { keysWithImports } from '../../scripts/test/passedFiles.mjs';
import { makeSampleProject } from '../../src/core/sample/sampleProject';

const drawing = path.join('src', 'core', 'sample', 'sampleProject.ts');

/** What so many versions of the drawing drew is kept. */
const most = 3;

/** The folder of a sample as `overread sample DIR --images N` makes it, not to be written to. */
export async function keptSample(images: number): Promise<string> {
  const all = path.join(cacheFolder(), 'samples');
  const kept = path.join(all, drawnBy(), String(images));
  if (await isThere(kept)) return kept;
  await fs.mkdir(path.dirname(kept), { recursive: true });
  await forgetOld(all);
  const made = `${kept}.${randomUUID()}`;
  await makeSampleProject(made, { images });
  // Another layer may have been quicker: theirs is the same.
  await fs.rename(made, kept).catch(async (error: unknown) => {
    await fs.rm(made, { recursive: true, force: true });
    if (!(await isThere(kept))) throw error;
  });
  return kept;
}

/** Tells the sources and packages that draw from any others. */
function drawnBy(): string {
  const key = keysWithImports('.', [drawing], programs('.')).get(drawing) ?? '';
  return createHash('sha256').update(key).digest('hex').slice(0, 16);
}

async function forgetOld(all: string): Promise<void> {
  const ages = await Promise.all(
    (await fs.readdir(all)).map(async (name) => ({
      name,
      made: (await fs.stat(path.join(all, name))).mtimeMs,
    })),
  );
  for (const { name } of ages.sort((a, b) => b.made - a.made).slice(most))
    await fs.rm(path.join(all, name), { recursive: true, force: true });
}

function isThere(folder: string): Promise<boolean> {
  return fs.access(folder).then(
    () => true,
    () => false,
  );
}
