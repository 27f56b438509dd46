/** The cached features of a project's samples, for what must not wait: live refits, and images that look alike. */
import { CacheMac } from '../base/cacheMac';
import type { ProjectFolder } from '../base/projectFolder';
import { projectCacheFolder, userConfigFolder } from '../base/userCache';
import { present } from '../base/present';
import type { ProjectConfig } from '../config/config';
import { resolveImages } from '../dataset/imagePath';
import type { Dataset } from '../dataset/model';
import { readCachedFeatures, type CachedFeatures } from '../features/cached';
import type { FeatureIdentity } from '../features/cacheKey';

export interface CachedPlace {
  readonly root: string;
  readonly folder: ProjectFolder;
  readonly config: ProjectConfig;
  readonly dataset: Dataset;
}

/**
 * Features of every sample in the order of the table, as far as they are in the cache.
 * @param weights what names them: a run's own record suffices
 */
export async function cachedFeatures(
  { root, folder, config, dataset }: CachedPlace,
  weights: FeatureIdentity,
  {
    cacheDir,
    env,
  }: { readonly cacheDir: string; readonly env: Readonly<Record<string, string | undefined>> },
): Promise<CachedFeatures> {
  const found = await resolveImages(root, config, dataset.samples, {});
  const samples: number[] = [];
  const images: { id: string; file: string }[] = [];
  for (const [i, result] of found.entries()) {
    if (!('file' in result)) continue;
    samples.push(i);
    images.push(result);
  }
  const read = await readCachedFeatures({
    folder,
    cacheFolder: projectCacheFolder(cacheDir, folder.root),
    mac: await CacheMac.open(userConfigFolder(env)),
    images,
    weights,
  });
  if (images.length === found.length) return read;
  const { dim } = read;
  const features = new Float32Array(found.length * dim);
  const isThere = new Uint8Array(found.length);
  for (const [from, to] of samples.entries()) {
    features.set(read.features.subarray(from * dim, (from + 1) * dim), to * dim);
    isThere[to] = present(read.present[from], 'the image');
  }
  return { dim, features, present: isThere };
}
