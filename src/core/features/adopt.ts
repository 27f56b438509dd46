/**
 * Takes over features that another user computed, when this one says so: some of the images are computed here and
 * compared; where all agree, the others are signed too. It is a spot check: whoever adopts trusts the origin.
 */
import { randomInt } from 'node:crypto';
import { OverreadError, throwIfCancelled } from '../base/errors';
import { sha256 } from '../base/files';
import { ContentHashes, stampFiles } from '../images/contentHashes';
import { useImageFile } from '../images/readFile';
import { featureKey } from './cacheKey';
import { extractFeatures } from './extract';
import type { ExtractRequest } from './model';
import type { FeatureRecord } from './record';
import { FeatureStore } from './store';

export interface Adoption {
  /** Features that were taken over. */
  readonly adopted: number;
  /** Images that were computed here to compare; their features are this user's own. */
  readonly checked: number;
}

/** Images to compare: of features of which a tenth is wrong, 32 miss the fault 3 times in 100. */
const imagesToCheck = 32;

/** Relative difference of two vectors (Euclidean) that other hardware may make; another network makes about 1. */
const tolerance = 0.01;

/**
 * Adopts what is in `.overread/features` for these images.
 * @throws OVR601 when an image's features differ from what this machine computes: nothing is then adopted; what
 * `extractFeatures` throws
 */
export async function adoptFeatures(request: ExtractRequest): Promise<Adoption> {
  // The warning that these features are not used would be out of place.
  const { log: _log, ...quiet } = request;
  const { folder, images, mac, weights, signal } = request;
  const store = new FeatureStore(folder, featureKey(weights), mac);
  const wanted = await imagesByHash(request);
  const foreign = new Map<string, FeatureRecord>();
  const own = new Set<string>();
  await store.load(
    ({ hash }) => own.add(hash),
    ({ hash, features }) => {
      if (wanted.has(hash)) foreign.set(hash, { hash, features: features.slice() });
    },
  );
  for (const hash of own) foreign.delete(hash);
  throwIfCancelled(signal);

  const chosen = choose([...foreign.keys()], imagesToCheck);
  const computed = await extractFeatures({
    ...quiet,
    images: chosen.map((hash) => images[wanted.get(hash)!]!),
  });
  for (const [i, hash] of chosen.entries()) {
    if (computed.present[i] !== 1) continue;
    const here = computed.features.subarray(i * computed.dim, (i + 1) * computed.dim);
    if (!agree(here, foreign.get(hash)!.features)) throw refused(images[wanted.get(hash)!]!.id);
  }
  for (const hash of chosen) foreign.delete(hash);
  const taken = [...foreign.values()].filter(({ features }) => features.length === computed.dim);
  await store.append(taken);
  await store.close();
  return { adopted: taken.length, checked: computed.computed };
}

/** Which image has which content; images that cannot be read are left out. */
async function imagesByHash({
  folder,
  cacheFolder,
  images,
  signal,
}: ExtractRequest): Promise<Map<string, number>> {
  const memo = await ContentHashes.open(folder.root, cacheFolder);
  const stamps = await stampFiles(
    images.map(({ file }) => file),
    signal,
  );
  const found = new Map<string, number>();
  for (const [i, { file }] of images.entries()) {
    throwIfCancelled(signal);
    const stamp = stamps[i];
    if (!stamp) continue;
    const known = memo.known(file, stamp);
    const hash =
      known ?? (await useImageFile(file, (bytes) => Promise.resolve(sha256(bytes))).catch(() => undefined));
    if (hash === undefined) continue;
    if (known === undefined) memo.record(file, stamp, hash);
    found.set(hash, i);
  }
  await memo.flush();
  return found;
}

/** `count` of them, by chance that nobody can foresee. */
function choose(all: readonly string[], count: number): string[] {
  const rest = [...all];
  return Array.from(
    { length: Math.min(count, rest.length) },
    () => rest.splice(randomInt(rest.length), 1)[0]!,
  );
}

function agree(a: Float32Array, b: Float32Array): boolean {
  if (a.length !== b.length) return false;
  let difference = 0;
  let size = 0;
  for (let i = 0; i < a.length; i++) {
    difference += (a[i]! - b[i]!) ** 2;
    size += a[i]! ** 2;
  }
  // Not a number agrees with nothing.
  return Math.sqrt(difference) <= tolerance * Math.max(Math.sqrt(size), 1e-12);
}

function refused(id: string): OverreadError {
  return new OverreadError({
    code: 'OVR601',
    message: `The features in .overread/features differ from what this machine computes for ${id}; none is adopted`,
    fix: 'Delete .overread/features, and they are computed anew',
  });
}
