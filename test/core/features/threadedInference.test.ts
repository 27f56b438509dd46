import { rm } from 'node:fs/promises';
import * as path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openInference } from '../../../src/core/features/inference';
import { openThreadedInference } from '../../../src/core/features/threadedInference';
import { bundleProgram } from './bundle';
import { tinyBackbone, tinyWeights } from './tinyBackbone';

let program: string;

beforeAll(async () => {
  program = await bundleProgram('src/core/features/inferenceWorker.ts');
});

afterAll(async () => {
  await rm(path.dirname(program), { recursive: true, force: true });
});

const images = (count: number) => Float32Array.from({ length: count * 3 * 32 * 32 }, (_, i) => (i % 97) / 97);

describe('openThreadedInference', () => {
  it('gives what the calling thread gives, batches queued, and takes the memory meanwhile', async () => {
    const local = await openInference(tinyBackbone(), 'cpu');
    const threaded = await openThreadedInference(program, tinyBackbone(), 'cpu');
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
    const threaded = await openThreadedInference(program, tinyBackbone(tinyWeights, Infinity), 'cpu');
    for (let i = 0; i < 2; i++) {
      await expect(threaded.run(images(1), 1)).rejects.toMatchObject({ code: 'OVR504', kind: 'environment' });
    }
    await threaded.close();
  });

  it('fails to open with the code of the device', async () => {
    const damaged = { ...tinyBackbone(), onnx: new Uint8Array([1, 2, 3]) };
    await expect(openThreadedInference(program, damaged, 'cpu')).rejects.toMatchObject({ code: 'OVR503' });
  });

  it('fails, and does not wait for ever, when the thread is no inference program', async () => {
    const other = path.join(import.meta.dirname, 'nowhere.cjs');
    await expect(openThreadedInference(other, tinyBackbone(), 'cpu')).rejects.toThrow(/nowhere/);
  });

  it('passes on what the device says to the log', async () => {
    const said: string[] = [];
    const log = {
      info: (message: string) => said.push(message),
      warn: (message: string) => said.push(message),
    };
    const threaded = await openThreadedInference(program, tinyBackbone(), 'auto', log);
    await threaded.close();
    expect(said.join('\n')).toMatch(/Device /);
  });
});
