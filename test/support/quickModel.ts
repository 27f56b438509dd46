/** A sample whose overread.yaml names the network of `quickModel`, for commands that take it from there. */
import * as fs from 'node:fs/promises';
import * as path from 'node:path';

/** @param more lines that are added to overread.yaml */
export async function useQuickModel(root: string, more = ''): Promise<void> {
  const file = path.join(root, 'overread.yaml');
  const text = await fs.readFile(file, 'utf8');
  const quick = text
    .replace(/architecture: .*/, 'architecture: tf_efficientnet_lite0')
    .replace(/weights: auto.*/, 'weights: random:1')
    .replace(/device: auto.*/, 'device: cpu');
  await fs.writeFile(file, quick + more);
}
