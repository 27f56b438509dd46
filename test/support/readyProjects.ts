/**
 * Projects that a layer of tests makes once, in its global set-up, and that its tests copy: to make and to fine-tune a
 * sample takes seconds, a copy none. What caches and keys they come with is the layer's too, not the developer's.
 */
import * as fs from 'node:fs/promises';
import * as os from 'node:os';
import * as path from 'node:path';
import { quickModel, runJson } from './cli';

const variable = 'OVERREAD_TEST_PROJECTS';

/** How many images a sample has; the golden run is of these. */
export const readyImages = 30;

let folder: string;

/** Vitest's global set-up: makes the projects. */
export async function setup(): Promise<void> {
  folder = await fs.realpath(await fs.mkdtemp(path.join(os.tmpdir(), 'overread-ready-')));
  process.env['OVERREAD_CACHE'] = path.join(folder, 'cache');
  process.env['OVERREAD_CONFIG'] = path.join(folder, 'config');
  process.env[variable] = folder;
  const sample = path.join(folder, 'sample');
  await runJson(['sample', sample, '--images', String(readyImages)]);
  const finetuned = path.join(folder, 'finetuned');
  await copyProject(sample, finetuned);
  await runJson(['finetune', finetuned, ...quickModel, '--name', 'first']);
}

/** Vitest calls it after the last test. */
export async function teardown(): Promise<void> {
  await fs.rm(folder, { recursive: true, force: true });
}

function ready(name: string): string {
  const made = process.env[variable];
  if (made === undefined) throw new Error('The configuration of this layer names no set-up of projects.');
  return path.join(made, name);
}

/** A sample as `overread sample DIR --images 30` makes it, in a new folder. */
export function readySample(root: string): Promise<void> {
  return copyProject(ready('sample'), root);
}

/** The same after one fine-tune of `quickModel`, named "first", whose features are in the cache. */
export function readyFinetuned(root: string): Promise<void> {
  return copyProject(ready('finetuned'), root);
}

/** The times of files are kept: what is remembered of an image's content goes by them. */
async function copyProject(from: string, to: string): Promise<void> {
  await fs.mkdir(path.dirname(to), { recursive: true });
  await fs.cp(from, to, { recursive: true, preserveTimestamps: true });
}
