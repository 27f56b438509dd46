/**
 * Takes over features that another user computed, when this one says so: some of the images are computed here and
 * compared; where all agree, the others are signed too. It is a spot check: whoever adopts trusts the origin.
 */
import { randomInt } from 'node:crypto';
import { OverreadError, throwIfCancelled } from '../base/errors';
import { present } from '../base/present';
import { ContentHashes } from '../images/contentHashes';
import { rememberedHash } from '../images/rememberedHash';
import { featureKey } from './cacheKey';
import { extractFeatures } from './extract';
import type { ExtractRequest, FeatureTable, ImageFile } from './model';
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
  const { folder, mac, weights, signal } = request;
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

  const { chosen, computed } = await spotCheck(request, wanted, [...foreign.values()], imagesToCheck);
  for (const { hash } of chosen) foreign.delete(hash);
  const taken = [...foreign.values()].filter(({ features }) => features.length === computed.dim);
  await store.append(taken);
  await store.close();
  return { adopted: taken.length, checked: computed.computed };
}

/**
 * Computes some of the images here and compares.
 * @param wanted images by their content
 * @returns those records, and what was computed of them
 * @throws OVR601 one differs
 */
export async function spotCheck(
  request: ExtractRequest,
  wanted: ReadonlyMap<string, ImageFile>,
  records: readonly FeatureRecord[],
  count: number,
): Promise<{ readonly chosen: readonly FeatureRecord[]; readonly computed: FeatureTable }> {
  // The warning that these features are not used would be out of place.
  const { log: _log, ...quiet } = request;
  const chosen = choose(records, count);
  const images = chosen.map(({ hash }) => present(wanted.get(hash), 'the image'));
  const computed = await extractFeatures({ ...quiet, images });
  for (const [i, { features }] of chosen.entries()) {
    if (computed.present[i] !== 1) continue;
    const here = computed.features.subarray(i * computed.dim, (i + 1) * computed.dim);
    if (!agree(here, features)) throw refused(present(images[i], 'the image').id);
  }
  return { chosen, computed };
}

/** Which image has which content; images that cannot be read are left out. */
export async function imagesByHash({
  folder,
  cacheFolder,
  images,
  signal,
}: ExtractRequest): Promise<Map<string, ImageFile>> {
  const memo = await ContentHashes.open(folder.root, cacheFolder);
  const found = new Map<string, ImageFile>();
  for (const image of images) {
    throwIfCancelled(signal);
    const hash = await rememberedHash(memo, image.file);
    if (hash !== undefined) found.set(hash, image);
  }
  await memo.flush();
  return found;
}

/** `count` of them, by chance that nobody can foresee. */
function choose<T>(all: readonly T[], count: number): T[] {
  const rest = [...all];
  const chosen: T[] = [];
  while (chosen.length < count && rest.length > 0) chosen.push(...rest.splice(randomInt(rest.length), 1));
  return chosen;
}

function agree(a: Float32Array, b: Float32Array): boolean {
  if (a.length !== b.length) return false;
  let difference = 0;
  let size = 0;
  for (const [i, value] of a.entries()) {
    difference += (value - (b[i] ?? NaN)) ** 2;
    size += value ** 2;
  }
  // Not a number agrees with nothing.
  return Math.sqrt(difference) <= tolerance * Math.max(Math.sqrt(size), 1e-12);
}

function refused(id: string): OverreadError {
  return new OverreadError({
    code: 'OVR601',
    message: `The features differ from what this machine computes for ${id}; none is adopted`,
    fix: 'Delete them (.overread/features, or the folder that was named), and they are computed anew',
  });
}
