/** Small files that decode to gigabytes: what is at work together stays below a limit, what is above it is refused. */
import * as fs from 'node:fs/promises';
import * as os from 'node:os';
import * as path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Problem } from '../../src/core/base/report';
import { ByteBudget } from '../../src/core/images/memory';
import { quickModel, startCli } from '../support/cli';
import { forkEngine } from '../support/forkedEngine';
import { goldenProject } from '../support/goldenRun';
import { largePng } from '../support/largePng';
import { PeakMemory } from '../support/peakMemory';

const gigabyte = 1e9;
let folder: string;
let root: string;
let samples: readonly string[];

beforeAll(async () => {
  folder = await fs.mkdtemp(path.join(os.tmpdir(), 'overread-memory-'));
  root = path.join(folder, 'project');
  await goldenProject(root, ['2026-01-01T000000.000Z-golden']);
  const [, ...rows] = (await fs.readFile(path.join(root, 'samples.csv'), 'utf8')).trim().split('\n');
  samples = rows.map((row) => row.split(',')[0]!);
  // 1.5 GB each when decoded, in files of 1.5 MB.
  for (const [i, sample] of samples.slice(0, 6).entries()) {
    await fs.writeFile(path.join(root, sample), largePng(16_000, 16_000, 16, String(i)));
  }
  // 0.36 GB each, which is allowed, but not all at once.
  for (const [i, sample] of samples.slice(6, 9).entries()) {
    await fs.writeFile(path.join(root, sample), largePng(11_000, 11_000, 8, String(i)));
  }
});
afterAll(() => fs.rm(folder, { recursive: true, force: true }));

describe.skipIf(process.platform !== 'linux')('8.7 memory of images', () => {
  it('the engine stays below 2 GB, refuses six images of 1.5 GB and shows those below the limit', async () => {
    const engine = forkEngine();
    const memory = new PeakMemory(engine.child.pid!);
    try {
      await engine.rpc.call('openProject', root);
      const pixels = await Promise.allSettled(
        samples.slice(0, 9).map((sample) => engine.rpc.call('pixels', root, sample)),
      );
      for (const refused of pixels.slice(0, 6)) {
        expect(refused).toMatchObject({
          status: 'rejected',
          reason: {
            code: 'OVR302',
            message:
              'The image takes 2304 MB of memory when decoded (16000 × 16000 pixels, 3 channels of 16 bit)',
          },
        });
      }
      for (const seen of pixels.slice(6)) {
        expect(seen).toMatchObject({
          status: 'fulfilled',
          value: { width: 4096, height: 4096, channels: 3 },
        });
      }
      const maps = await engine.rpc.call('heatmaps', root, samples.slice(0, 12), 'Opacity');
      expect(maps.map(({ sample }) => sample)).toEqual(samples.slice(6, 12));
    } finally {
      const peak = memory.stop();
      await engine.kill();
      expect(peak).toBeLessThan(2 * gigabyte);
    }
  });

  it('thumbnails are drawn row by row, of images of any size', async () => {
    const engine = forkEngine();
    const memory = new PeakMemory(engine.child.pid!);
    try {
      await engine.rpc.call('openProject', root);
      const drawn = await engine.rpc.call('thumbnails', root, samples.slice(5, 7));
      expect(drawn.filter((thumbnail) => 'error' in thumbnail)).toEqual([]);
    } finally {
      const peak = memory.stop();
      await engine.kill();
      // One decoded image alone has 1.5.
      expect(peak).toBeLessThan(gigabyte);
    }
  });

  it('features of all of them take below 2 GB, and those above the limit are problems', async () => {
    const few = path.join(folder, 'few');
    await fs.cp(root, few, { recursive: true });
    // These, and three as large as images are.
    const table = await fs.readFile(path.join(root, 'samples.csv'), 'utf8');
    await fs.writeFile(path.join(few, 'samples.csv'), table.split('\n').slice(0, 13).join('\n'));
    const out = path.join(folder, 'features.npy');
    const { child, done } = startCli(['features', few, ...quickModel, '--out', out, '--json']);
    const memory = new PeakMemory(child.pid!);
    const { code, stdout } = await done;
    const peak = memory.stop();
    expect(code).toBe(0);
    const { skipped, problems } = JSON.parse(stdout) as { skipped: number; problems: Problem[] };
    expect(skipped).toBe(6);
    expect(problems.filter((problem) => problem.code === 'OVR302')).toHaveLength(6);
    expect(peak).toBeLessThan(2 * gigabyte);
  });
});

describe('8.7 the account of bytes', () => {
  it('lets through what fits, in order; what is larger than all runs alone', async () => {
    const budget = new ByteBudget(100);
    let held = 0;
    const order: number[] = [];
    const ends: (() => void)[] = [];
    const start = (bytes: number) =>
      budget.hold(bytes, async () => {
        held += bytes;
        order.push(bytes);
        await new Promise<void>((end) => ends.push(end));
        held -= bytes;
      });
    const all = [60, 50, 40, 300, 10].map(start);
    const turn = () => new Promise((resolve) => setImmediate(resolve));
    const seen: number[] = [];
    for (let i = 0; i < 5; i++) {
      await turn();
      seen.push(held);
      ends.shift()!();
    }
    await Promise.all(all);
    expect(order).toEqual([60, 50, 40, 300, 10]);
    expect(seen).toEqual([60, 90, 40, 300, 10]);
  });

  it('gives back what failed work held', async () => {
    const budget = new ByteBudget(10);
    await expect(budget.hold(10, () => Promise.reject(new Error('no')))).rejects.toThrow('no');
    await expect(budget.hold(10, () => Promise.resolve('yes'))).resolves.toBe('yes');
  });
});
