/** Live refits in the built engine: the order follows the answers, what was seen stays, and nothing is written. */
import * as fs from 'node:fs/promises';
import * as os from 'node:os';
import * as path from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { LabelEvent } from '../../src/core/labels/model';
import type { EngineEvents, ItemQuery, ReviewItem } from '../../src/protocol/engineApi';
import { quickModel } from '../support/cli';
import { forkEngine, type ForkedEngine } from '../support/forkedEngine';
import { commandJson } from '../support/inProcess';
import { readyFinetuned } from '../support/readyProjects';
import { patience } from '../../scripts/test/patience.mjs';

const everything: ItemQuery = {
  queue: 'all',
  splits: ['train', 'validation'],
  sort: 'loss',
  descending: true,
};

let folder: string;
let root: string;
let engine: ForkedEngine;
const refits: EngineEvents['refitted'][] = [];

beforeAll(async () => {
  folder = await fs.mkdtemp(path.join(os.tmpdir(), 'overread-live-'));
  root = path.join(folder, 'sample');
  await readyFinetuned(root, 60);
  engine = forkEngine((event, payload) => {
    if (event === 'refitted') refits.push(payload as EngineEvents['refitted']);
  });
});
afterAll(async () => {
  await engine.kill();
  await fs.rm(folder, { recursive: true, force: true });
});

const listOf = async (list: string, total: number): Promise<readonly ReviewItem[]> =>
  engine.rpc.call('items', list, 0, total);
const list = async (query = everything): Promise<{ id: string; items: readonly ReviewItem[] }> => {
  const { list: id, total } = await engine.rpc.call('query', root, query);
  return { id, items: await listOf(id, total) };
};
/** Does something, and waits for the refit that it causes. */
const refitAfter = async <T>(work: () => Promise<T>): Promise<T> => {
  const before = refits.length;
  const result = await work();
  await vi.waitFor(() => expect(refits.length).toBeGreaterThan(before), { timeout: patience });
  return result;
};
const events = async (): Promise<LabelEvent[]> =>
  (await fs.readFile(path.join(root, 'labels', 'test-reader.jsonl'), 'utf8'))
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as LabelEvent);

