/** The end of a window is the end of its engine and of all that the engine started, whatever they are busy with. */
import { execFileSync, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import * as fs from 'node:fs/promises';
import * as os from 'node:os';
import * as path from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { engineFile, testEnvironment } from '../support/cli';
import { eventually } from '../support/eventually';
import { forkEngine } from '../support/forkedEngine';
import { killMatching, markedProcesses } from '../support/processes';
import { readySample } from '../support/readyProjects';

const hooks = path.resolve('test/attack/support/hooks.cjs');
let folder: string;
let root: string;
let pipe: string;
let sample: string;

beforeAll(async () => {
  folder = await fs.mkdtemp(path.join(os.tmpdir(), 'overread-outlives-'));
  root = path.join(folder, 'project');
  pipe = path.join(folder, 'pipe');
  execFileSync('mkfifo', [pipe]);
  await readySample(root);
  const engine = forkEngine();
  const query = { queue: 'all', splits: [], sort: 'path', descending: false } as const;
  await engine.rpc.call('openProject', root);
  const { list } = await engine.rpc.call('query', root, query);
  sample = (await engine.rpc.call('items', list, 0, 1))[0]!.sample;
  await engine.kill();
});
afterAll(() => fs.rm(folder, { recursive: true, force: true }));

/** An environment in which a program becomes busy as soon as a file is there. */
function busyAt(program: string, how: string, sign: string): Record<string, string> {
  return {
    NODE_OPTIONS: `--require ${hooks}`,
    OVERREAD_TEST_BUSY: [program, how, sign].join('='),
  };
}

async function makeBusy(sign: string): Promise<void> {
  await fs.writeFile(sign, '');
  await eventually('the engine is busy', () => fs.access(`${sign}.busy`));
}

/** What the window's process asked for is answered, in order. */
function startWindow(env: NodeJS.ProcessEnv) {
  const child = spawn(process.execPath, ['test/attack/support/window.cjs', engineFile], {
    env: testEnvironment(env as Record<string, string>),
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const answers = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  let id = 0;
  const ask = async (method: string, ...params: unknown[]) => {
    child.stdin.write(`${JSON.stringify({ kind: 'request', id: ++id, method, params })}\n`);
    expect(JSON.parse(String((await answers.next()).value))).toEqual({ id, kind: 'reply' });
  };
  return { child, ask };
}

describe.skipIf(process.platform !== 'linux')('8.6 nothing outlives its window', () => {
  it.each([
    ['in a loop of JavaScript', () => 'loop'],
    ['in native code', () => pipe],
  ])('an engine %s ends with its window, and so do the processes that it started', async (_, how) => {
    const sign = path.join(folder, randomUUID());
    const mark = randomUUID();
    const window = startWindow({ ...busyAt('engine.js', how(), sign), OVERREAD_TEST_PROCESS: mark });
    try {
      await window.ask('openProject', root);
      const where = "path LIKE '%1%'";
      await window.ask('query', root, { queue: 'all', splits: [], sort: 'path', descending: false, where });
      await window.ask('thumbnails', root, [sample]);
      const before = markedProcesses(mark).map(({ command }) => command);
      expect(before.filter((command) => command.includes('engine.js'))).toHaveLength(2);
      expect(before.filter((command) => command.includes('filters.js'))).toHaveLength(1);
      expect(before.filter((command) => command.includes('pictures.js'))).toHaveLength(1);
      await makeBusy(sign);
      window.child.kill('SIGKILL');
      await eventually('all are gone', () => expect(markedProcesses(mark)).toEqual([]));
    } finally {
      killMatching(mark, /./);
    }
  });

  it('SIGTERM ends an engine at once, however busy, also one that has written labels', async () => {
    const sign = path.join(folder, randomUUID());
    const engine = forkEngine(undefined, { env: busyAt('engine.js', 'loop', sign) });
    await engine.rpc.call('openProject', root);
    const { list, total } = await engine.rpc.call('query', root, {
      queue: 'all',
      splits: [],
      sort: 'path',
      descending: false,
    });
    const [item] = await engine.rpc.call('items', list, 0, total);
    await engine.rpc.call('answer', root, { op: 'keep', items: [item!.key], list });
    await makeBusy(sign);
    // It is in a loop that has no end.
    await engine.kill('SIGTERM');
    expect(engine.child.signalCode).toBe('SIGTERM');
  });

  it('an engine whose channel is closed ends in order, and leaves no lock', async () => {
    const engine = forkEngine();
    await engine.rpc.call('openProject', root);
    engine.child.disconnect();
    await engine.exited;
    expect(existsSync(path.join(root, 'labels', 'test-reader.jsonl.lock'))).toBe(false);
  });
});
