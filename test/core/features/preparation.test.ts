/** Threads that prepare images: the same bits as without, the same faults, one account of memory. */
import * as fs from 'node:fs/promises';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import { Worker } from 'node:worker_threads';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { extractFeatures } from '../../../src/core/features/extract';
import { PreparationPool } from '../../../src/core/features/preparationPool';
import { LocalPreparer, type PreparedImage } from '../../../src/core/features/preparer';
import { sha256 } from '../../../src/core/base/files';
import { ByteBudget } from '../../../src/core/images/memory';
import type { Preprocessing } from '../../../src/core/images/model';
import { cachesIn } from '../../support/caches';
import { bundleProgram } from './bundle';
import { tinyBackbone, tinyWeights } from './tinyBackbone';

const golden = path.join(import.meta.dirname, '../../golden/values/images');
const densenet: Preprocessing = {
  size: 224,
  cropPct: 0.875,
  interpolation: 'bicubic',
  channels: 3,
  mean: [0.485, 0.456, 0.406],
  std: [0.229, 0.224, 0.225],
  crop: 'timm',
};
const yes = () => Promise.resolve(true);
let program: string;
let folder: string;

beforeAll(async () => {
  program = await bundleProgram('src/core/features/preparationWorker.ts');
  folder = await fs.mkdtemp(path.join(tmpdir(), 'overread-preparation-'));
});
afterAll(async () => {
  await fs.rm(path.dirname(program), { recursive: true, force: true });
  await fs.rm(folder, { recursive: true, force: true });
});

/** What becomes of each file: the image, or the code of its fault. */
async function outcomes(
  prepare: (file: string) => Promise<PreparedImage | undefined>,
  files: readonly string[],
): Promise<unknown[]> {
  const all = await Promise.allSettled(files.map(prepare));
  return all.map((one) => {
    if (one.status === 'fulfilled') {
      // Compared element by element, an image would take a second.
      return one.value && { channels: one.value.channels, levels: sha256(one.value.levels) };
    }
    const { code, message, place } = one.reason as { code?: string; message: string; place?: object };
    return { code, message, place };
  });
}

describe('PreparationPool', () => {
  it('gives the bits and the faults that the calling thread gives, for every image there is', async () => {
    const files = [...(await fs.readdir(golden)).sort(), 'nowhere.png'].map((name) =>
      path.join(golden, name),
    );
    const local = new LocalPreparer(densenet);
    const pool = new PreparationPool(program, densenet, 3);
    const expected = await outcomes((file) => local.prepare(file, yes), files);
    expect(await outcomes((file) => pool.prepare(file, yes), files)).toEqual(expected);
    const channels = expected.map((one) => (one as { channels?: number }).channels);
    expect(new Set(channels)).toEqual(new Set([1, 3, undefined]));
    await pool.close();
  });

  it('decodes what is wanted only, and hands on what the question throws', async () => {
    const pool = new PreparationPool(program, densenet, 1);
    const file = path.join(golden, 'grey.png');
    const hashes: string[] = [];
    const answer = (wanted: boolean) => (hash: string) => {
      hashes.push(hash);
      return Promise.resolve(wanted);
    };
    expect(await pool.prepare(file, answer(false))).toBeUndefined();
    expect((await pool.prepare(file, answer(true)))?.levels).toHaveLength(224 * 224);
    expect(hashes[0]).toMatch(/^[0-9a-f]{64}$/);
    expect(hashes[1]).toBe(hashes[0]);
    await expect(pool.prepare(file, () => Promise.reject(new Error('no answer')))).rejects.toThrow(
      'no answer',
    );
    await pool.close();
  });

  it('fails, and does not wait for ever, when its program ends', async () => {
    const broken = path.join(folder, 'broken.cjs');
    await fs.writeFile(broken, 'setTimeout(() => { throw new Error("broken"); }, 20);');
    const pool = new PreparationPool(broken, densenet, 1);
    // The first is prepared on the calling thread, while the others start.
    expect((await pool.prepare(path.join(golden, 'grey.png'), yes))?.channels).toBe(1);
    await expect(pool.prepare(path.join(golden, 'grey.png'), yes)).rejects.toThrow('broken');
    await expect(pool.prepare(path.join(golden, 'grey.png'), yes)).rejects.toThrow('broken');
    await pool.close();
  });
});

describe('extractFeatures on threads that prepare', () => {
  it('gives the numbers that it gives without, once for equal files', async () => {
    const names = ['grey.png', 'colour.jpg', 'tall.png', 'deep12.png', 'pixel.png', 'manifest.json'];
    const images = Array.from({ length: 60 }, (_, i) => ({
      id: `${i}`,
      file: path.join(golden, names[i % names.length]!),
    }));
    const request = {
      images,
      weights: tinyWeights,
      loadBackbone: () => Promise.resolve(tinyBackbone()),
      device: 'cpu' as const,
      batch: 2,
    };
    const without = await extractFeatures({ ...request, ...(await cachesIn(path.join(folder, 'a'))) });
    const threaded = await extractFeatures({
      ...request,
      ...(await cachesIn(path.join(folder, 'b'))),
      preparationProgram: program,
    });
    expect(threaded.features).toEqual(without.features);
    expect(threaded.faults).toEqual(without.faults);
    expect(threaded.contentHashes).toEqual(without.contentHashes);
    expect(threaded.present.reduce((sum, one) => sum + one, 0)).toBe(50);
  });
});

describe('an account of bytes', () => {
  it('is one for all threads that join it', async () => {
    const budget = new ByteBudget(100);
    const source = `
      const { parentPort, workerData } = require('node:worker_threads');
      const held = new Int32Array(workerData);
      Atomics.add(held, 0, 60);
      parentPort.postMessage('held');
      parentPort.once('message', () => { Atomics.sub(held, 0, 60); Atomics.notify(held, 0); });
    `;
    const worker = new Worker(source, { eval: true, workerData: budget.account });
    await new Promise((resolve) => worker.once('message', resolve));
    let started = false;
    const work = budget.hold(50, () => {
      started = true;
      return Promise.resolve('done');
    });
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(started).toBe(false);
    worker.postMessage('give back');
    expect(await work).toBe('done');
    await worker.terminate();
  }, 10_000);
});
