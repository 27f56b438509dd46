import { copyFile, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { featureKey } from '../../../src/core/features/cacheKey';
import { BatchQueue } from '../../../src/core/features/batches';
import { CacheMac } from '../../../src/core/base/cacheMac';
import { ProjectFolder } from '../../../src/core/base/projectFolder';
import { blockBytes, decodeRecord, encodeBlock, originOf } from '../../../src/core/features/record';
import { FeatureStore, type RecordPlace } from '../../../src/core/features/store';
import { tinyWeights } from './tinyBackbone';

let root: string;
let keys: string;
let mac: CacheMac;
const key = featureKey(tinyWeights);
const hashOf = (i: number) => i.toString(16).padStart(64, '0');
const recordOf = (i: number) => ({ hash: hashOf(i), features: Float32Array.of(i, -i, i / 3) });

beforeEach(async () => {
  root = await mkdtemp(path.join(tmpdir(), 'overread-store-'));
  keys = await mkdtemp(path.join(tmpdir(), 'overread-keys-'));
  mac = await CacheMac.open(keys);
});

afterEach(async () => {
  await rm(root, { recursive: true, force: true });
  await rm(keys, { recursive: true, force: true });
});

async function openStore(signer = mac): Promise<FeatureStore> {
  return new FeatureStore(await ProjectFolder.open(root), key, signer);
}

async function everything(): Promise<Map<string, number[]>> {
  const found = new Map<string, number[]>();
  await (await openStore()).load(({ hash, features }) => found.set(hash, [...features]));
  return found;
}

async function shards(): Promise<string[]> {
  const folder = path.join(root, '.overread', 'features', key.folder);
  const names = (await readdir(folder)).filter((name) => name.endsWith('.shard'));
  return names.sort().map((name) => path.join(folder, name));
}

describe('FeatureStore', () => {
  it('is empty, and writes nothing, until something is appended', async () => {
    const store = await openStore();
    expect(await everything()).toEqual(new Map());
    await store.append([]);
    await store.close();
    expect(await readdir(root)).toEqual([]);
  });

  it('gives back what was appended, by visit and by place', async () => {
    const store = await openStore();
    await Promise.all([store.append([recordOf(1), recordOf(2)]), store.append([recordOf(3)])]);
    await store.close();
    expect(await shards()).toHaveLength(1);
    const found = new Map<string, number>();
    await store.load(({ hash, features }) => found.set(hash, features[0]!));
    expect([...found.values()]).toEqual([1, 2, 3]);
    const places = new Map<string, RecordPlace>();
    await store.load(({ hash }, place) => places.set(hash, place));
    const place = places.get(hashOf(2))!;
    expect(await store.read(place)).toEqual(recordOf(2).features);
    await rm(path.join(root, '.overread'), { recursive: true });
    expect(await store.read(place)).toBeUndefined();
  });

  it('reads every whole block of a shard that was cut at any byte', async () => {
    const store = await openStore();
    for (const i of [1, 2, 3]) await store.append([recordOf(i)]);
    await store.close();
    const [shard] = await shards();
    const bytes = await readFile(shard!);
    for (let length = 0; length <= bytes.length; length++) {
      await writeFile(shard!, bytes.subarray(0, length));
      expect((await everything()).size).toBe(Math.max(0, Math.floor((length - 16) / blockBytes(1, 3))));
    }
  });

  it('leaves out a block of which any byte is wrong, and reads the others', async () => {
    const store = await openStore();
    for (const i of [1, 2, 3]) await store.append([recordOf(i)]);
    await store.close();
    const [shard] = await shards();
    const bytes = await readFile(shard!);
    // The number of records comes first: with another one the rest of the shard is no block either.
    for (let i = 4; i < blockBytes(1, 3); i++) {
      // The CRC is asked only of what the MAC does not vouch for.
      if (i >= 48 && i < 52) continue;
      const damaged = Buffer.from(bytes);
      damaged[16 + blockBytes(1, 3) + i]! ^= 0x10;
      await writeFile(shard!, damaged);
      expect([...(await everything()).keys()]).toEqual([hashOf(1), hashOf(3)]);
    }
    for (let i = 0; i < 4; i++) {
      const damaged = Buffer.from(bytes);
      damaged[16 + blockBytes(1, 3) + i]! ^= 0x10;
      await writeFile(shard!, damaged);
      expect([...(await everything()).keys()]).toEqual([hashOf(1)]);
    }
  });

  it('reads blocks larger than what it reads at once', async () => {
    const store = await openStore();
    const wide = (i: number) => ({ hash: hashOf(i), features: new Float32Array(1280).fill(i) });
    await store.append(Array.from({ length: 4500 }, (_, i) => wide(i)));
    await store.append([wide(5000)]);
    await store.close();
    const found = await everything();
    expect(found.size).toBe(4501);
    expect(found.get(hashOf(4499))?.[1279]).toBe(4499);
  });

  it('does not take the features of another user, or under another key, for its own', async () => {
    const theirs = await CacheMac.open(path.join(keys, 'theirs'));
    const store = await openStore(theirs);
    await store.append([recordOf(1), recordOf(2)]);
    await store.close();
    const seen: string[] = [];
    await (
      await openStore()
    ).load(
      ({ hash }) => seen.push(`own ${hash}`),
      ({ hash }) => seen.push(`foreign ${hash}`),
    );
    expect(seen).toEqual([`foreign ${hashOf(1)}`, `foreign ${hashOf(2)}`]);

    // A block that was signed for another network, copied over.
    const other = featureKey({ ...tinyWeights, sha256: 'c'.repeat(64) });
    const own = new FeatureStore(await ProjectFolder.open(root), other, mac);
    await own.append([recordOf(7)]);
    await own.close();
    const features = path.join(root, '.overread', 'features');
    const [name] = (await readdir(path.join(features, other.folder))).filter((one) => one.endsWith('.shard'));
    await copyFile(path.join(features, other.folder, name!), path.join(features, key.folder, name!));
    expect(await everything()).toEqual(new Map());
  });

  it('says in words what the features depend on', async () => {
    const store = await openStore();
    await store.append([recordOf(1)]);
    await store.close();
    const file = path.join(root, '.overread', 'features', key.folder, 'key.json');
    const content = JSON.parse(await readFile(file, 'utf8')) as Record<string, unknown>;
    expect(content).toMatchObject({
      architecture: 'tiny_grid',
      features: 3,
      weights: { name: 'tiny_grid.test' },
    });
    expect(content['decoder']).toMatch(/sharp .* libvips/);
  });

  it('says where it could not write', async () => {
    await writeFile(path.join(root, '.overread'), 'a file where the folder should be');
    await expect((await openStore()).append([recordOf(1)])).rejects.toMatchObject({ code: 'OVR005' });
  });
});

describe('a block', () => {
  it('survives the way there and back, and tells its own', () => {
    const record = { hash: hashOf(9), features: Float32Array.of(1.5, -2.25) };
    const seal = { mac, key: 'k', dim: 2 };
    const bytes = encodeBlock([record], seal);
    expect(bytes).toHaveLength(4 + 40 + 36);
    const aligned = Buffer.from(new ArrayBuffer(bytes.length));
    aligned.set(bytes);
    expect(originOf(aligned, seal)).toBe('own');
    expect(originOf(aligned, { ...seal, key: 'other' })).toBe('foreign');
    expect(decodeRecord(aligned, 0, 2)).toEqual(record);
    aligned[10]! ^= 1;
    expect(originOf(aligned, seal)).toBe('damaged');
  });
});

describe('featureKey', () => {
  it('changes with whatever changes a number, and not with a name', () => {
    const { preprocessing } = tinyWeights;
    const variants = [
      { ...tinyWeights, sha256: 'c'.repeat(64) },
      { ...tinyWeights, architecture: 'other' },
      { ...tinyWeights, preprocessing: { ...preprocessing, size: 64 } },
      { ...tinyWeights, preprocessing: { ...preprocessing, cropPct: 0.9 } },
      { ...tinyWeights, preprocessing: { ...preprocessing, interpolation: 'bicubic' as const } },
      { ...tinyWeights, preprocessing: { ...preprocessing, crop: 'whole' as const } },
      { ...tinyWeights, preprocessing: { ...preprocessing, dicom: 'full-range' as const } },
      { ...tinyWeights, preprocessing: { ...preprocessing, mean: [0, 0, 0.1] as const } },
      { ...tinyWeights, preprocessing: { ...preprocessing, std: [1, 1, 1.1] as const } },
      { ...tinyWeights, precision: 'fp16' as const },
    ].map((weights) => featureKey(weights).folder);
    expect(new Set([key.folder, ...variants]).size).toBe(11);
    const renamed = { ...tinyWeights, name: 'renamed', source: 'cache' } as const;
    expect(featureKey(renamed).folder).toBe(key.folder);
    // Caches from before there was a choice of precision are still found.
    expect(Object.keys(key.content)).not.toContain('precision');
  });
});

describe('BatchQueue', () => {
  it('holds at most its number of batches and passes on the last, unfilled one', async () => {
    const queue = new BatchQueue(2, 3, 2);
    const added: number[] = [];
    const adding = (async () => {
      for (let i = 0; i < 8; i++) {
        await queue.add(`${i}`, (slot) => slot.fill(i));
        added.push(i);
      }
      queue.end();
    })();
    const first = await queue.take();
    await new Promise((resolve) => setImmediate(resolve));
    // Two batches of three exist; the seventh image waits.
    expect(added).toEqual([0, 1, 2, 3, 4, 5]);
    expect(first).toEqual({ data: Uint8Array.of(0, 0, 1, 1, 2, 2), hashes: ['0', '1', '2'] });
    queue.release(first!.data);
    expect((await queue.take())?.hashes).toEqual(['3', '4', '5']);
    expect((await queue.take())?.hashes).toEqual(['6', '7']);
    expect(await queue.take()).toBeUndefined();
    await adding;
  });

  it('passes on smaller batches where it is told to', async () => {
    const images = 12;
    const queue = new BatchQueue(1, 4, 20, (added) => Math.ceil((images - added) / 4) || 1);
    for (let i = 0; i < images; i++) await queue.add(`${i}`, () => undefined);
    queue.end();
    const sizes: number[] = [];
    for (let batch = await queue.take(); batch; batch = await queue.take()) sizes.push(batch.hashes.length);
    expect(sizes).toEqual([3, 2, 2, 1, 1, 1, 1, 1]);
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBe(images);
  });

  it('lets whoever waits go when it ends', async () => {
    const queue = new BatchQueue(1, 1, 1);
    expect(await queue.add('a', () => undefined)).toBe(true);
    const second = queue.add('b', () => undefined);
    queue.end();
    expect(await second).toBe(false);
  });
});
