/**
 * Features of the real sets, which take half a minute of all cores, and of the drawn samples, which every layer fine-tunes: they are
 * computed once as long as what computes them is the same.
 * They are believed as any features in a project are: by their images' contents, and by the key of the tests.
 */
import { randomBytes } from 'node:crypto';
import * as fs from 'node:fs/promises';
import * as path from 'node:path';
import { cacheFolder } from '../../scripts/environment/cache.mjs';
import { isThere, keep, keptPlace } from './kept';

/** The programs and threads that have a part in features. */
const computing = [
  'src/core/features/extract.ts',
  'src/core/features/preparationWorker.ts',
  'src/core/inference/inferenceWorker.ts',
  'src/core/dicom/codecWorker.ts',
  'src/core/weights/resolve.ts',
  'src/core/checks/similar/augmented.ts',
];

/** Runs what computes features of a project, with those that were kept under this name in the project before. */
export async function withKeptFeatures<T>(
  project: string,
  name: string,
  compute: () => Promise<T>,
): Promise<T> {
  const place = await keptPlace('features', computing, name);
  const own = path.join(project, '.overread', 'features');
  const known = await isThere(place);
  if (known) await fs.cp(place, own, { recursive: true, preserveTimestamps: true });
  const computed = await compute();
  if (!known)
    await keep(place, (folder) => fs.cp(own, folder, { recursive: true, preserveTimestamps: true }));
  return computed;
}

/** The folder of the features that are kept under this name. @param compute makes a project that has them, where none are yet */
export async function keptFeatures(name: string, compute: () => Promise<string>): Promise<string> {
  const place = await keptPlace('features', computing, name);
  if (!(await isThere(place))) {
    const own = path.join(await compute(), '.overread', 'features');
    await keep(place, (folder) => fs.cp(own, folder, { recursive: true, preserveTimestamps: true }));
  }
  return place;
}

/** Gives a layer's configuration folder the key by which all tests of this user sign what they cache in projects. */
export async function writeTestKey(config: string): Promise<void> {
  const kept = path.join(cacheFolder(), 'test-key');
  await fs.mkdir(path.dirname(kept), { recursive: true });
  const made = `${kept}.${process.pid}`;
  await fs.writeFile(made, randomBytes(32), { mode: 0o600 });
  // Of several layers that begin at once the first one's stays.
  await fs.link(made, kept).catch(() => undefined);
  await fs.rm(made);
  await fs.mkdir(config, { recursive: true, mode: 0o700 });
  if (await isThere(kept)) await fs.copyFile(kept, path.join(config, 'cache-key'));
}
