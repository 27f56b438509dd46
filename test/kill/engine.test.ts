/** kill -9 of the engine while edits stream in: every acknowledged edit is on disk, and the next engine works. */
import * as fs from 'node:fs/promises';
import * as os from 'node:os';
import * as path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { writeResult, type Check } from '../../bench/result';
import { SplitMix32 } from '../../src/core/base/random';
import { readLabelEvents } from '../support/labelLog';
import { forkEngine } from '../support/forkedEngine';
import { readySample } from '../support/readyProjects';

/** The moments are drawn; `test/attack/killSteps.test.ts` kills at each step of a write. */
const rounds = Number(process.env['OVERREAD_KILL_ROUNDS'] ?? 5);
const figures = { rounds: 0, acknowledged: 0, found: 0, torn_lines: 0 };
let folder: string;
let root: string;

beforeAll(async () => {
  folder = await fs.mkdtemp(path.join(os.tmpdir(), 'overread-kill-'));
  root = path.join(folder, 'project');
  await readySample(root);
});
afterAll(async () => {
  await fs.rm(folder, { recursive: true, force: true });
  const check: Check = {
    name: 'engine killed while edits stream in',
    verdict: figures.rounds === rounds && figures.found === figures.acknowledged ? 'pass' : 'fail',
    detail: `${figures.found} of ${figures.acknowledged} acknowledged edits on disk after ${figures.rounds} kills`,
  };
  writeResult('kill-engine', { checks: [check], figures });
});

describe('kill -9 of the engine', () => {
  it('loses no acknowledged edit, whenever it comes', async () => {
    const random = new SplitMix32(11);
    const acknowledged = new Set<string>();
    for (let round = 0; round < rounds; round++) {
      const engine = forkEngine();
      const summary = await engine.rpc.call('openProject', root);
      const list = await engine.rpc.call('query', root, {
        queue: 'all',
        splits: [],
        sort: 'path',
        descending: false,
      });
      const items = await engine.rpc.call('items', list.list, 0, list.total);
      const values = summary.findings[0]!.values;
      // Once edits stream, however long a busy machine takes for the first.
      const delay = random.below(250);
      let timer: NodeJS.Timeout | undefined;
      let streaming = true;
      void engine.exited.then(() => (streaming = false));
      while (streaming) {
        const first = random.below(items.length);
        const keys = Array.from(
          { length: 1 + random.below(5) },
          (_, i) => items[(first + i) % items.length]!.key,
        );
        const value = values[random.below(values.length)]!;
        await engine.rpc.call('answer', root, { op: 'set', value, items: keys, list: list.list }).then(
          (outcome) => {
            acknowledged.add(outcome.batch);
            timer ??= setTimeout(() => engine.child.kill('SIGKILL'), delay);
          },
          () => undefined,
        );
      }
      clearTimeout(timer);
      figures.rounds++;
    }
    const { events, problems } = await readLabelEvents(root);
    const onDisk = new Set(events.map((event) => event.batch));
    figures.acknowledged = acknowledged.size;
    figures.found = [...acknowledged].filter((batch) => onDisk.has(batch)).length;
    figures.torn_lines = problems.length;
    // The rounds are of use only when edits did stream.
    expect(acknowledged.size).toBeGreaterThanOrEqual(rounds);
    expect(figures.found).toBe(acknowledged.size);
  });

  it('leaves a project that the next engine opens and edits', async () => {
    const engine = forkEngine();
    await engine.rpc.call('openProject', root);
    const list = await engine.rpc.call('query', root, {
      queue: 'all',
      splits: [],
      sort: 'path',
      descending: false,
    });
    const [item] = await engine.rpc.call('items', list.list, 0, 1);
    const outcome = await engine.rpc.call('answer', root, {
      op: 'keep',
      items: [item!.key],
      list: list.list,
    });
    expect(outcome.items[0]).toMatchObject({ sample: item!.sample, kept: true });
    await engine.kill();
  });
});
