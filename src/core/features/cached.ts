/** The features that are in the cache already, and no others: nothing is decoded, nothing is computed. */
import { ContentHashes, stampFiles } from '../images/contentHashes';
import { featureKey, type FeatureIdentity } from './cacheKey';
import type { ExtractRequest } from './model';
import { FeatureRows, MemoryRows } from './rows';
import { readContents } from './readContents';
import { FeatureStore } from './store';

export interface CachedFeatures {
  /** 0 where nothing is there. */
  readonly dim: number;
  /** N × dim, row-major, in the order of the images; rows that are absent are zero. */
  readonly features: Float32Array;
  /** 1 where there are features. */
  readonly present: Uint8Array;
}

export type CachedRequest = Pick<ExtractRequest, 'folder' | 'cacheFolder' | 'mac' | 'images'> & {
  readonly weights: FeatureIdentity;
};

/** Reads them. Files of which nothing is remembered are read for their content's sake. @throws OVR003 */
export async function readCachedFeatures(request: CachedRequest): Promise<CachedFeatures> {
  const { folder, images, weights, mac } = request;
  const table = new MemoryRows(images.length);
  const rows = new FeatureRows(images.length, table);
  const memo = await ContentHashes.open(folder.root, request.cacheFolder);
  const stamps = await stampFiles(
    images.map(({ file }) => file),
    undefined,
  );
  const unknown: number[] = [];
  for (const [i, { file }] of images.entries()) {
    const stamp = stamps[i];
    const hash = stamp ? memo.known(file, stamp) : undefined;
    if (hash !== undefined) rows.want(i, hash);
    else if (stamp) unknown.push(i);
  }
  await readContents(memo, images, unknown, (i, hash) => rows.want(i, hash));
  await new FeatureStore(folder, featureKey(weights), mac).load(({ hash, features }) =>
    rows.arrive(hash, features),
  );
  return { dim: rows.dim, features: table.table(), present: rows.present };
}
