/** The built engine over its real channel: what the extension host sees of a project that changes under it. */
import * as fs from 'node:fs/promises';
import * as os from 'node:os';
import * as path from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { EngineEvents, ItemQuery } from '../../src/protocol/engineApi';
import { quickModel } from '../support/cli';
import { commandJson } from '../support/inProcess';
import { withKeptFeatures } from '../support/keptFeatures';
import { readyFeatures } from '../support/readyProjects';
import { forkEngine, type ForkedEngine } from '../support/forkedEngine';
import { patience } from '../../scripts/test/patience.mjs';

const everything: ItemQuery = {
  queue: 'all',
  splits: ['train', 'validation'],
  sort: 'path',
  descending: false,
};
const errors: ItemQuery = { ...everything, queue: 'errors', sort: 'loss', descending: true };

let folder: string;
let root: string;
let engine: ForkedEngine;
const changes: EngineEvents['changed'][] = [];

beforeAll(async () => {
  folder = await fs.mkdtemp(path.join(os.tmpdir(), 'overread-engine-'));
  root = path.join(folder, 'sample');
  await readyFeatures(root, 60);
  engine = forkEngine((event, payload) => {
    if (event === 'changed') changes.push(payload as EngineEvents['changed']);
  });
});
afterAll(async () => {
  await engine.kill();
  await fs.rm(folder, { recursive: true, force: true });
});

