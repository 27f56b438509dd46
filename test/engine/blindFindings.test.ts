/** Blind reading with several findings: an item is an image and a finding, and the image opens with the last of them. */
import * as fs from 'node:fs/promises';
import * as os from 'node:os';
import * as path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ItemQuery, LabelValue, ReviewItem } from '../../src/protocol/engineApi';
import { quickModel } from '../support/cli';
import { writeFindingsTable } from '../support/findingsTable';
import { forkEngine, type ForkedEngine } from '../support/forkedEngine';
import { commandJson } from '../support/inProcess';
import { withKeptFeatures } from '../support/keptFeatures';
import { readySample } from '../support/readyProjects';

const query: ItemQuery = { queue: 'errors', splits: ['train', 'validation'], sort: 'loss', descending: true };
const findings = ['Opacity', 'Support Devices'] as const;

let folder: string;
let root: string;
let engine: ForkedEngine;
beforeAll(async () => {
  folder = await fs.mkdtemp(path.join(os.tmpdir(), 'overread-blind-findings-'));
  root = path.join(folder, 'findings');
  await readySample(path.join(folder, 'source'), 30);
  const csv = await writeFindingsTable(path.join(folder, 'source'));
  await commandJson(['init', root, '--csv', csv, '--findings', findings.join(',')]);
  await withKeptFeatures(root, 'quick-30', () => commandJson(['finetune', root, ...quickModel]));
  const yaml = path.join(root, 'overread.yaml');
  await fs.writeFile(yaml, (await fs.readFile(yaml, 'utf8')).replace(/^review:/m, 'review:\n  blind: true'));
  engine = forkEngine();
  await engine.rpc.call('openProject', root);
});
afterAll(async () => {
  await engine.kill();
  await fs.rm(folder, { recursive: true, force: true });
});

const list = async (more: Partial<ItemQuery> = {}): Promise<readonly ReviewItem[]> => {
  const found = await engine.rpc.call('query', root, { ...query, ...more });
  return engine.rpc.call('items', found.list, 0, found.total);
};
/** The two items of an image that nobody has answered. */
const hiddenPair = async (): Promise<readonly [ReviewItem, ReviewItem]> => {
  const items = await list();
  const open = new Set(items.filter(({ hidden }) => !hidden).map(({ sample }) => sample));
  const first = items.find(({ sample, finding }) => finding === findings[0] && !open.has(sample))!;
  const second = items.find((item) => item.sample === first.sample && item.finding === findings[1])!;
  return [first, second];
};
const answer = async (item: ReviewItem, value: LabelValue) => {
  const { list: id } = await engine.rpc.call('query', root, query);
  return engine.rpc.call('answer', root, { op: 'set', value, items: [item.key], list: id });
};
const shownOf = async (sample: string, finding: string): Promise<unknown> => {
  const text = await fs.readFile(path.join(root, 'labels', 'test-reader.jsonl'), 'utf8');
  const events = text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as { sample: string; finding: string; shown?: unknown });
  return events.filter((event) => event.sample === sample && event.finding === finding).at(-1)?.shown;
};

describe('a blind reading of several findings', () => {
  it('lists every item of every image, without label, prediction and path', async () => {
    const items = await list();
    const summary = await engine.rpc.call('openProject', root);
    expect(items.length).toBe(summary.queues['all']);
    expect(items.length).toBeGreaterThan(2 * 20);
    for (const item of items) {
      expect(item).toMatchObject({
        hidden: true,
        path: '',
        given: null,
        value: null,
        predicted: null,
        p: null,
      });
    }
    const one = await list({ finding: findings[1] });
    expect(one.length).toBe(items.length / 2);
    expect(new Set(one.map(({ finding }) => finding))).toEqual(new Set([findings[1]]));
  });

  it('opens the finding that was answered, and the image with the last of them', async () => {
    const [first, second] = await hiddenPair();
    const outcome = await answer(first, '1');
    expect(outcome.items).toHaveLength(1);
    expect(outcome.items[0]).toMatchObject({
      key: first.key,
      hidden: false,
      value: '1',
      path: '',
      group: '',
    });
    expect(outcome.items[0]!.predicted).not.toBeNull();
    const detail = await engine.rpc.call('detail', root, first.key);
    expect(detail.probabilities.map(({ name }) => name)).toEqual([findings[0]]);
    expect(detail.history.map(({ finding }) => finding)).toEqual([findings[0]]);
    expect(await engine.rpc.call('detail', root, second.key)).toMatchObject({
      item: { hidden: true, value: null },
      probabilities: [],
      readings: [],
      history: [],
    });
    // A map of the finding that is still hidden would tell what the model says of it.
    expect(await engine.rpc.call('heatmaps', root, [first.sample], findings[1])).toEqual([]);
    expect(await engine.rpc.call('heatmaps', root, [first.sample], findings[0])).toHaveLength(1);
    await expect(engine.rpc.call('imagePath', root, first.sample)).rejects.toMatchObject({ code: 'OVR412' });

    const last = await answer(second, '0');
    expect(last.items[0]).toMatchObject({ key: second.key, hidden: false, value: '0' });
    expect(last.items[0]!.path).toMatch(/\.png$/);
    expect(await engine.rpc.call('imagePath', root, first.sample)).toMatch(/\.png$/);
    const whole = await engine.rpc.call('detail', root, first.key);
    expect(whole.probabilities.map(({ name }) => name)).toEqual(findings);
    expect(whole.history.map(({ finding }) => finding).sort()).toEqual([...findings]);
    for (const finding of findings) {
      expect(await shownOf(whole.item.path, finding)).toEqual({ blind: true, queue: 'all' });
    }
  });

  it('knows after a restart which finding was looked at, and which was not', async () => {
    const [first, second] = await hiddenPair();
    await engine.rpc.call('openProject', root, false);
    const [seen] = await engine.rpc.call('itemsOf', root, [first.key]);
    await engine.kill('SIGKILL');
    engine = forkEngine();
    await engine.rpc.call('openProject', root);
    await answer(first, '0');
    await answer(second, '0');
    expect(await shownOf(seen!.sample, findings[0])).toMatchObject({ blind: false });
    expect(await shownOf(seen!.sample, findings[1])).toMatchObject({ blind: true });
  });
});
