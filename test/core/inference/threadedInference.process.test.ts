import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { cachesIn } from '../../support/caches';
import { openInference } from '../../../src/core/inference/inference';
import { extractFeatures } from '../../../src/core/features/extract';
import { openInferencePool, shareCores } from '../../../src/core/inference/inferencePool';
import { openThreadedInference } from '../../../src/core/inference/threadedInference';
import { tinyNetwork } from '../heatmaps/tinyNetwork';
import { bundleProgram } from '../features/bundle';
import { tinyBackbone, tinyWeights } from '../features/tinyBackbone';

let program: string;

beforeAll(async () => {
  program = await bundleProgram('src/core/inference/inferenceWorker.ts');
});

afterAll(async () => {
  await rm(path.dirname(program), { recursive: true, force: true });
});

const images = (count: number) => Float32Array.from({ length: count * 3 * 32 * 32 }, (_, i) => (i % 97) / 97);

const task = (backbone = tinyBackbone()) => ({ backbone, device: 'cpu' as const, threads: 1 });

describe('openThreadedInference', () => {
  it('gives what the calling thread gives, batches queued, and takes the memory meanwhile', async () => {
    const local = await openInference(tinyBackbone(), 'cpu');
    const threaded = await openThreadedInference(program, task());
    expect(threaded.opened.device).toBe('cpu');
    const moved = images(4);
    const runs = [threaded.run(moved, 3), threaded.run(images(4), 4)];
    expect(moved.length).toBe(0);
    const [first, second] = await Promise.all(runs);
    expect(first!.features).toEqual((await local.run(images(4), 3)).features);
    expect(second!.features).toEqual((await local.run(images(4), 4)).features);
    expect(first!.images).toHaveLength(4 * 3 * 32 * 32);
    await threaded.close();
    await local.close();
  });

  it('passes errors with their codes, and goes on', async () => {
    const threaded = await openThreadedInference(program, task(tinyBackbone(tinyWeights, Infinity)));
    for (let i = 0; i < 2; i++) {
      await expect(threaded.run(images(1), 1)).rejects.toMatchObject({ code: 'OVR504', kind: 'environment' });
    }
    await threaded.close();
  });

  it('fails to open with the code of the device', async () => {
    const damaged = { ...tinyBackbone(), onnx: new Uint8Array([1, 2, 3]) };
    await expect(openThreadedInference(program, task(damaged))).rejects.toMatchObject({ code: 'OVR503' });
  });

  it('fails, and does not wait for ever, when the thread is no inference program', async () => {
    const other = path.join(import.meta.dirname, 'nowhere.cjs');
    await expect(openThreadedInference(other, task())).rejects.toThrow(/nowhere/);
  });

  it('gives the last feature maps of a backbone that was built with them', async () => {
    const local = await openInference(tinyNetwork('linear'), 'cpu');
    const threaded = await openThreadedInference(program, task(tinyNetwork('linear')));
    const batch = () => Float32Array.from({ length: 2 * 3 * 22 * 22 }, (_, i) => (i % 89) / 89);
    const expected = await local.run(batch(), 2);
    const found = await threaded.run(batch(), 2);
    expect(expected.map).toHaveLength(2 * 6 * 6 * 6);
    expect(found.map).toEqual(expected.map);
    expect(found.features).toEqual(expected.features);
    await threaded.close();
    await local.close();
  });

  it('refuses a run when the thread is no more', async () => {
    const threaded = await openThreadedInference(program, task());
    await threaded.close();
    await expect(threaded.run(images(1), 1)).rejects.toThrow(/ended/);
  });

  it('passes on what the device says to the log', async () => {
    const said: string[] = [];
    const log = {
      info: (message: string) => said.push(message),
      warn: (message: string) => said.push(message),
    };
    const threaded = await openThreadedInference(program, { ...task(), device: 'auto' }, log);
    await threaded.close();
    expect(said.join('\n')).toMatch(/Device /);
  });
});

describe('openInferencePool', () => {
  it('gives the same from every lane, many batches at once', async () => {
    const local = await openInference(tinyBackbone(), 'cpu');
    const pool = await openInferencePool(program, tinyBackbone(), 'cpu', 500);
    const expected = (await local.run(images(3), 3)).features;
    const results = await Promise.all(Array.from({ length: 12 }, () => pool.run(images(3), 3)));
    for (const { features } of results) expect(features).toEqual(expected);
    await pool.close();
    await local.close();
  });

  it('fails as a whole when the backbone does not open', async () => {
    const damaged = { ...tinyBackbone(), onnx: new Uint8Array([1, 2, 3]) };
    await expect(openInferencePool(program, damaged, 'cpu', 500)).rejects.toMatchObject({ code: 'OVR503' });
  });
});

describe('shareCores', () => {
  it.each([
    [1, 1000, 30, 1, 1],
    [2, 1000, 30, 2, 1],
    [2, 3, 30, 1, 2],
    [4, 1000, 30, 4, 1],
    [6, 1000, 30, 6, 1],
    [16, 1000, 30, 6, 2, 8],
    [16, 1000, 30, 16, 1, 128],
    [16, 40, 30, 2, 8],
    [4, 1000, 200, 4, 1, 16],
    [4, 1000, 550, 2, 2],
  ])(
    '%i cores, %i images, %i MB: %i lanes of %i threads',
    (cores, count, megabytes, lanes, threads, gigabytes = 16) => {
      expect(shareCores(cores, count, megabytes * 1e6, gigabytes * 2 ** 30)).toEqual({ lanes, threads });
    },
  );
});

describe('extractFeatures with the program', () => {
  it('gives the numbers that it gives without', async () => {
    const root = await mkdtemp(path.join(tmpdir(), 'overread-threads-'));
    try {
      const golden = path.join(import.meta.dirname, '../../golden/values/images');
      const names = ['grey.png', 'colour.jpg', 'tall.png', 'deep12.png', 'pixel.png', 'manifest.json'];
      const request = {
        images: names.map((name) => ({ id: name, file: path.join(golden, name) })),
        weights: tinyWeights,
        loadBackbone: () => Promise.resolve(tinyBackbone()),
        device: 'cpu' as const,
        batch: 2,
      };
      const without = await extractFeatures({ ...request, ...(await cachesIn(path.join(root, 'a'))) });
      const threaded = await extractFeatures({
        ...request,
        ...(await cachesIn(path.join(root, 'b'))),
        inferenceProgram: program,
      });
      expect(threaded.features).toEqual(without.features);
      expect(threaded.faults).toEqual(without.faults);
      expect([...threaded.present]).toEqual([1, 1, 1, 1, 1, 0]);
    } finally {
      await rm(root, { recursive: true, force: true });
    }
  });
});