describe('the engine', () => {
  it('opens a project without a run', async () => {
    const summary = await engine.rpc.call('openProject', root);
    expect(summary).toMatchObject({ task: 'multi-class', samples: 60, latestRun: null, editsSinceRun: 0 });
    expect(summary.annotator).toBe('Test Reader');
    expect(summary.tables).toEqual([path.join(root, 'samples.csv')]);
    const { total } = await engine.rpc.call('query', root, everything);
    expect(total).toBe(summary.queues['all']);
    await expect(engine.rpc.call('heatmaps', root, [], 'Opacity')).rejects.toMatchObject({ code: 'OVR800' });
  });

  it('takes up a run that another process made, and says so', async () => {
    await commandJson(['finetune', root, ...quickModel]);
    changes.length = 0;
    const summary = await engine.rpc.call('openProject', root);
    expect(summary.latestRun).not.toBeNull();
    expect(summary.weights).toEqual({ name: 'tf_efficientnet_lite0.random-1', random: true });
    await vi.waitFor(() => expect(changes).toContainEqual({ root, what: ['runs'] }), patience);
    const list = await engine.rpc.call('query', root, errors);
    expect(list.total).toBe(summary.queues['errors']);
    const items = await engine.rpc.call('items', list.list, 0, list.total);
    expect(items.every((item) => item.wrong)).toBe(true);
  });

  it('edits, undoes and redoes; a list keeps its order while its items change', async () => {
    const list = await engine.rpc.call('query', root, errors);
    const [first] = await engine.rpc.call('items', list.list, 0, 1);
    const accepted = { op: 'accept', items: [first!.key], list: list.list } as const;
    const edited = await engine.rpc.call('answer', root, accepted);
    expect(edited).toMatchObject({ op: 'edit', editsSinceRun: 1, canUndo: true, canRedo: false });
    const [again] = await engine.rpc.call('items', list.list, 0, 1);
    expect(again).toMatchObject({ key: first!.key, value: first!.predicted, wrong: false, edited: true });
    const undone = await engine.rpc.call('undo', root);
    expect(undone).toMatchObject({ op: 'undo', canUndo: false, canRedo: true });
    expect(undone.items[0]).toMatchObject({ key: first!.key, value: first!.value, edited: false });
    const redone = await engine.rpc.call('redo', root);
    expect(redone.items[0]).toMatchObject({ value: first!.predicted });
    await expect(engine.rpc.call('redo', root)).rejects.toMatchObject({ code: 'OVR403' });
  });

  it('refuses a value that is none, and writes nothing', async () => {
    const [item] = await engine.rpc.call('itemsOf', root, (await keysOf()).slice(0, 1));
    const martian = { op: 'set', value: 'Martian', items: [item!.key], list: '' } as const;
    await expect(engine.rpc.call('answer', root, martian)).rejects.toMatchObject({ code: 'OVR402' });
  });

  it('follows labels that the command line writes', async () => {
    const [key] = (await keysOf()).slice(-1);
    const [item] = await engine.rpc.call('itemsOf', root, [key!]);
    await commandJson(['exclude', root, item!.sample, '--annotator', 'Second Reader']);
    await engine.rpc.call('openProject', root);
    const [after] = await engine.rpc.call('itemsOf', root, [key!]);
    expect(after!.excluded).toBe(true);
  });

  it('shows pictures, pixels and the history of an item', async () => {
    const [key] = await keysOf();
    const [item] = await engine.rpc.call('itemsOf', root, [key!]);
    const [thumbnail] = await engine.rpc.call('thumbnails', root, [item!.sample]);
    expect(thumbnail).toHaveProperty('file');
    const file = (thumbnail as { file: string }).file;
    expect(file.startsWith((await engine.rpc.call('openProject', root)).thumbnails)).toBe(true);
    expect(file.startsWith(root)).toBe(false);
    expect((await fs.readFile(file)).subarray(8, 12).toString()).toBe('WEBP');
    const pixels = await engine.rpc.call('pixels', root, item!.sample);
    expect(pixels.data.byteLength).toBe((pixels.width * pixels.height * pixels.channels * pixels.bits) / 8);
    const detail = await engine.rpc.call('detail', root, key!);
    expect(detail.probabilities.reduce((sum, { p }) => sum + p, 0)).toBeCloseTo(1, 6);
    const [unknown] = await engine.rpc.call('thumbnails', root, ['nowhere.png']);
    expect(unknown).toHaveProperty('error');
  });

  it('explains images on a thread of its own: every class, and edits meanwhile', async () => {
    const keys = await keysOf();
    const items = await engine.rpc.call('itemsOf', root, keys.slice(0, 12));
    const samples = [...new Set(items.map((item) => item.sample))];
    const maps = engine.rpc.call('heatmaps', root, [...samples, 'nowhere.png'], 'Opacity');
    let answered = false;
    void maps.then(() => (answered = true));
    // The network is not even open: what needs none does not wait for it.
    await engine.rpc.call('itemsOf', root, keys.slice(0, 1));
    expect(answered).toBe(false);
    const found = await maps;
    expect(found.map(({ sample }) => sample)).toEqual(samples);
    const region = { left: 0.0625, top: 0.0625, width: 0.875, height: 0.875 };
    for (const map of found) {
      expect(map).toMatchObject({ output: 'Opacity', method: 'cam', width: 7, height: 7, region });
      expect(map.values).toHaveLength(49);
    }
    // A cam is the logit of each place, and the logits of the classes are centred: their means add up to nothing.
    const others = await Promise.all(
      ['Normal', 'Nodule'].map((output) => engine.rpc.call('heatmaps', root, samples.slice(0, 1), output)),
    );
    const all = [found[0]!, ...others.map(([map]) => map!)];
    const mean = (values: Float32Array) => values.reduce((a, b) => a + b, 0) / values.length;
    const sum = all.reduce((total, { values }) => total + mean(values), 0);
    expect(Math.abs(sum)).toBeLessThan(1e-3 * Math.max(...all.map(({ values }) => Math.abs(mean(values)))));
    await expect(engine.rpc.call('heatmaps', root, samples, 'Opacty')).rejects.toMatchObject({
      report: { code: 'OVR402', fix: 'Did you mean "Opacity"?' },
    });
  });

  it('explains the run that is the latest', async () => {
    const [item] = await engine.rpc.call('itemsOf', root, (await keysOf()).slice(0, 1));
    const explain = async () => (await engine.rpc.call('heatmaps', root, [item!.sample], 'Opacity'))[0]!;
    const before = await explain();
    await withKeptFeatures(root, 'two-networks-60', () =>
      commandJson(['finetune', root, ...quickModel.with(3, 'random:2')]),
    );
    await engine.rpc.call('openProject', root);
    const after = await explain();
    expect(after.values).not.toEqual(before.values);
    const run = (await engine.rpc.call('runs', root))[0]!;
    await engine.rpc.call('deleteRun', root, run.record.run);
    expect((await explain()).values).toEqual(before.values);
  });

  it('counts a look at the test part once per run', async () => {
    const looks = async (): Promise<number> =>
      (await fs.readFile(path.join(root, 'splits', 'test-looks.jsonl'), 'utf8').catch(() => ''))
        .split('\n')
        .filter((line) => line !== '').length;
    expect(await looks()).toBe(0);
    await engine.rpc.call('query', root, { ...errors, splits: ['test'] });
    await engine.rpc.call('query', root, { ...errors, splits: [] });
    expect(await looks()).toBe(1);
  });

  it('drops lists when the table changes: item numbers mean something else then', async () => {
    const { list } = await engine.rpc.call('query', root, everything);
    const table = path.join(root, 'samples.csv');
    const lines = (await fs.readFile(table, 'utf8')).trimEnd().split('\n');
    await fs.writeFile(table, `${lines.slice(0, -1).join('\n')}\n`);
    const summary = await engine.rpc.call('openProject', root);
    expect(summary.samples).toBe(59);
    await expect(engine.rpc.call('items', list, 0, 1)).rejects.toMatchObject({ code: 'OVR803' });
  });

  it('answers for a folder that is no project', async () => {
    await expect(engine.rpc.call('openProject', folder)).rejects.toMatchObject({ code: 'OVR100' });
  });
});

async function keysOf(): Promise<readonly string[]> {
  const { list } = await engine.rpc.call('query', root, everything);
  return engine.rpc.call('keys', list);
}
