/** Fine-tuning by the built engine: the run of the command line to the bit, beside edits, ended when it is told to. */
import * as fs from 'node:fs/promises';
import * as os from 'node:os';
import * as path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { LiveEvents, LiveMethods } from '../../src/engine/live/liveApi';
import { IdleProcess } from '../../src/engine/idleProcess';
import type { RunRecord } from '../../src/core/runs/model';
import type { EngineEvents, FinetuneRequest } from '../../src/protocol/engineApi';
import { forkEngine, type ForkedEngine } from '../support/forkedEngine';
import { commandJson } from '../support/inProcess';
import { readyFinetuned } from '../support/readyProjects';

const request: FinetuneRequest = {
  architecture: 'tf_efficientnet_lite0',
  weights: 'random:1',
  device: 'cpu',
};

const flags = ['--architecture', 'tf_efficientnet_lite0', '--weights', 'random:1', '--device', 'cpu'];

let folder: string;
let root: string;
let engine: ForkedEngine;
let onNews: (news: EngineEvents['finetuning']) => void = () => undefined;
const news: EngineEvents['finetuning'][] = [];

beforeAll(async () => {
  folder = await fs.mkdtemp(path.join(os.tmpdir(), 'overread-finetune-'));
  root = path.join(folder, 'sample');
  await readyFinetuned(root, 60);
  engine = forkEngine((event, payload) => {
    if (event !== 'finetuning') return;
    news.push(payload as EngineEvents['finetuning']);
    onNews(payload as EngineEvents['finetuning']);
  });
});
afterAll(async () => {
  await engine.kill();
  await fs.rm(folder, { recursive: true, force: true });
});

const runsOf = async (of: string): Promise<string[]> => (await fs.readdir(path.join(of, 'runs'))).sort();
const text = (...at: string[]): Promise<string> => fs.readFile(path.join(...at), 'utf8');
/** What two runs at different times and places may differ in. */
const lasting = (record: RunRecord): unknown => ({
  ...record,
  ...{ run: '', created: '', timings: null },
});

