/** Projects of real images beside the checkout, with features of the real Lite0 in the cache, for checks. */
import * as fs from 'node:fs/promises';
import * as path from 'node:path';
import type { Check } from '../../src/core/checks/model';
import { commandJson } from './inProcess';
import { withKeptFeatures } from './keptFeatures';

/**
 * What a check says of the project of a table, with features of all its images.
 * @param kept the name under which the features, and those of the copies that the check makes, are kept
 * @param cached a project whose features are taken over
 */
export async function checksOf(
  root: string,
  table: string,
  kept: string,
  cached?: string,
): Promise<readonly Check[]> {
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
  return withKeptFeatures(root, kept, async () => {
    await commandJson(['features', root, '--out', path.join(root, 'features.npy')]);
    return (await commandJson<{ readonly checks: readonly Check[] }>(['check', root], [0, 1])).checks;
  });
}
