/** Cohorts, shortcuts, corrections and the map from the built engine: out of the way of edits, and hidden from who reads blind. */
import * as fs from 'node:fs/promises';
import * as os from 'node:os';
import * as path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { CohortReport } from '../../src/core/cohorts/model';
import type { MapColour } from '../../src/core/featureMap/model';
import { forkEngine, type ForkedEngine } from '../support/forkedEngine';
import { commandJson } from '../support/inProcess';
import { readyFinetuned } from '../support/readyProjects';

let folder: string;
let root: string;
let engine: ForkedEngine;

beforeAll(async () => {
  folder = await fs.mkdtemp(path.join(os.tmpdir(), 'overread-looking-'));
  root = path.join(folder, 'sample');
  await readyFinetuned(root, 60);
  engine = forkEngine(() => undefined);
  await engine.rpc.call('openProject', root);
});
afterAll(async () => {
  await engine.kill();
  await fs.rm(folder, { recursive: true, force: true });
});

describe('looking at a project as a whole', () => {
  it('gives what the command line prints', async () => {
    const report = await engine.rpc.call('cohorts', root, 'train');
    expect(await commandJson<CohortReport>(['cohorts', root])).toMatchObject(report);
    const corrections = await engine.rpc.call('corrections', root);
    expect(await commandJson(['corrections', root])).toMatchObject(corrections);
  });

  it('does not hold up edits', async () => {
    const { list, total } = await engine.rpc.call('query', root, {
      queue: 'all',
      splits: ['train'],
      sort: 'loss',
      descending: true,
    });
    const [item] = await engine.rpc.call('items', list, 0, Math.min(1, total));
    let isDone = false;
    const shortcuts = engine.rpc.call('shortcuts', root).finally(() => (isDone = true));
    await engine.rpc.call('answer', root, { op: 'keep', items: [item!.key], list });
    expect(isDone).toBe(false);
    const told = await shortcuts;
    expect(told.shortcuts.length + told.left_out.length).toBe(4);
  });

  it('places every image, by its components and by UMAP', async () => {
    const map = await engine.rpc.call('map', root);
    const colours: MapColour[] = [];
    while (colours.length < map.colours) {
      colours.push(...(await engine.rpc.call('mapColours', root, map.id, colours.length)));
    }
    expect(JSON.parse(map.samples)).toHaveLength(60);
    expect([...map.xy].every(Number.isFinite)).toBe(true);
    expect(colours.map(({ id }) => id)).toEqual([
      'label',
      'predicted',
      'wrong',
      'suspicion',
      'split',
      'column view',
      'column age',
      'column sex',
    ]);
    for (const colour of colours) {
      expect(colour.kind === 'number' ? colour.values : colour.codes).toHaveLength(60);
    }
    // Whoever has all of it asks no more; of a map that is no longer the last one nothing is said.
    await expect(engine.rpc.call('mapColours', root, map.id, 0)).rejects.toMatchObject({ code: 'OVR803' });
    const [first, again] = [await engine.rpc.call('umap', root), await engine.rpc.call('umap', root)];
    expect([...first.xy].every(Number.isFinite)).toBe(true);
    expect(first.xy).not.toEqual(map.xy);
    expect(again.xy).toEqual(first.xy);
  });

  it('is refused while somebody reads blind', async () => {
    const config = path.join(root, 'overread.yaml');
    const text = await fs.readFile(config, 'utf8');
    await fs.writeFile(config, text.replace(/^review:\n/m, 'review:\n  blind: true\n'));
    await engine.rpc.call('openProject', root);
    for (const method of ['shortcuts', 'corrections', 'map', 'umap'] as const) {
      await expect(engine.rpc.call(method, root)).rejects.toMatchObject({ code: 'OVR412' });
    }
    await expect(engine.rpc.call('mapColours', root, '', 0)).rejects.toMatchObject({ code: 'OVR412' });
  });
});
