/** Pipes and devices where files should be, and a disk that does not answer: nothing waits for them. */
import { execFileSync } from 'node:child_process';
import * as fs from 'node:fs/promises';
import * as os from 'node:os';
import * as path from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { quickModel } from '../support/cli';
import { forkEngine, type ForkedEngine } from '../support/forkedEngine';
import { runCommand } from '../support/inProcess';
import { readySample } from '../support/readyProjects';

let folder: string;
let sample: string;
/** Of the tests that need none of their own. */
let usual: ForkedEngine;
const engines: ForkedEngine[] = [];

beforeAll(async () => {
  folder = await fs.mkdtemp(path.join(os.tmpdir(), 'overread-plain-'));
  sample = path.join(folder, 'sample');
  await readySample(sample);
  usual = forkEngine();
});
afterEach(async () => {
  for (const engine of engines.splice(0)) await engine.kill();
});
afterAll(async () => {
  await usual.kill();
  await fs.rm(folder, { recursive: true, force: true });
});

function start(env: Record<string, string> = {}): ForkedEngine {
  const engine = forkEngine(undefined, { env });
  engines.push(engine);
  return engine;
}

/** A copy of the sample. */
async function copy(name: string): Promise<string> {
  const root = path.join(folder, name);
  await fs.cp(sample, root, { recursive: true, preserveTimestamps: true });
  return root;
}

async function makePipe(file: string): Promise<void> {
  await fs.mkdir(path.dirname(file), { recursive: true });
  await fs.rm(file, { force: true });
  execFileSync('mkfifo', [file]);
}

async function allItems(engine: ForkedEngine, root: string) {
  await engine.rpc.call('openProject', root);
  const query = { queue: 'all', splits: [], sort: 'path', descending: false } as const;
  const { list, total } = await engine.rpc.call('query', root, query);
  const items = await engine.rpc.call('items', list, 0, total);
  const fileOf = (id: string) => engine.rpc.call('imagePath', root, id);
  const keep = (at: number) => engine.rpc.call('answer', root, { op: 'keep', items: [items[at]!.key], list });
  return { items, fileOf, keep };
}

describe.skipIf(process.platform === 'win32')('8.6 only plain files are read', () => {
  it('images that are pipes are problems of these images, and edits go on', async () => {
    const root = await copy('pipes');
    const engine = start();
    const { items, fileOf, keep } = await allItems(engine, root);
    const ids = items.map((item) => item.sample);
    for (const id of ids.slice(0, 6)) await makePipe(await fileOf(id));
    const thumbnails = engine.rpc.call('thumbnails', root, ids);
    const pixels = engine.rpc.call('pixels', root, ids[0]!);
    await expect(pixels).rejects.toMatchObject({ code: 'OVR304' });
    await keep(10);
    const answers = await thumbnails;
    const faulty = answers.filter((answer) => 'error' in answer);
    expect(faulty.map((answer) => answer.sample)).toEqual(ids.slice(0, 6));
    expect(faulty[0]).toMatchObject({ error: expect.stringContaining('named pipe') as string });
  });

  it('a device behind a link is not read', async () => {
    const root = await copy('device');
    const engine = usual;
    const { items, fileOf } = await allItems(engine, root);
    const id = items[0]!.sample;
    const file = await fileOf(id);
    await fs.rm(file);
    await fs.symlink('/dev/zero', file);
    // It leads out of the declared folders, and where these hold it too it is no plain file.
    await expect(engine.rpc.call('pixels', root, id)).rejects.toMatchObject({ code: 'OVR205' });
    const yaml = path.join(root, 'overread.yaml');
    const text = await fs.readFile(yaml, 'utf8');
    await fs.writeFile(yaml, text.replace(/^dataset:\s*$/m, 'dataset:\n  roots: [/dev]'));
    await engine.rpc.call('openProject', root);
    await expect(engine.rpc.call('pixels', root, id)).rejects.toMatchObject({ code: 'OVR304' });
  });

  it.each([
    ['overread.yaml', 'OVR304'],
    ['the table', 'OVR200'],
    ['splits/split.csv', 'OVR304'],
  ])('%s as a pipe is one clear error', async (name, code) => {
    const root = await copy(name.replaceAll(/\W/g, '-'));
    const { tables } = await usual.rpc.call('openProject', root);
    await makePipe(name === 'the table' ? String(tables?.[0]) : path.join(root, name));
    // A new one: the first may keep what it has read.
    await expect(start().rpc.call('openProject', root)).rejects.toMatchObject({ code });
    if (name !== 'the table') return;
    const result = await runCommand(['finetune', root, ...quickModel, '--json']);
    expect(result.code).toBe(3);
    expect(result.stdout).toContain(code);
  });
});

describe.skipIf(process.platform === 'win32')('8.6 a label file that is a pipe', () => {
  it('is named as a problem, and nobody waits for it', async () => {
    const root = await copy('label-pipe');
    await makePipe(path.join(root, 'labels', 'somebody.jsonl'));
    const engine = start();
    const { problems } = await engine.rpc.call('openProject', root);
    const problem = { severity: 'error', code: 'OVR411', place: { file: 'labels/somebody.jsonl' } };
    expect(problems.filter(({ code }) => code === 'OVR411')).toMatchObject([problem]);
    const { items, keep } = await allItems(engine, root);
    await keep(0);
    expect(items.length).toBeGreaterThan(20);
    const said = await runCommand(['label', root, items[1]!.sample, 'Nodule', '--annotator', 'tester']);
    expect([said.code, said.stderr]).toEqual([0, expect.stringContaining('OVR411')]);
  });
});

describe('8.6 an image that ends its decoder', () => {
  it('is named, and no other is lost with it', async () => {
    const root = await copy('crash');
    const { items, fileOf } = await allItems(usual, root);
    const victim = items[2]!.sample;
    const crashing = start({
      NODE_OPTIONS: `--require ${path.resolve('test/attack/support/hooks.cjs')}`,
      OVERREAD_TEST_CRASH: path.basename(await fileOf(victim)),
    });
    const { keep } = await allItems(crashing, root);
    const answers = await crashing.rpc.call(
      'thumbnails',
      root,
      items.map((item) => item.sample),
    );
    await keep(0);
    expect(answers.filter((answer) => 'error' in answer)).toEqual([
      { sample: victim, error: expect.stringContaining('ends the program that decodes it') as string },
    ]);
  });
});

describe.skipIf(process.platform !== 'linux')('8.6 a disk that does not answer', () => {
  it('holds up its pictures and nothing else, and gives them up', async () => {
    const root = await copy('stuck');
    const { items, fileOf } = await allItems(usual, root);
    const stuckFolder = path.dirname(await fileOf(items[0]!.sample));
    const pipe = path.join(folder, 'stuck-pipe');
    await makePipe(pipe);
    const engine = start({
      NODE_OPTIONS: `--require ${path.resolve('test/attack/support/hooks.cjs')}`,
      OVERREAD_TEST_STUCK: `${stuckFolder}=${pipe}`,
      OVERREAD_STUCK_SECONDS: '1.5',
    });
    const stuck = await allItems(engine, root);
    const answers = engine.rpc.call(
      'thumbnails',
      root,
      items.slice(0, 6).map((item) => item.sample),
    );
    await expect(engine.rpc.call('pixels', root, items[0]!.sample)).rejects.toMatchObject({
      code: 'OVR003',
      message: expect.stringContaining('within 1.5 s') as string,
    });
    await stuck.keep(3);
    await stuck.keep(4);
    const given = await answers;
    expect(given.filter((answer) => 'error' in answer).length).toBeGreaterThan(0);
  });
});
