/** Suspected labels in the built engine: by the run at first, then those of `overread suspects`; nothing that was seen moves. */
import * as fs from 'node:fs/promises';
import * as os from 'node:os';
import * as path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually } from '../support/eventually';
import { forkEngine, type ForkedEngine } from '../support/forkedEngine';
import { commandJson } from '../support/inProcess';
import { readyFinetuned } from '../support/readyProjects';

let folder: string;
let root: string;
let engine: ForkedEngine;
const told: string[] = [];

beforeAll(async () => {
  folder = await fs.mkdtemp(path.join(os.tmpdir(), 'overread-suspects-'));
  root = path.join(folder, 'sample');
  await readyFinetuned(root, 120);
  engine = forkEngine((event) => told.push(event));
});
afterAll(async () => {
  await engine.kill();
  await fs.rm(folder, { recursive: true, force: true });
});

const query = {
  queue: 'suspects',
  splits: ['train', 'validation'],
  sort: 'suspicion',
  descending: true,
} as const;

async function listed(list: string, total: number): Promise<string[]> {
  return (await engine.rpc.call('items', list, 0, total)).map(({ sample }) => sample);
}

describe('the queue of suspected labels', () => {
  it('comes to what the command line lists, once somebody looks at it', async () => {
    const opened = await engine.rpc.call('openProject', root);
    expect(opened.suspects).toEqual({ busy: false, byRun: true, failure: null });
    const first = await engine.rpc.call('query', root, query);
    const byRun = await listed(first.list, first.total);
    const { suspects } = await commandJson<{ suspects: { sample: string }[] }>(
      ['suspects', root, '--split', 'all'],
      [0, 1],
    );
    const wanted = suspects.map(({ sample }) => sample);
    await eventually(
      'the repeats are there',
      async () => {
        const { suspects: state } = await engine.rpc.call('followLabels', root);
        expect(state).toEqual({ busy: false, byRun: false, failure: null });
      },
      120_000,
    );
    expect(told.filter((event) => event === 'suspected')).toHaveLength(2);
    const next = await engine.rpc.call('query', root, { ...query, splits: [] });
    expect(await listed(next.list, next.total)).toEqual(wanted);
    expect(wanted).not.toEqual(byRun);
    // A list on show keeps what was seen, and goes on in the new order.
    const seen = Math.min(3, byRun.length);
    const again = await engine.rpc.call('relist', root, query, first.list, seen);
    expect((await listed(again.list, again.total)).slice(0, seen)).toEqual(byRun.slice(0, seen));
  });

  it('stays what it is when nothing can be fitted, and says why', async () => {
    const bare = path.join(folder, 'bare');
    await fs.cp(root, bare, { recursive: true });
    await fs.rm(path.join(bare, '.overread', 'features'), { recursive: true, force: true });
    await engine.rpc.call('openProject', bare);
    const { total } = await engine.rpc.call('query', bare, query);
    await eventually('it says why', async () => {
      const { suspects: state } = await engine.rpc.call('followLabels', bare);
      expect(state).toMatchObject({
        busy: false,
        byRun: true,
        failure: expect.stringMatching(/not in the cache/) as string,
      });
    });
    expect((await engine.rpc.call('query', bare, query)).total).toBe(total);
  });
});
