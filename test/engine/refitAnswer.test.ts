/** What the engine tells of a refit: the run before it, queues of what changed, the network, and what is hidden of it. */
import * as fs from 'node:fs/promises';
import * as os from 'node:os';
import * as path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RunDifference } from '../../src/core/evaluation/runDifference';
import type { ItemQuery, ReviewItem } from '../../src/protocol/engineApi';
import { forkProgram } from '../../src/core/base/childProgram';
import { callHelper } from '../../src/engine/helperProcess';
import type { LookingMethods } from '../../src/engine/looking/lookingApi';
import { quickModel, testEnvironment } from '../support/cli';
import { forkEngine, type ForkedEngine } from '../support/forkedEngine';
import { commandJson } from '../support/inProcess';
import { readyFinetuned } from '../support/readyProjects';

let folder: string;
let root: string;
let engine: ForkedEngine;

beforeAll(async () => {
  folder = await fs.mkdtemp(path.join(os.tmpdir(), 'overread-refit-answer-'));
  root = path.join(folder, 'sample');
  await readyFinetuned(root, 60);
  engine = forkEngine();
});
afterAll(async () => {
  await engine.kill();
  await fs.rm(folder, { recursive: true, force: true });
});

const list = async (queue: string): Promise<readonly ReviewItem[]> => {
  const query: ItemQuery = { queue, splits: ['train', 'validation'], sort: 'loss', descending: true };
  const { list: id, total } = await engine.rpc.call('query', root, query);
  return engine.rpc.call('items', id, 0, total);
};

/** As the engine asks for it where there are too many items to compare in its own process. */
async function besideTheEngine(before: string | null, after: string | null): Promise<RunDifference> {
  const child = forkProgram(path.resolve('dist', 'looking.js'), { env: testEnvironment() });
  try {
    const rpc = callHelper<LookingMethods>(child, () => undefined);
    return await rpc.call('difference', { root, policy: {} }, before ?? '', after ?? '');
  } finally {
    child.kill('SIGKILL');
  }
}

describe('a refit in the engine', () => {
  it('has nothing to tell before there is a second run', async () => {
    const summary = await engine.rpc.call('openProject', root);
    expect(summary.comparedRun).toBeNull();
    expect(summary.queueInfos.map(({ id }) => id)).not.toContain('fixed');
    expect(await engine.rpc.call('refitAnswer', root, false)).toBeNull();
  });

  it('is compared with the run that was shown before, as the command line compares them', async () => {
    const [first, second, third] = await list('errors');
    const errors = { items: [first!.key, second!.key, third!.key], list: '' };
    await engine.rpc.call('answer', root, { op: 'accept', ...errors });
    await commandJson(['finetune', root, ...quickModel, '--name', 'second']);
    const summary = await engine.rpc.call('openProject', root);
    expect(summary.comparedRun).toMatch(/-first$/);
    expect(summary.latestRun).toMatch(/-second$/);
    expect(summary.queueInfos.map(({ id }) => id)).toEqual(
      expect.arrayContaining(['fixed', 'newly-wrong', 'still-wrong']),
    );
    const told = await commandJson<RunDifference & { items: unknown; problems: unknown }>([
      'diff',
      root,
      'first',
      'second',
    ]);
    const { items: _, problems: __, ...wanted } = told;
    expect(await besideTheEngine(summary.comparedRun, summary.latestRun)).toEqual(wanted);
    const answer = await engine.rpc.call('refitAnswer', root, true);
    expect(answer!.difference).toEqual(wanted);
    expect(answer).toMatchObject({ intervals: true, skipped: 0, number: 2 });
    // The sample asks for published weights, and the test took random ones.
    expect(answer!.network).toMatchObject({ weights: 'tf_efficientnet_lite0.random-1', random: true });
    expect(answer!.network!.configured).not.toBeNull();
    for (const [queue, count] of [
      ['fixed', wanted.counts.fixed],
      ['newly-wrong', wanted.counts.newly_wrong],
      ['still-wrong', wanted.counts.still_wrong],
    ] as const) {
      expect(await list(queue)).toHaveLength(count);
      expect(summary.queues[queue]).toBe(count);
    }
  });

  it('follows edits: what is answered leaves the queue of what is still wrong', async () => {
    const before = await list('still-wrong');
    const [worst] = before;
    const outcome = await engine.rpc.call('answer', root, { op: 'accept', items: [worst!.key], list: '' });
    expect(outcome.queues['still-wrong']).toBe(before.length - 1);
    const answer = await engine.rpc.call('refitAnswer', root, false);
    expect(answer!.difference.counts.still_wrong).toBe(before.length - 1);
    expect(answer!.difference.after.edited_since).toBe(1);
    expect(answer!.difference.out_of_fold.accuracy.difference.low).toBeNull();
    await engine.rpc.call('undo', root);
  });

  it('tells a blind reader nothing of it', async () => {
    const hidden = await engine.rpc.call('openProject', root, true);
    expect(hidden.comparedRun).toBeNull();
    expect(hidden.queues['fixed']).toBeNull();
    expect(await engine.rpc.call('refitAnswer', root, true)).toBeNull();
    await engine.rpc.call('openProject', root, null);
  });

  it('compares with any run that is asked for, and with none', async () => {
    const runs = await engine.rpc.call('runs', root);
    expect(runs).toHaveLength(2);
    const alone = await engine.rpc.call('compareRun', root, null);
    expect(alone.comparedRun).toBeNull();
    const first = runs.find(({ record }) => record.name === 'first')!.record.run;
    const compared = await engine.rpc.call('compareRun', root, first);
    expect(compared.comparedRun).toBe(first);
    await expect(engine.rpc.call('compareRun', root, 'nowhere')).rejects.toMatchObject({ code: 'OVR800' });
    const shown = runs.find(({ record }) => record.name === 'second')!.record.run;
    expect((await engine.rpc.call('compareRun', root, shown)).comparedRun).toBeNull();
  });

  it('says that the features of a run are of half precision', async () => {
    await commandJson(['finetune', root, ...quickModel, '--precision', 'fp16', '--name', 'half']);
    await engine.rpc.call('openProject', root);
    const answer = await engine.rpc.call('refitAnswer', root, false);
    expect(answer!.network).toMatchObject({ weights: 'tf_efficientnet_lite0.random-1, fp16', random: true });
  });
});
