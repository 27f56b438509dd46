/** The chest X-rays beside the checkout as a project, with features in the cache, for the layer of real data. */
import { existsSync } from 'node:fs';
import * as fs from 'node:fs/promises';
import * as os from 'node:os';
import * as path from 'node:path';
import { userCacheFolder } from '../../src/core/base/userCache';
import { resolveWeights } from '../../src/core/weights/resolve';
import { withKeptFeatures } from './keptFeatures';
import { readyProject } from './readyProjects';

const folder = path.resolve(import.meta.dirname, '../../../shared/data/cxr');

/** Why the X-rays cannot be tested on; null where they can. Weights come from the developer's own cache or the user's pip. */
export async function withoutXrays(): Promise<string | null> {
  if (!existsSync(path.join(folder, 'samples.csv'))) return 'no X-rays at ../shared/data/cxr';
  return resolveWeights({
    architecture: 'tf_efficientnet_lite0',
    weights: 'in1k',
    cacheDir: userCacheFolder(process.env),
    env: process.env,
  }).then(
    () => null,
    (error: unknown) => `the real Lite0 weights cannot be had (${String(error)})`,
  );
}

/** A fine-tuned project of its own; the first test that asks waits for features and fit. */
export async function xrayProject(): Promise<{
  readonly root: string;
  readonly remove: () => Promise<void>;
}> {
  const root = await fs.mkdtemp(path.join(os.tmpdir(), 'overread-xrays-'));
  await readyProject('xrays', path.join(root, 'project'), async (project) => {
    const { commandJson } = await import('./inProcess');
    await commandJson(['init', project, '--csv', path.join(folder, 'samples.csv')]);
    await withKeptFeatures(project, 'cxr', () =>
      commandJson(['finetune', project, '--architecture', 'tf_efficientnet_lite0', '--weights', 'in1k']),
    );
  });
  return { root: path.join(root, 'project'), remove: () => fs.rm(root, { recursive: true, force: true }) };
}