describe('fine-tuning by the engine', () => {
  it('makes the run of the command line to the bit, and no job', async () => {
    await engine.rpc.call('openProject', root);
    const [worst] = (await errors()).items;
    await engine.rpc.call('answer', root, { op: 'accept', items: [worst!.key], list: (await errors()).list });
    const copy = path.join(folder, 'copy');
    await fs.cp(root, copy, { recursive: true, preserveTimestamps: true });
    expect(await engine.rpc.call('mayFinetune', root, request)).toBe(true);
    const end = await engine.rpc.call('finetune', root, request);
    expect(end).toMatchObject({ ended: 'done' });
    await commandJson(['finetune', copy, ...flags]);

    const [ours, theirs] = [(await runsOf(root)).at(-1)!, (await runsOf(copy)).at(-1)!];
    const files = (await fs.readdir(path.join(root, 'runs', ours))).sort();
    expect(files).toEqual((await fs.readdir(path.join(copy, 'runs', theirs))).sort());
    for (const file of files.filter((name) => !name.endsWith('.json'))) {
      const [a, b] = await Promise.all([
        fs.readFile(path.join(root, 'runs', ours, file)),
        fs.readFile(path.join(copy, 'runs', theirs, file)),
      ]);
      expect(a.equals(b), file).toBe(true);
    }
    const metrics = async (of: string, run: string): Promise<string> =>
      (await text(of, 'runs', run, 'metrics.json')).replace(/"intervals_s":[^,}]*/, '');
    expect(await metrics(root, ours)).toBe(await metrics(copy, theirs));
    const record = async (of: string, run: string): Promise<unknown> =>
      lasting(JSON.parse(await text(of, 'runs', run, 'run.json')) as RunRecord);
    expect(await record(root, ours)).toEqual(await record(copy, theirs));
    await expect(fs.readdir(path.join(root, '.overread', 'jobs'))).rejects.toMatchObject({ code: 'ENOENT' });
  });

  it('tells its steps, and that the run can be shown before its intervals are there', () => {
    expect(news.map(({ line }) => line)).toEqual(expect.arrayContaining(['read', 'train', 'write']));
    const ranked = news.findIndex((one) => one.ranked);
    expect(news[ranked]?.line).toMatch(/^Run .*\n.*to review, after /s);
    expect(news.slice(ranked + 1).some(({ line }) => line === 'intervals')).toBe(true);
  });

  it('lets edits through while it fits', async () => {
    await editWorst();
    const { items, list } = await errors();
    let answered = '';
    const first = new Promise<void>((resolve) => {
      onNews = ({ line }) => {
        if (line === 'train') resolve();
      };
    });
    const made = engine.rpc.call('finetune', root, request).then(() => (answered += 'run '));
    await first;
    await engine.rpc.call('answer', root, { op: 'keep', items: [items[0]!.key], list });
    answered += 'edit ';
    await made;
    expect(answered).toBe('edit run ');
  });

  it('ends when it is told to, and leaves no run', async () => {
    await editWorst();
    const before = await runsOf(root);
    onNews = ({ line }) => {
      if (line === 'train') void engine.rpc.call('cancelFinetune', root);
    };
    expect(await engine.rpc.call('finetune', root, request)).toEqual({ ended: 'cancelled' });
    onNews = () => undefined;
    expect(await runsOf(root)).toEqual(before);
  });

  it('tells what keeps the run from being made', async () => {
    // A file where the folder of runs has to be written to.
    await fs.rename(path.join(root, 'runs'), path.join(root, 'kept'));
    await fs.writeFile(path.join(root, 'runs'), '');
    const end = await engine.rpc.call('finetune', root, request);
    expect(end).toMatchObject({ ended: 'failed', error: { code: 'OVR005' } });
    await fs.rm(path.join(root, 'runs'));
    await fs.rename(path.join(root, 'kept'), path.join(root, 'runs'));
  });

  it('is fitted ahead by the labels on disk, and then makes the same run', async () => {
    const before = await runsOf(root);
    const lines: string[] = [];
    const fits = new IdleProcess<LiveMethods, LiveEvents>(
      path.resolve('dist', 'live.js'),
      (_event, { line }) => lines.push(line),
    );
    const policy = { readOnly: false, linkedFolders: [] };
    const finetuned = async (): Promise<string> => {
      lines.length = 0;
      expect(await fits.rpc.call('finetune', { root, policy }, request, 0)).toMatchObject({ ended: 'done' });
      return (await runsOf(root)).at(-1)!;
    };
    const heads = (...runs: string[]): Promise<Buffer[]> =>
      Promise.all(runs.map((run) => fs.readFile(path.join(root, 'runs', run, 'head.safetensors'))));
    const note = 'last layer: fitted since the last edit';
    try {
      await fits.rpc.call('warm', { root, policy, run: before.at(-1)!, samples: 60 }, 'cpu');
      expect(await runsOf(root)).toEqual(before);
      const ahead = await finetuned();
      expect(lines).toContain(note);
      const { list, items } = await errors();
      // Enough of them that some are in the training part.
      const keys = items.slice(0, 8).map(({ key }) => key);
      await engine.rpc.call('answer', root, { op: 'accept', items: keys, list });
      const anew = await finetuned();
      expect(lines).not.toContain(note);
      // The labels of before, by a process that makes nothing ahead.
      await engine.rpc.call('undo', root);
      await commandJson(['finetune', root, ...flags]);
      const [first, second, third] = await heads(ahead, anew, (await runsOf(root)).at(-1)!);
      expect(first!.equals(second!)).toBe(false);
      expect(first!.equals(third!)).toBe(true);
    } finally {
      fits.end();
    }
  });

  it('is left to a job where another network is asked for, or features are not in the cache', async () => {
    expect(await engine.rpc.call('mayFinetune', root, { ...request, weights: 'random:2' })).toBe(false);
    await fs.rm(path.join(root, '.overread', 'features'), { recursive: true });
    const before = await runsOf(root);
    expect(await engine.rpc.call('finetune', root, request)).toEqual({ ended: 'left' });
    expect(await runsOf(root)).toEqual(before);
  });
});

async function errors() {
  const query = { queue: 'errors', splits: ['train', 'validation'], sort: 'loss', descending: true } as const;
  const { list, total } = await engine.rpc.call('query', root, query);
  return { list, items: await engine.rpc.call('items', list, 0, total) };
}

/** Leaves no fit of the labels as they are, which a fine-tuning would take as it is. */
async function editWorst(): Promise<void> {
  const { list, items } = await errors();
  await engine.rpc.call('answer', root, { op: 'accept', items: [items[0]!.key], list });
}
