/**
 * Projects that a layer of tests makes once, when the first test asks, and that its tests copy: to draw and to fine-tune
 * a sample takes seconds, a copy none. What caches and keys they come with is the layer's too, not the developer's.
 */
import * as fs from 'node:fs/promises';
import * as os from 'node:os';
import * as path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { RunResult } from '../../src/core/runs/model';
import { quickModel } from './cli';
import { withKeptFeatures, writeTestKey } from './keptFeatures';
import { keptSample } from './keptSamples';

const variable = 'OVERREAD_TEST_PROJECTS';

/** How many images a sample has; the golden run is of these. */
export const readyImages = 30;

/** Vitest's global set-up: the folder of the projects, and the caches of the layer. */
export async function setup(): Promise<void> {
  const folder = await makeReadyFolder();
  process.env['OVERREAD_CACHE'] = path.join(folder, 'cache');
  process.env['OVERREAD_CONFIG'] = path.join(folder, 'config');
  await writeTestKey(path.join(folder, 'config'));
}

/** The folder alone, for a layer that uses the caches of the machine: real weights are not fetched for every run. */
export async function makeReadyFolder(): Promise<string> {
  const folder = await fs.realpath(await fs.mkdtemp(path.join(os.tmpdir(), 'overread-ready-')));
  process.env[variable] = folder;
  return folder;
}

/** Vitest calls it after the last test. */
export async function teardown(): Promise<void> {
  await fs.rm(readyFolder(), { recursive: true, force: true });
}

/** Where projects are that are gone with the layer. Throws where the layer has none. */
export function readyFolder(): string {
  const folder = process.env[variable];
  if (folder === undefined) throw new Error('The configuration of this layer names no set-up of projects.');
  return folder;
}

/** A sample as `overread sample DIR --images N` makes it, in a new folder. @param size of its images, pixels */
export async function readySample(root: string, images = readyImages, size?: number): Promise<void> {
  await copyProject(await keptSample(images, size), root);
}

/** The same before its first run, with the features of `quickModel` in the cache: its fine-tune reads no pixel. */
export async function readyFeatures(root: string, images = readyImages): Promise<void> {
  await copyProject(await finetuned(images), root, ['runs', 'splits']);
}

/**
 * The same after one fine-tune of `quickModel`, named "first", whose features are in the cache.
 * @returns what the fine-tune told
 */
export async function readyFinetuned(root: string, images = readyImages): Promise<RunResult> {
  const from = await finetuned(images);
  await copyProject(from, root);
  const result = JSON.parse(await fs.readFile(`${from}.json`, 'utf8')) as RunResult;
  return { ...result, dir: path.join(root, 'runs', path.basename(result.dir)) };
}

/** A copy of a project that a test makes itself, once for all that ask for the same name. */
export async function readyProject(
  name: string,
  root: string,
  make: (project: string) => Promise<void>,
): Promise<void> {
  await copyProject(await once(name, make), root);
}

function finetuned(images: number): Promise<string> {
  return once(`finetuned-${images}`, async (project) => {
    await copyProject(await keptSample(images), project);
    const { commandJson } = await import('./inProcess');
    const result = await withKeptFeatures(project, `quick-${images}`, () =>
      commandJson(['finetune', project, ...quickModel, '--name', 'first']),
    );
    await fs.writeFile(`${project}.json`, JSON.stringify(result));
  });
}

/** Makes a project unless a test has, in this process or another; the others wait. */
async function once(name: string, make: (project: string) => Promise<void>): Promise<string> {
  const project = path.join(readyFolder(), name);
  const [lock, whole] = [`${project}.lock`, `${project}.whole`];
  while (!(await exists(whole))) {
    if (!(await isFirst(lock))) {
      await sleep(50);
      continue;
    }
    try {
      if (!(await exists(whole))) {
        await make(project);
        await fs.writeFile(whole, '');
      }
    } finally {
      await fs.rmdir(lock);
    }
  }
  return project;
}

/** A folder is made by one of all who try. */
async function isFirst(lock: string): Promise<boolean> {
  try {
    await fs.mkdir(lock);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

function exists(file: string): Promise<boolean> {
  return fs.access(file).then(
    () => true,
    () => false,
  );
}

/** The times of files are kept: what is remembered of an image's content goes by them. */
export async function copyProject(from: string, to: string, without: readonly string[] = []): Promise<void> {
  await fs.mkdir(path.dirname(to), { recursive: true });
  await fs.cp(from, to, {
    recursive: true,
    preserveTimestamps: true,
    filter: (file) => !without.includes(path.relative(from, file)),
  });
}