describe('live refits', () => {
  it('are off until they are asked for, and first say what the run says', async () => {
    const summary = await engine.rpc.call('openProject', root);
    expect(summary.live).toEqual({ on: false, failure: null });
    const run = (await list()).items;
    expect((await refitAfter(() => engine.rpc.call('setLive', root, true))).live.on).toBe(true);
    const live = (await list()).items;
    expect(live.map(({ sample }) => sample)).toEqual(run.map(({ sample }) => sample));
    for (const [i, item] of live.entries()) expect(item.p).toBeCloseTo(run[i]!.p!, 3);
  });

  it('give after an answer what a fine-tune on the same labels gives, and write no run', async () => {
    const { id, items } = await list();
    const wrong = items.filter((item) => item.wrong && item.split === 'train').slice(0, 3);
    for (const { key } of wrong) {
      await refitAfter(() => engine.rpc.call('answer', root, { op: 'accept', items: [key], list: id }));
    }
    const live = new Map((await list()).items.map((item) => [item.sample, item]));
    const runs = await fs.readdir(path.join(root, 'runs'));
    expect(runs).toHaveLength(1);

    const copy = path.join(folder, 'copy');
    await fs.cp(root, copy, { recursive: true, preserveTimestamps: true });
    const { C } = (await engine.rpc.call('runs', root))[0]!.record.trainer.settings as { C: number[] };
    const yaml = path.join(copy, 'overread.yaml');
    const text = await fs.readFile(yaml, 'utf8');
    expect(text).toContain('C: auto');
    await fs.writeFile(yaml, text.replace('C: auto', `C: ${C[0]!}`));
    await commandJson(['finetune', copy, ...quickModel, '--name', 'again']);
    const { errors } = await commandJson<{ errors: { sample: string; loss: number; p: number }[] }>(
      ['errors', copy],
      [0, 1],
    );
    expect(errors.length).toBeGreaterThan(0);
    expect(errors.map(({ sample }) => sample).sort()).toEqual(
      [...live.values()]
        .filter((item) => item.wrong && !item.kept)
        .map(({ sample }) => sample)
        .sort(),
    );
    for (const { sample, loss } of errors) expect(live.get(sample)!.loss).toBeCloseTo(loss, 3);
  });

  it('leave what was seen where it is, and order the rest anew', async () => {
    const { id, items } = await list();
    const seen = 10;
    const answered = items.filter(({ split }) => split === 'train').slice(-4);
    const other = answered[0]!.value === 'Normal' ? 'Opacity' : 'Normal';
    const keys = answered.map(({ key }) => key);
    await refitAfter(() =>
      engine.rpc.call('answer', root, { op: 'set', value: other, items: keys, list: id }),
    );
    const again = await engine.rpc.call('relist', root, everything, id, seen);
    expect(again.total).toBe(items.length);
    const now = await listOf(again.list, again.total);
    expect(now.slice(0, seen).map(({ key }) => key)).toEqual(items.slice(0, seen).map(({ key }) => key));
    expect(new Set(now.map(({ key }) => key)).size).toBe(items.length);
    const rest = now.slice(seen).map(({ loss }) => loss!);
    expect(rest).toEqual(rest.toSorted((a, b) => b - a));
    // The images that now contradict the model have come up.
    const place = (all: readonly ReviewItem[]): number => all.findIndex(({ key }) => key === keys[0]);
    expect(place(now)).toBeLessThan(place(items));
    await refitAfter(() => engine.rpc.call('undo', root));
  });

  it('mark the answers that they shaped, and no others', async () => {
    const marked = await events();
    expect(marked.filter(({ op }) => op !== 'undo').every(({ shown }) => shown?.live === true)).toBe(true);
    await engine.rpc.call('setLive', root, false);
    const { id, items } = await list();
    const plain = await engine.rpc.call('answer', root, { op: 'keep', items: [items[0]!.key], list: id });
    expect((await events()).filter(({ batch }) => batch === plain.batch)).toEqual([
      expect.objectContaining({ shown: expect.not.objectContaining({ live: true }) as object }),
    ]);
  });

  it('take the answers that come while a fit is under way all at once', async () => {
    await refitAfter(() => engine.rpc.call('setLive', root, true));
    const { id, items } = await list();
    const before = refits.length;
    const keys = items.slice(20, 32).map(({ key }) => key);
    await Promise.all(
      keys.map((key) => engine.rpc.call('answer', root, { op: 'keep', items: [key], list: id })),
    );
    await vi.waitFor(() => expect(refits.length).toBeGreaterThan(before), { timeout: patience });
    expect(refits.length - before).toBeLessThan(keys.length);
  });

  it('go on with the run that comes, and are off in a blind reading', async () => {
    await commandJson(['finetune', root, ...quickModel, '--name', 'second']);
    const summary = await refitAfter(() => engine.rpc.call('openProject', root));
    expect(summary.latestRun).toMatch(/-second$/);
    expect(summary.live).toEqual({ on: true, failure: null });
    const blind = await engine.rpc.call('openProject', root, true);
    expect(blind.live.on).toBe(false);
    const open = await engine.rpc.call('openProject', root, null);
    expect(open.live.on).toBe(true);
  });

  it('say why they do not go on, and the editing does', async () => {
    await engine.rpc.call('setLive', root, false);
    await fs.rm(path.join(root, '.overread', 'features'), { recursive: true });
    await engine.rpc.call('setLive', root, true);
    await vi.waitFor(
      async () => {
        const { live } = await engine.rpc.call('openProject', root);
        expect(live.failure).toContain('not in the cache');
      },
      { timeout: patience },
    );
    const { id, items } = await list();
    const outcome = await engine.rpc.call('answer', root, { op: 'keep', items: [items[0]!.key], list: id });
    expect(outcome.items[0]!.kept).toBe(true);
  });
});
