/** The features that are in the cache already, and no others: nothing is decoded, nothing is computed. */
import { ContentHashes, stampFiles } from '../images/contentHashes';
import type { ExtractRequest, ImageFile } from './model';
import { FeatureRows, MemoryRows } from './rows';
import { readContents } from './readContents';
import type { FeatureStore } from './store';

export interface CachedFeatures {
  /** 0 where nothing is there. */
  readonly dim: number;
  /** N × dim, row-major, in the order of the images; rows that are absent are zero. */
  readonly features: Float32Array;
  /** 1 where there are features. */
  readonly present: Uint8Array;
}

/**
 * Content hash of each image as it is now; '' where there is none, or it cannot be read. Files of which nothing is remembered are
 * read for their content's sake.
 * @param images undefined: there is no image
 */
export async function contentsOf(
  images: readonly (ImageFile | undefined)[],
  { folder, cacheFolder }: Pick<ExtractRequest, 'folder' | 'cacheFolder'>,
): Promise<string[]> {
  const hashes = new Array<string>(images.length).fill('');
  const memo = await ContentHashes.open(folder.root, cacheFolder);
  const places = [...images.keys()].filter((i) => images[i] !== undefined);
  const files = places.map((i) => ({ file: images[i]?.file ?? '' }));
  const stamps = await stampFiles(files.map(({ file }) => file));
  const unknown: number[] = [];
  for (const [at, { file }] of files.entries()) {
    const stamp = stamps[at];
    const hash = stamp ? memo.known(file, stamp) : undefined;
    if (hash !== undefined) hashes[places[at] ?? 0] = hash;
    else if (stamp) unknown.push(at);
  }
  await readContents(memo, files, unknown, (at, hash) => (hashes[places[at] ?? 0] = hash));
  return hashes;
}

/** The features of these contents; '' has none. @throws OVR003 */
export async function loadFeatures(store: FeatureStore, hashes: readonly string[]): Promise<CachedFeatures> {
  const table = new MemoryRows(hashes.length);
  const rows = new FeatureRows(hashes.length, table);
  for (const [i, hash] of hashes.entries()) if (hash !== '') rows.want(i, hash);
  await store.load(({ hash, features }) => rows.arrive(hash, features));
  return { dim: rows.dim, features: table.table(), present: rows.present };
}
