/** A run of contract 1 on the synthetic sample, as the version that first wrote that contract left it. */
import * as fs from 'node:fs/promises';
import * as path from 'node:path';
import { readySample } from './readyProjects';

/** Its folder. `overread sample DIR --images 30`, `overread finetune DIR --weights random:1 --name golden`. */
export const goldenRun = path.resolve('test', 'golden', 'values', 'runs', 'contract1');

/** Makes the project that the golden run is of, with copies of the run under these names. */
export async function goldenProject(root: string, names: readonly string[]): Promise<void> {
  await readySample(root);
  for (const name of names) await copyGoldenRun(root, name);
}

/** A copy of the golden run; gives its folder. */
export async function copyGoldenRun(root: string, name: string): Promise<string> {
  const dir = path.join(root, 'runs', name);
  await fs.cp(goldenRun, dir, { recursive: true });
  return dir;
}

/** One of two findings, with a threshold for each; made of the same images by the last version before contract 2. */
export const goldenFindingsRun = path.resolve('test', 'golden', 'values', 'runs', 'contract1-findings');
