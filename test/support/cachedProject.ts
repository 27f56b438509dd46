/** A project whose features are all in the cache: commands on it read no pixel. */
import * as fs from 'node:fs/promises';
import * as path from 'node:path';
import { CacheMac } from '../../src/core/base/cacheMac';
import { sha256 } from '../../src/core/base/files';
import { ProjectFolder } from '../../src/core/base/projectFolder';
import { projectCacheFolder } from '../../src/core/base/userCache';
import { featureKey } from '../../src/core/features/cacheKey';
import { FeatureStore } from '../../src/core/features/store';
import { ContentHashes, stampFiles } from '../../src/core/images/contentHashes';
import { resolveWeights } from '../../src/core/weights/resolve';

/** Records of one append. */
const batch = 32;

/** What feature `k` of image `i` is. */
export const cachedFeature = (i: number, k: number): number => Math.fround(i + k / 8192);

interface Cached {
  /** What feature `k` of image `i` is. */
  readonly feature?: (i: number, k: number) => number;
  /** Whose image `i` is. */
  readonly patient?: (i: number) => number;
}

/**
 * Makes the project in `root`, with the caches of its user below `user`, for the weights `random:1` of lite0.
 * @returns the environment of commands on it
 */
export async function cachedProject(
  root: string,
  user: string,
  images: number,
  dim: number,
  { feature = cachedFeature, patient = (i: number): number => i }: Cached = {},
): Promise<Record<string, string>> {
  const env = { OVERREAD_CACHE: path.join(user, 'cache'), OVERREAD_CONFIG: path.join(user, 'config') };
  const names = Array.from({ length: images }, (_, i) => `${i}.png`);
  await fs.mkdir(root, { recursive: true });
  const rows = names.map((name, i) => `${name},p${patient(i)},${i % 2 === 0 ? 'a' : 'b'}\n`);
  await fs.writeFile(path.join(root, 'samples.csv'), `image,patient,label\n${rows.join('')}`);
  await fs.writeFile(
    path.join(root, 'overread.yaml'),
    `version: 1
name: cached
dataset: { table: samples.csv, images: ., path: image, group: patient }
labels: { task: multi-class, column: label, classes: [a, b] }
split: { train: 0.7, validation: 0.15, test: 0.15, seed: 0, folds: 2 }
model: { architecture: tf_efficientnet_lite0, weights: 'random:1', device: cpu }
`,
  );
  for (const name of names) await fs.writeFile(path.join(root, name), name);
  const folder = await ProjectFolder.open(root);
  const files = names.map((name) => path.join(folder.root, name));
  const hashes = await ContentHashes.open(folder.root, projectCacheFolder(env.OVERREAD_CACHE, folder.root));
  const later = BigInt(Date.now() + 60_000) * 1_000_000n;
  const stamps = await stampFiles(files);
  for (const [i, stamp] of stamps.entries()) hashes.record(files[i]!, stamp!, sha256(names[i]!), later);
  await hashes.flush();
  const weights = await resolveWeights({
    architecture: 'tf_efficientnet_lite0',
    weights: 'random:1',
    cacheDir: env.OVERREAD_CACHE,
    env,
  });
  const mac = await CacheMac.open(env.OVERREAD_CONFIG);
  const store = new FeatureStore(folder, featureKey(weights.identity), mac);
  for (let start = 0; start < images; start += batch) {
    const count = Math.min(batch, images - start);
    await store.append(
      Array.from({ length: count }, (_, at) => ({
        hash: sha256(names[start + at]!),
        features: new Float32Array(dim).map((_value, k) => feature(start + at, k)),
      })),
    );
  }
  await store.close();
  return env;
}
