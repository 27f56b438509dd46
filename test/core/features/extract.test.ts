import {
  appendFile,
  copyFile,
  mkdir,
  mkdtemp,
  readdir,
  rename,
  rm,
  utimes,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import sharp from 'sharp';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { cachesIn } from '../../support/caches';
import type { Progress } from '../../../src/core/base/report';
import { SplitMix32 } from '../../../src/core/base/random';
import { extractFeatures, type ExtractRequest } from '../../../src/core/features/extract';
import { writeDicom } from '../../support/dicomFile';
import { tinyBackbone, tinyWeights } from './tinyBackbone';

let root: string;
let caches: Awaited<ReturnType<typeof cachesIn>>;

beforeEach(async () => {
  root = await mkdtemp(path.join(tmpdir(), 'overread-features-'));
  caches = await cachesIn(root);
});

afterEach(async () => {
  await rm(root, { recursive: true, force: true });
});

/** A grey PNG of noise, 32 × 32, whose modification time lies well in the past. */
async function writeImage(name: string, seed: number): Promise<string> {
  const random = new SplitMix32(seed);
  const data = Uint8Array.from({ length: 1024 }, () => random.below(256));
  const file = path.join(root, name);
  await sharp(data, { raw: { width: 32, height: 32, channels: 1 } })
    .toColourspace('b-w')
    .png()
    .toFile(file);
  await makeOld(file);
  return file;
}

async function makeOld(file: string): Promise<void> {
  await utimes(file, 1_600_000_000.5, 1_600_000_000.5);
}

function request(files: readonly string[], more?: Partial<ExtractRequest>): ExtractRequest {
  return {
    ...caches,
    images: files.map((file, i) => ({ id: `s${i}`, file })),
    weights: tinyWeights,
    loadBackbone: () => Promise.resolve(tinyBackbone()),
    device: 'cpu',
    batch: 4,
    ...more,
  };
}

const forbidden = {
  loadBackbone: () => Promise.reject(new Error('The backbone must not be loaded')),
};

async function images(count: number): Promise<string[]> {
  return Promise.all(Array.from({ length: count }, (_, i) => writeImage(`${i}.png`, i)));
}

describe('extractFeatures', () => {
  it('sends grey images through the network for one channel, colour through the one for three', async () => {
    const golden = path.join(import.meta.dirname, '../../golden/values/images');
    const files = ['grey.png', 'colour.jpg', 'tall.png'].map((name) => path.join(golden, name));
    const built: number[] = [];
    const loadBackbone = (channels: 1 | 3) => {
      built.push(channels);
      return Promise.resolve(tinyBackbone(tinyWeights, 1, channels));
    };
    const mixed = await extractFeatures(request(files, { loadBackbone }));
    expect(built.sort()).toEqual([1, 3]);
    await rm(path.join(root, '.overread'), { recursive: true });
    const alike = await extractFeatures(request(files));
    expect(mixed.features).toEqual(alike.features);
    expect([...mixed.present]).toEqual([1, 1, 1]);
  });

  it('prepares images while the network opens', async () => {
    const files = await images(24);
    const broken = path.join(root, 'broken.png');
    await writeFile(broken, 'no image');
    // The network opens when the last image is known to be none: those before it are prepared then, more than are under way at once.
    let heard: () => void = () => undefined;
    const opens = new Promise<void>((resolve) => (heard = resolve));
    const loadBackbone = () => opens.then(() => tinyBackbone());
    const onProgress = () => heard();
    const table = await extractFeatures(request([...files, broken], { loadBackbone, onProgress }));
    expect(table).toMatchObject({ computed: 24, faults: [{ image: 24 }] });
    const again = await extractFeatures(request(files, forbidden));
    expect(again.features).toEqual(table.features.subarray(0, again.features.length));
  });

  it('says why the network does not open, however few images were prepared', async () => {
    const loadBackbone = () => Promise.reject(new Error('no such network'));
    for (const count of [1, 60]) {
      await expect(extractFeatures(request(await images(count), { loadBackbone }))).rejects.toThrow(
        'no such network',
      );
    }
  });

  it('computes every image once and reads it from the cache ever after', async () => {
    const files = await images(11);
    const seen: Progress[] = [];
    const first = await extractFeatures(request(files, { onProgress: (p) => seen.push(p) }));
    expect(first).toMatchObject({ dim: 48, cached: 0, computed: 11, faults: [] });
    expect(first.opened?.device).toBe('cpu');
    expect([...first.present]).toEqual(Array(11).fill(1));
    expect(seen.at(-1)).toEqual({ stage: 'features', done: 11, total: 11 });
    const { data } = await sharp(files[7]).raw().toColourspace('b-w').toBuffer({ resolveWithObject: true });
    let sum = 0;
    for (let y = 0; y < 8; y++) for (let x = 0; x < 8; x++) sum += data[y * 32 + x]! / 255;
    expect(first.features[7 * 48]).toBeCloseTo(sum / 64, 5);

    const second = await extractFeatures(request(files, forbidden));
    expect(second).toMatchObject({ cached: 11, computed: 0, opened: null, computeSeconds: null });
    expect(first.computeSeconds).toBeGreaterThan(0);
    expect(second.features).toEqual(first.features);
    expect(second.contentHashes).toEqual(first.contentHashes);
  });

  it('takes the grey of DICOM as model.dicom says, and keeps each frame apart', async () => {
    const size = 32;
    const frame = (value: number) => new Uint16Array(size * size).fill(value);
    const bytes = writeDicom({
      width: size,
      height: size,
      bitsAllocated: 16,
      bitsStored: 12,
      frames: 2,
      pixels: Buffer.concat([frame(1024), frame(2048)].map(({ buffer }) => Buffer.from(buffer))),
      more: [
        { tag: '00281050', vr: 'DS', value: '1024' },
        { tag: '00281051', vr: 'DS', value: '2000' },
      ],
    });
    const file = path.join(root, 'scan.dcm');
    await writeFile(file, bytes);
    await makeOld(file);
    const files = [`${file}#1`, `${file}#2`];
    // Each value of the tiny network is the mean grey of a cell, 0 to 1.
    const first = async (more?: Partial<ExtractRequest>) => {
      const { features, dim } = await extractFeatures(request(files, more));
      return [features[0] ?? NaN, features[dim] ?? NaN];
    };
    const windowed = await first();
    expect(windowed[0]).toBeCloseTo((1024 - 1023.5) / 1999 + 0.5, 2);
    expect(windowed[1]).toBe(1);
    const weights = {
      ...tinyWeights,
      preprocessing: { ...tinyWeights.preprocessing, dicom: 'full-range' as const },
    };
    const whole = await first({
      weights,
      loadBackbone: (channels) => Promise.resolve(tinyBackbone(weights, 1, channels)),
    });
    expect(whole[0]).toBeCloseTo(1024 / 4095, 2);
    expect(whole[1]).toBeCloseTo(2048 / 4095, 2);
  });

  it('skips what cannot be read, says so, and goes on', async () => {
    const files = await images(3);
    const text = path.join(root, 'text.png');
    await writeFile(text, 'no image');
    const missing = path.join(root, 'missing.png');
    const table = await extractFeatures(request([files[0]!, text, files[1]!, missing, files[2]!, text]));
    expect([...table.present]).toEqual([1, 0, 1, 0, 1, 0]);
    expect(table.features.subarray(48, 96).every((value) => value === 0)).toBe(true);
    const problems = table.faults.map(
      ({ problem: { code, place } }) => `${code} ${path.basename(place?.file ?? '')}`,
    );
    expect(problems.sort()).toEqual(['OVR300 missing.png', 'OVR301 text.png', 'OVR301 text.png']);
  });

  it('gives equal files one computation, and knows a file that moved or was touched', async () => {
    const [a, b] = await images(2);
    const twin = path.join(root, 'twin.png');
    await copyFile(a!, twin);
    const table = await extractFeatures(request([a!, b!, twin]));
    expect(table.features.subarray(96, 144)).toEqual(table.features.subarray(0, 48));

    const moved = path.join(root, 'moved.png');
    await rename(b!, moved);
    await utimes(a!, 1_500_000_000, 1_500_000_000);
    const again = await extractFeatures(request([a!, moved, twin], forbidden));
    expect(again).toMatchObject({ cached: 3, computed: 0, faults: [] });
    expect(again.features).toEqual(table.features);
  });

  it('computes anew what changed: the content of a file, the weights, the preprocessing', async () => {
    const files = await images(2);
    const before = await extractFeatures(request(files));
    await rename(await writeImage('other.png', 99), files[0]!);
    const after = await extractFeatures(request(files));
    expect(after).toMatchObject({ cached: 1, computed: 1 });
    expect(after.features.subarray(0, 48)).not.toEqual(before.features.subarray(0, 48));
    const weights = { ...tinyWeights, sha256: 'b'.repeat(64) };
    expect(await extractFeatures(request(files, { weights }))).toMatchObject({ cached: 0, computed: 2 });
    const preprocessing = { ...tinyWeights.preprocessing, crop: 'whole' as const };
    const whole = await extractFeatures(request(files, { weights: { ...tinyWeights, preprocessing } }));
    expect(whole).toMatchObject({ cached: 0, computed: 2 });
  });

  it('uses what whole records a killed writer left, and computes the rest', async () => {
    const files = await images(9);
    const whole = await extractFeatures(request(files));
    const features = path.join(root, '.overread', 'features');
    const folder = path.join(features, (await readdir(features))[0]!);
    const shard = path.join(
      folder,
      (await readdir(folder)).find((name) => name.endsWith('.shard'))!,
    );
    // Blocks of four records of 48 features.
    const size = 4 + 4 * (32 + 4 * 48) + 36;
    const { truncate } = await import('node:fs/promises');
    await truncate(shard, 16 + size + 777);
    await mkdir(caches.cacheFolder, { recursive: true });
    await appendFile(path.join(caches.cacheFolder, 'content-hashes.jsonl'), '["torn.png",12,"1');
    const table = await extractFeatures(request(files));
    expect(table).toMatchObject({ cached: 4, computed: 5 });
    expect(table.features).toEqual(whole.features);

    await writeFile(path.join(folder, '0-zeros.shard'), new Uint8Array(16 + 3 * size));
    expect(await extractFeatures(request(files, forbidden))).toMatchObject({ cached: 9 });
  });

  it('stops when cancelled and keeps what was done', async () => {
    const files = await images(40);
    const abort = new AbortController();
    const onProgress = ({ done }: Progress) => {
      if (done >= 8) abort.abort();
    };
    await expect(extractFeatures(request(files, { signal: abort.signal, onProgress }))).rejects.toMatchObject(
      { code: 'OVR002' },
    );
    const table = await extractFeatures(request(files));
    expect(table.cached).toBeGreaterThanOrEqual(8);
    expect(table.cached).toBeLessThan(40);
    expect(table.cached + table.computed).toBe(40);
  });

  it('fails when the network does, without a record of it', async () => {
    const files = await images(3);
    const broken = () => Promise.resolve(tinyBackbone(tinyWeights, Infinity));
    await expect(extractFeatures(request(files, { loadBackbone: broken }))).rejects.toMatchObject({
      code: 'OVR504',
    });
    expect(await extractFeatures(request(files))).toMatchObject({ cached: 0, computed: 3 });
  });

  it('lets several writers work at once', async () => {
    const files = await images(30);
    const tables = await Promise.all([0, 1, 2].map(() => extractFeatures(request(files))));
    for (const table of tables) expect(table.features).toEqual(tables[0]!.features);
    expect(await extractFeatures(request(files, forbidden))).toMatchObject({ cached: 30 });
  });

  it('gives an empty table for no image', async () => {
    const table = await extractFeatures(request([], forbidden));
    expect(table).toMatchObject({ dim: 0, cached: 0, computed: 0, faults: [] });
  });
});
