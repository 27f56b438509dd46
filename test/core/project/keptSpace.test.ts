/** Components that are kept beside the features that they were made of, over a cache in real files. */
import * as fs from 'node:fs/promises';
import * as os from 'node:os';
import * as path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CacheMac } from '../../../src/core/base/cacheMac';
import { sha256 } from '../../../src/core/base/files';
import { ProjectFolder, type FolderPolicy } from '../../../src/core/base/projectFolder';
import { SplitMix32 } from '../../../src/core/base/random';
import { loadConfig } from '../../../src/core/config/config';
import { featureKey, type FeatureIdentity } from '../../../src/core/features/cacheKey';
import { FeatureStore } from '../../../src/core/features/store';
import { CachedProject } from '../../../src/core/project/cachedFeatures';
import { readProjectTable } from '../../../src/core/project/project';
import { resolveWeights } from '../../../src/core/weights/resolve';
import { cachedProject } from '../../support/cachedProject';

const images = 40;
const dim = 12;
const values = new SplitMix32(9);
const made = Float32Array.from({ length: images * dim }, () => values.normal());
/** Of an image whose features are no numbers. */
const broken = 7;

let folder: string;
let root: string;
let env: Record<string, string>;
let weights: FeatureIdentity;

beforeAll(async () => {
  folder = await fs.mkdtemp(path.join(os.tmpdir(), 'overread-kept-'));
  root = path.join(folder, 'project');
  env = await cachedProject(root, path.join(folder, 'user'), images, dim, {
    feature: (i, k) => (i === broken && k === 3 ? NaN : (made[i * dim + k] ?? NaN)),
  });
  const names = { architecture: 'tf_efficientnet_lite0', weights: 'random:1' };
  const resolved = await resolveWeights({ ...names, cacheDir: env['OVERREAD_CACHE']!, env });
  weights = resolved.identity;
});
afterAll(() => fs.rm(folder, { recursive: true, force: true }));

const place = (): string => path.join(root, '.overread/features', featureKey(weights).folder);
const file = (): string => path.join(place(), 'components.bin');
const isKept = (): Promise<boolean> =>
  fs.access(file()).then(
    () => true,
    () => false,
  );

async function open(policy: FolderPolicy = {}, environment = env): Promise<CachedProject> {
  const config = await loadConfig(root);
  const opened = await ProjectFolder.open(root, policy);
  const { dataset } = await readProjectTable(opened, config);
  const places = { cacheDir: environment['OVERREAD_CACHE']!, env: environment };
  return CachedProject.open({ root, folder: opened, config, dataset }, weights, places);
}

async function space(policy: FolderPolicy = {}, environment = env) {
  const found = await (await open(policy, environment)).space();
  if (!found) throw new Error('There are no components');
  return found;
}

/** What is in a file, changed so that its length stays. */
async function damage(name: string, at: number): Promise<Buffer> {
  const before = await fs.readFile(name);
  const bytes = Buffer.from(before);
  bytes[at]! ^= 1;
  await fs.writeFile(name, bytes);
  return before;
}

describe('components that are kept', () => {
  it('are made of features that are numbers, and are the same when they are read', async () => {
    await fs.rm(file(), { force: true });
    const first = await space();
    expect(first.components.dim).toBe(Math.floor((images - 1) / 6));
    expect(first.components.present[broken]).toBe(0);
    expect(await isKept()).toBe(true);
    const read = await space();
    const { components, deviations, mean, axes } = first;
    expect(read).toMatchObject({ components, deviations, mean, axes });
    const row = made.subarray(0, dim);
    expect(read.project(row)).toEqual(first.project(row));
    // The way there leads where the image is.
    first.project(row).forEach((value, k) => expect(value).toBeCloseTo(components.rows[k]!, 4));
    expect((await fs.readdir(place())).filter((name) => name.endsWith('.tmp'))).toEqual([]);
  });

  it('are read without the features, which may be damaged since', async () => {
    const first = await space();
    const [shard] = (await fs.readdir(place())).filter((name) => name.endsWith('.shard'));
    const before = await damage(path.join(place(), shard!), 500);
    try {
      expect((await space()).components).toEqual(first.components);
    } finally {
      await fs.writeFile(path.join(place(), shard!), before);
    }
  });

  it.each([
    ['in the key', 3],
    ['in the signature', 40],
    ['in the header', 80],
    ['in the rows', -9],
  ])('and damaged %s are made anew', async (_, at) => {
    const first = await space();
    const { length } = await fs.readFile(file());
    await damage(file(), (at + length) % length);
    expect((await space()).components).toEqual(first.components);
    // And kept again: the next one reads them.
    expect((await fs.readFile(file())).length).toBe(length);
    await damage(file(), 1);
    const torn = (await fs.readFile(file())).subarray(0, length >> 1);
    await fs.writeFile(file(), torn);
    expect((await space()).components).toEqual(first.components);
  });

  it('are others for another order of the table, and for features that came since', async () => {
    const first = await space();
    const table = path.join(root, 'samples.csv');
    const text = await fs.readFile(table, 'utf8');
    const [head, ...lines] = text.trimEnd().split('\n');
    await fs.writeFile(table, `${[head, ...lines.reverse()].join('\n')}\n`);
    const turned = await space();
    const k = first.components.dim;
    const last = turned.components.rows.subarray((images - 1) * k);
    first.components.rows.subarray(0, k).forEach((value, c) => expect(last[c]).toBeCloseTo(value, 3));
    await fs.writeFile(table, text);
    const before = await fs.readFile(file());
    const store = new FeatureStore(
      await ProjectFolder.open(root),
      featureKey(weights),
      await CacheMac.open(env['OVERREAD_CONFIG']!),
    );
    await store.append([{ hash: sha256('of no image'), features: made.slice(0, dim) }]);
    await store.close();
    expect((await space()).components).toEqual(first.components);
    expect((await fs.readFile(file())).equals(before)).toBe(false);
  });

  it('are neither written without trust nor believed of another user', async () => {
    const first = await space();
    await fs.rm(file());
    expect((await space({ readOnly: true })).components).toEqual(first.components);
    expect(await isKept()).toBe(false);
    await space();
    expect((await space({ readOnly: true })).components).toEqual(first.components);
    const other = { ...env, OVERREAD_CONFIG: path.join(folder, 'another') };
    // All of the features are another's, too.
    expect(await (await open({}, other)).space()).toBeNull();
  });

  it('may be made by several at once', async () => {
    const first = await space();
    await fs.rm(file());
    const opened = await Promise.all(Array.from({ length: 4 }, () => open()));
    const found = await Promise.all(opened.map((one) => one.space()));
    for (const one of found) expect(one?.components).toEqual(first.components);
    expect((await space()).components).toEqual(first.components);
    expect((await fs.readdir(place())).filter((name) => !name.endsWith('.shard')).sort()).toEqual([
      'components.bin',
      'key.json',
    ]);
  });
});
