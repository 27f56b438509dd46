/**
 * Takes over features that other machines computed: folders of feature caches, shard by shard. Each shard was written by one
 * process, so some images of each are computed here and compared before any of it is believed.
 */
import * as fs from 'node:fs/promises';
import * as path from 'node:path';
import { OverreadError, throwIfCancelled } from '../base/errors';
import { imagesByHash, spotCheck, type Adoption } from './adopt';
import { featureKey, type FeatureKey } from './cacheKey';
import type { ExtractRequest } from './model';
import type { FeatureRecord } from './record';
import { readShard, shardNames } from './shards';
import { FeatureStore } from './store';

/** Images to compare of each shard: of a shard of which a twentieth is wrong, 60 miss the fault 5 times in 100. */
const imagesPerShard = 60;

/**
 * Adopts what these folders hold for these images: each a project, its `.overread/features`, or the folder of one key in there.
 * @throws OVR602 a folder has none for these weights; OVR601 an image's features differ from what this machine
 * computes: nothing is then adopted; what `extractFeatures` throws
 */
export async function mergeFeatures(request: ExtractRequest, folders: readonly string[]): Promise<Adoption> {
  const { folder, mac, weights, signal } = request;
  const key = featureKey(weights);
  const store = new FeatureStore(folder, key, mac);
  const wanted = await imagesByHash(request);
  await store.load(({ hash }) => wanted.delete(hash));
  const taken: FeatureRecord[][] = [];
  let checked = 0;
  for (const named of folders) {
    const place = await keyFolder(named, key);
    for (const shard of await shardNames(place)) {
      throwIfCancelled(signal);
      const records = new Map<string, FeatureRecord>();
      const take = ({ hash, features }: FeatureRecord): void => {
        if (wanted.has(hash)) records.set(hash, { hash, features: features.slice() });
      };
      const seal = (dim: number) => ({ mac, key: key.folder, dim });
      await readShard(place, shard, undefined, seal, { own: take, foreign: take });
      if (records.size === 0) continue;
      const { chosen, computed } = await spotCheck(request, wanted, [...records.values()], imagesPerShard);
      checked += computed.computed;
      for (const { hash } of chosen) {
        // Computed here: in this user's cache already.
        records.delete(hash);
        wanted.delete(hash);
      }
      for (const hash of records.keys()) wanted.delete(hash);
      taken.push([...records.values()].filter(({ features }) => features.length === computed.dim));
    }
  }
  // All shards agreed: only now is any of them believed.
  for (const records of taken) await store.append(records);
  await store.close();
  const adopted = taken.reduce((sum, records) => sum + records.length, 0);
  return { adopted, checked };
}

/** Where in a folder the features of this key lie. @throws OVR602 */
async function keyFolder(named: string, key: FeatureKey): Promise<string> {
  const places = [path.join(named, key.folder), path.join(named, '.overread', 'features', key.folder)];
  if (path.basename(named) === key.folder) places.unshift(named);
  for (const place of places) {
    const found = await fs.stat(place).catch(() => undefined);
    if (found?.isDirectory() === true) return place;
  }
  throw new OverreadError({
    code: 'OVR602',
    message: `${named} has no features of these weights`,
    expected: `a project, its .overread/features, or ${key.folder} in there`,
    fix: 'Compute them with the same version of Overread, the same weights and the same preprocessing',
  });
}
