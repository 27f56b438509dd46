/** Features that several machines computed in parts: believed after a spot check of each part, or not at all. */
import * as fs from 'node:fs/promises';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { SplitMix32 } from '../../../src/core/base/random';
import { extractFeatures, type ExtractRequest } from '../../../src/core/features/extract';
import { mergeFeatures } from '../../../src/core/features/merge';
import { cachesIn } from '../../support/caches';
import { tinyBackbone, tinyWeights } from './tinyBackbone';

const count = 150;
let folder: string;
let images: { id: string; file: string }[];

beforeAll(async () => {
  folder = await fs.mkdtemp(path.join(tmpdir(), 'overread-merge-'));
  images = await Promise.all(
    Array.from({ length: count }, async (_, i) => {
      const random = new SplitMix32(i);
      const data = Uint8Array.from({ length: 1024 }, () => random.below(256));
      const file = path.join(folder, `${i}.png`);
      await sharp(data, { raw: { width: 32, height: 32, channels: 1 } })
        .png()
        .toFile(file);
      return { id: `s${i}`, file };
    }),
  );
});
afterAll(() => fs.rm(folder, { recursive: true, force: true }));

/** A machine with a user and a key of its own. @param scale of its network: 1 is the true one */
async function machine(name: string, own = images, scale = 1): Promise<ExtractRequest> {
  return {
    ...(await cachesIn(path.join(folder, name))),
    images: own,
    weights: tinyWeights,
    loadBackbone: (channels) => Promise.resolve(tinyBackbone(tinyWeights, scale, channels)),
    device: 'cpu',
  };
}

const part = (from: number, to: number) => images.slice(from, to);
const at = (name: string) => path.join(folder, name);

it('takes over the parts of other machines, computes sixty of each, and has all features', async () => {
  await extractFeatures(await machine('a', part(0, 75)));
  await extractFeatures(await machine('b', part(70, count)));
  const here = await machine('here');
  const merged = await mergeFeatures(here, [at('a'), path.join(at('b'), '.overread', 'features')]);
  expect(merged).toEqual({ adopted: count - 120, checked: 120 });
  const forbidden = () => Promise.reject(new Error('Nothing is to be computed'));
  const table = await extractFeatures({ ...here, loadBackbone: forbidden });
  expect(table).toMatchObject({ cached: count, computed: 0 });
  expect(table.features).toEqual((await extractFeatures(await machine('alone'))).features);
  // Once more there is nothing to take.
  expect(await mergeFeatures(here, [at('a'), at('b')])).toEqual({ adopted: 0, checked: 0 });
});

it('adopts nothing where one part differs, not even the parts that agreed', async () => {
  await extractFeatures(await machine('true', part(0, 75)));
  await extractFeatures(await machine('false', part(75, count), 1.5));
  const here = await machine('careful');
  await expect(mergeFeatures(here, [at('true'), at('false')])).rejects.toMatchObject({ code: 'OVR601' });
  // What was computed here to compare is this user's own.
  expect(await extractFeatures(here)).toMatchObject({ cached: 120, computed: 30 });
});

it('says which folder has none', async () => {
  const here = await machine('empty');
  await expect(mergeFeatures(here, [at('nowhere')])).rejects.toMatchObject({ code: 'OVR602' });
});

it('lets several processes fill one cache', async () => {
  const shared = await machine('shared');
  await Promise.all([part(0, 80), part(60, count)].map((images) => extractFeatures({ ...shared, images })));
  expect(await extractFeatures(shared)).toMatchObject({ cached: count, computed: 0 });
});
