/** Projects of real images beside the checkout, with features of the real Lite0 in the cache, for checks. */
import * as fs from 'node:fs/promises';
import * as path from 'node:path';
import type { Check } from '../../src/core/checks/model';
import { commandJson } from './inProcess';
import { withKeptFeatures } from './keptFeatures';

/**
 * Makes the project of a table with features of all its images.
 * @param cached a project whose features are taken over, or `kept`: the name under which they are kept
 */
export async function withFeatures(
  root: string,
  table: string,
  { cached, kept }: { readonly cached?: string; readonly kept?: string },
): Promise<void> {
  await commandJson(['init', root, '--csv', table]);
  const settings = path.join(root, 'overread.yaml');
  const text = (await fs.readFile(settings, 'utf8'))
    .replace('architecture: densenet121', 'architecture: tf_efficientnet_lite0')
    .replace('weights: auto ', 'weights: in1k ')
    .replace('device: auto ', 'device: cpu ');
  await fs.writeFile(settings, text);
  if (cached !== undefined)
    await fs.cp(path.join(cached, '.overread', 'features'), path.join(root, '.overread', 'features'), {
      recursive: true,
    });
  const compute = () => commandJson(['features', root, '--out', path.join(root, 'features.npy')]);
  if (kept === undefined) await compute();
  else await withKeptFeatures(root, kept, compute);
}

export async function checksOf(root: string): Promise<readonly Check[]> {
  return (await commandJson<{ readonly checks: readonly Check[] }>(['check', root], [0, 1])).checks;
}
