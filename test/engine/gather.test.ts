/** Images that look alike and images of a patient, asked of the built engine. */
import * as fs from 'node:fs/promises';
import * as os from 'node:os';
import * as path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { patience } from '../../scripts/test/patience.mjs';
import { forkEngine, type ForkedEngine } from '../support/forkedEngine';
import { readyFinetuned } from '../support/readyProjects';

let folder: string;
let root: string;
let engine: ForkedEngine;
let large: string;
let atLarge: ForkedEngine;
const key = (sample: string): string => `class/${encodeURIComponent(sample)}`;

beforeAll(async () => {
  folder = await fs.mkdtemp(path.join(os.tmpdir(), 'overread-gather-'));
  root = path.join(folder, 'sample');
  await readyFinetuned(root, 60);
  engine = forkEngine();
  // It prepares after a while: the other tests pass the time.
  large = path.join(folder, 'large');
  await readyFinetuned(large, 60);
  const rows = Array.from({ length: 5_000 }, (_, i) => `images/missing${i}.png,Normal,Q${i},,,\n`);
  await fs.appendFile(path.join(large, 'samples.csv'), rows.join(''));
  atLarge = forkEngine();
  await atLarge.rpc.call('openProject', large);
});
afterAll(async () => {
  await Promise.all([engine.kill(), atLarge.kill()]);
  await fs.rm(folder, { recursive: true, force: true });
});

describe('gathering', () => {
  it('finds a copy of an image first, and lists what it found in that order', async () => {
    // Features know an image by its content: the copy has those of the original, as soon as it is in the table.
    const table = path.join(root, 'samples.csv');
    const text = await fs.readFile(table, 'utf8');
    const line = text
      .trim()
      .split('\n')
      .find((row) => row.includes('P0014_2'))!;
    await fs.cp(path.join(root, 'images/P0014_2.png'), path.join(root, 'images/P0014_twin.png'));
    await fs.writeFile(table, `${text.trimEnd()}\n${line.replace('P0014_2', 'P0014_twin')}\n`);
    await engine.rpc.call('openProject', root);
    const found = await engine.rpc.call('gather', root, [key('images/P0014_2.png')], 'similar');
    expect(found.slice(0, 2)).toEqual(['images/P0014_2.png', 'images/P0014_twin.png']);
    expect(found.length).toBeGreaterThan(20);
    const query = { queue: 'all', splits: [], samples: found, sort: 'gathered', descending: false } as const;
    const { list, total } = await engine.rpc.call('query', root, query);
    const items = await engine.rpc.call('items', list, 0, total);
    expect(items.map(({ sample }) => sample)).toEqual(found);
  });

  it('keeps what it tells by, and the next engine tells by it, in whatever state the features are', async () => {
    const asked = [key('images/P0014_2.png')];
    const found = await engine.rpc.call('gather', root, asked, 'similar');
    const features = path.join(root, '.overread/features');
    const [network] = await fs.readdir(features);
    const names = await fs.readdir(path.join(features, network!));
    expect(names).toContain('components.bin');
    for (const name of names.filter((one) => one.endsWith('.shard'))) {
      const { size } = await fs.stat(path.join(features, network!, name));
      await fs.writeFile(path.join(features, network!, name), Buffer.alloc(size));
    }
    const next = forkEngine();
    try {
      expect(await next.rpc.call('gather', root, asked, 'similar')).toEqual(found);
    } finally {
      await next.kill();
    }
  });

  it('finds all images of a patient, by their names', async () => {
    const found = await engine.rpc.call('gather', root, [key('images/P0014_2.png')], 'patient');
    expect(found.length).toBeGreaterThan(1);
    expect(found.every((sample) => sample.startsWith('images/P0014_'))).toBe(true);
    const collator = new Intl.Collator('en', { numeric: true });
    expect(found).toEqual([...found].sort(collator.compare));
  });

  it('tells a blind reader nothing', async () => {
    await engine.rpc.call('openProject', root, true);
    await expect(engine.rpc.call('gather', root, [], 'patient')).rejects.toMatchObject({ code: 'OVR412' });
    await engine.rpc.call('openProject', root, null);
  });

  it('prepares what it tells by ahead of the first question, where the project is large and trusted', async () => {
    const [network] = await fs.readdir(path.join(large, '.overread/features'));
    const place = path.join(large, '.overread/features', network!);
    // It waits for 15 s, and then stands behind whatever else the machine does.
    await expect.poll(() => fs.readdir(place), { timeout: 4 * patience }).toContain('components.bin');
  });
});
