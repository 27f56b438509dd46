/** The features that are in the cache already, and no others: nothing is decoded, nothing is computed. */
import { OverreadError } from '../base/errors';
import { ContentHashes, sameStamp, stampFile, stampFiles } from '../images/contentHashes';
import { hashImageFile } from '../images/readFile';
import { featureKey, type FeatureIdentity } from './cacheKey';
import type { ExtractRequest } from './model';
import { FeatureRows, MemoryRows } from './rows';
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

/** Files that are read at once to tell their content. */
const atOnce = 8;

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
  const next = unknown.values();
  const work = async (): Promise<void> => {
    for (const i of next) {
      const hash = await hashOf(memo, images[i]?.file ?? '');
      if (hash !== undefined) rows.want(i, hash);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, work));
  await memo.flush();
  await new FeatureStore(folder, featureKey(weights), mac).load(({ hash, features }) =>
    rows.arrive(hash, features),
  );
  return { dim: rows.dim, features: table.table(), present: rows.present };
}

/** The hash of a file's content; undefined for one that cannot be read. */
async function hashOf(memo: ContentHashes, file: string): Promise<string | undefined> {
  try {
    const before = await stampFile(file);
    const hash = await hashImageFile(file);
    if (before && sameStamp(before, await stampFile(file))) memo.record(file, before, hash);
    return hash;
  } catch (error) {
    if (error instanceof OverreadError) return undefined;
    throw error;
  }
}
