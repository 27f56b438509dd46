import { fork } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { cachesIn } from '../../support/caches';
import { SplitMix32 } from '../../../src/core/base/random';
import { extractFeatures } from '../../../src/core/features/extract';
import { bundleProgram } from './bundle';
import { tinyBackbone, tinyWeights } from './tinyBackbone';

const count = 240;
let root: string;
let program: string;

beforeAll(async () => {
  program = await bundleProgram('test/core/features/extractSlowly.ts');
  root = await mkdtemp(path.join(tmpdir(), 'overread-kill-'));
  const random = new SplitMix32(1);
  for (let i = 0; i < count; i++) {
    const data = Uint8Array.from({ length: 32 * 32 }, () => random.below(256));
    await sharp(data, { raw: { width: 32, height: 32, channels: 1 } })
      .toColourspace('b-w')
      .png()
      .toFile(path.join(root, `${String(i).padStart(3, '0')}.png`));
  }
});

afterAll(async () => {
  await rm(root, { recursive: true, force: true });
  await rm(path.dirname(program), { recursive: true, force: true });
});

/** Lets the program work until it reports `images` done, then kills it. @returns the last number it reported */
function killAt(images: number): Promise<number> {
  return new Promise((resolve, reject) => {
    const child = fork(program, [root], { execArgv: [] });
    let last = 0;
    child.on('message', (done) => {
      last = done as number;
      if (last >= images) child.kill('SIGKILL');
    });
    child.on('error', reject);
    child.on('exit', (_code, signal) => {
      if (signal === 'SIGKILL') resolve(last);
      else reject(new Error(`The program ended by itself after ${last} images`));
    });
  });
}

it('goes on after kill -9 with every image that was reported, and ends with the same table', async () => {
  let reported = 0;
  for (const images of [1, 50, 120]) reported = Math.max(reported, await killAt(images));
  expect(reported).toBeGreaterThanOrEqual(120);

  const images = Array.from({ length: count }, (_, i) => {
    const name = `${String(i).padStart(3, '0')}.png`;
    return { id: name, file: path.join(root, name) };
  });
  const request = {
    images,
    weights: tinyWeights,
    loadBackbone: () => Promise.resolve(tinyBackbone()),
    device: 'cpu' as const,
  };
  const resumed = await extractFeatures({ ...request, ...(await cachesIn(root)) });
  expect(resumed.cached).toBeGreaterThanOrEqual(reported);
  expect(resumed.cached).toBeLessThan(count);
  expect(resumed.cached + resumed.computed).toBe(count);

  await rm(path.join(root, '.overread'), { recursive: true });
  const fresh = await extractFeatures({ ...request, ...(await cachesIn(root)) });
  expect(fresh.cached).toBe(0);
  expect(resumed.features).toEqual(fresh.features);
});
