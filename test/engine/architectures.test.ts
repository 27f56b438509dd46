/** The catalogue of architectures over the engine's real channel. */
import * as fs from 'node:fs/promises';
import * as os from 'node:os';
import * as path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { architectureNames } from '../../src/core/networks';
import { readySample } from '../support/readyProjects';
import { forkEngine, type ForkedEngine } from '../support/forkedEngine';

let folder: string;
let root: string;
let engine: ForkedEngine;

beforeAll(async () => {
  folder = await fs.mkdtemp(path.join(os.tmpdir(), 'overread-architectures-'));
  root = path.join(folder, 'sample');
  await readySample(root, 60);
  engine = forkEngine();
});
afterAll(async () => {
  await engine.kill();
  await fs.rm(folder, { recursive: true, force: true });
});

async function write(text: string): Promise<void> {
  await fs.writeFile(path.join(root, 'overread.yaml'), text);
}

describe('the engine', () => {
  it('gives every architecture; without modality and anatomy it suggests nothing', async () => {
    const { rows, suggestion } = await engine.rpc.call('architectures', root);
    expect(rows.map(({ name }) => name)).toEqual(architectureNames);
    expect(rows[0]).toMatchObject({ name: 'densenet121', parameters: 7_978_856, caution: null });
    expect(rows[0]!.uses.length).toBeGreaterThan(1);
    expect(suggestion).toBeNull();
  });

  it('suggests by what the project says once it is read again, from its training samples', async () => {
    const text = await fs.readFile(path.join(root, 'overread.yaml'), 'utf8');
    await write(text.replace(/^dataset:$/m, 'dataset:\n  modality: x-ray\n  anatomy: lungs'));
    await engine.rpc.call('openProject', root);
    const { suggestion } = await engine.rpc.call('architectures', root);
    expect(suggestion).toMatchObject({ architecture: 'densenet121', train: 'last layer' });
    const split = (await fs.readFile(path.join(root, 'splits', 'split.csv'), 'utf8')).split('\n');
    const train = split.filter((line) => /,"?train"?\s*$/.test(line)).length;
    expect(train).toBeGreaterThan(0);
    expect(suggestion!.trainingSamples).toBe(train);
  });

  it('has the choice also for a project that cannot be read', async () => {
    const broken = path.join(folder, 'broken');
    await fs.mkdir(broken);
    await fs.writeFile(path.join(broken, 'overread.yaml'), 'version: 1\nlabels: [');
    const { rows, suggestion } = await engine.rpc.call('architectures', broken);
    expect(rows.length).toBe(architectureNames.length);
    expect(suggestion).toBeNull();
  });
});
