/** A project that ships links where Overread writes, opened with the built engine and used by commands. */
import { execFileSync } from 'node:child_process';
import * as fs from 'node:fs/promises';
import * as os from 'node:os';
import * as path from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { ItemKey } from '../../src/protocol/engineApi';
import { quickModel } from '../support/cli';
import { forkEngine, type ForkedEngine } from '../support/forkedEngine';
import { commandJson, runCommand } from '../support/inProcess';
import { readyFinetuned } from '../support/readyProjects';
import { treeOf } from './support/treeOf';

let base: string;
let sample: string;
let root: string;
let outside: string;

const rcFile = 'alias ls=ls\n';

beforeAll(async () => {
  base = await fs.realpath(await fs.mkdtemp(path.join(os.tmpdir(), 'overread-links-')));
  sample = path.join(base, 'sample');
  await readyFinetuned(sample);
  // The image whose name is a command: its line in a memo would be run by a shell.
  await fs.copyFile(path.join(sample, 'images', 'P0001_1.png'), path.join(sample, 'images', '$(id).png'));
  await fs.appendFile(path.join(sample, 'samples.csv'), 'images/$(id).png,Normal,P9999,PA,50,F\n');
});

afterAll(() => fs.rm(base, { recursive: true, force: true }));

beforeEach(async () => {
  root = path.join(base, `project-${Math.random().toString(36).slice(2)}`);
  outside = `${root}-outside`;
  await fs.cp(sample, root, { recursive: true, preserveTimestamps: true });
  await fs.mkdir(outside);
  await fs.writeFile(path.join(outside, 'bashrc'), rcFile);
});

/** Opens the project and does what "Review All" does: lists, thumbnails, pixels, the details of an item. */
async function reviewAll(engine: ForkedEngine): Promise<readonly ItemKey[]> {
  await engine.rpc.call('openProject', root);
  const list = await engine.rpc.call('query', root, {
    queue: 'all',
    splits: [],
    sort: 'loss',
    descending: true,
  });
  const keys = await engine.rpc.call('keys', list.list);
  const items = await engine.rpc.call('itemsOf', root, keys);
  const samples = items.map((item) => item.sample);
  const thumbnails = await engine.rpc.call('thumbnails', root, samples);
  expect(thumbnails.filter((one) => 'error' in one)).toEqual([]);
  await engine.rpc.call('pixels', root, samples[0]!);
  await engine.rpc.call('detail', root, keys[0]!);
  await engine.rpc.call('runs', root);
  await engine.rpc.call('comparisons', root);
  return keys;
}

async function withEngine<T>(trusted: boolean, work: (engine: ForkedEngine) => Promise<T>): Promise<T> {
  const engine = forkEngine(undefined, { trusted });
  try {
    return await work(engine);
  } finally {
    await engine.kill();
  }
}

/** Puts a link to the start-up file, or to the folder outside, at a place of the project. */
async function ship(place: string, kind: 'link' | 'hard link' | 'linked folder'): Promise<void> {
  const file = path.join(root, place);
  await fs.rm(file, { recursive: true, force: true });
  await fs.mkdir(path.dirname(file), { recursive: true });
  const victim = path.join(outside, 'bashrc');
  if (kind === 'link') await fs.symlink(victim, file);
  else if (kind === 'hard link') await fs.link(victim, file);
  else await fs.symlink(outside, file);
}

const outsideIsUntouched = async () => {
  expect(await fs.readdir(outside)).toEqual(['bashrc']);
  expect(await fs.readFile(path.join(outside, 'bashrc'), 'utf8')).toBe(rcFile);
};

describe('1.1 writes follow links', () => {
  it('opening and "Review All" without trust leave the workspace byte for byte as it was', async () => {
    // As it comes from a repository: no split, no cache.
    for (const made of ['splits', '.overread']) await fs.rm(path.join(root, made), { recursive: true });
    await fs.mkdir(path.join(root, '.overread'));
    await ship('.overread/content-hashes.jsonl', 'link');
    await ship('splits/test-looks.jsonl', 'link');
    await ship('labels/test-reader.jsonl', 'link');
    const before = await treeOf(root);
    await withEngine(false, async (engine) => {
      const [key] = await reviewAll(engine);
      const edit = engine.rpc.call('answer', root, { op: 'exclude', items: [key!], list: '' });
      await expect(edit).rejects.toMatchObject({ code: 'OVR005' });
    });
    expect(await treeOf(root)).toEqual(before);
    await outsideIsUntouched();
  });

  it('a linked memo of content hashes is neither read nor written, with trust neither', async () => {
    await ship('.overread/content-hashes.jsonl', 'link');
    await withEngine(true, reviewAll);
    await outsideIsUntouched();
    expect(await fs.readlink(path.join(root, '.overread/content-hashes.jsonl'))).toContain('bashrc');
  });

  it.each(['link', 'hard link'] as const)(
    'a look at the test part is not written through a %s',
    async (kind) => {
      await ship('splits/test-looks.jsonl', kind);
      await withEngine(true, reviewAll);
      const result = await runCommand(['errors', root, '--split', 'test', '--json']);
      expect(JSON.parse(result.stdout)).toMatchObject({ error: { code: 'OVR005' } });
      expect(result.code).toBe(3);
      await outsideIsUntouched();
    },
  );

  it.each([
    ['splits', ['finetune', ...quickModel]],
    ['runs', ['finetune', ...quickModel]],
    ['.overread', ['finetune', '--architecture', 'tf_efficientnet_lite0', '--weights', 'random:2']],
    ['comparisons', ['compare', '--architectures', 'tf_efficientnet_lite0:random:1', '--device', 'cpu']],
  ])('nothing is written into a linked %s', async (folder, [command, ...flags]) => {
    await ship(folder, 'linked folder');
    const result = await runCommand([command!, root, ...flags, '--json']);
    expect(JSON.parse(result.stdout)).toMatchObject({ error: { code: 'OVR005' } });
    expect(result.code).toBe(3);
    await outsideIsUntouched();
  });

  it('a run folder that is a link is not written, and deleted neither', async () => {
    const [run] = await fs.readdir(path.join(root, 'runs'));
    await fs.rename(path.join(root, 'runs', run!), path.join(outside, 'run'));
    await fs.symlink(path.join(outside, 'run'), path.join(root, 'runs', run!));
    const before = await treeOf(outside);
    for (const args of [
      ['export', root],
      ['runs', 'delete', root, run!],
      ['runs', 'prune', root, '--keep', '0'],
    ]) {
      const { code } = await runCommand([...args, '--json']);
      // A linked run is not listed, so there is nothing to prune.
      expect([0, 3]).toContain(code);
    }
    expect(await treeOf(outside)).toEqual(before);
  });

  it.skipIf(process.platform === 'win32')('a pipe in the place of a file holds nobody up', async () => {
    const looks = path.join(root, 'splits', 'test-looks.jsonl');
    await fs.rm(looks, { force: true });
    execFileSync('mkfifo', [looks]);
    const result = await runCommand(['runs', 'list', root, '--json']);
    expect(result.code).toBe(0);
    const folder = path.join(root, '.overread', 'features');
    const [key] = await fs.readdir(folder);
    execFileSync('mkfifo', [path.join(folder, key!, '0.shard')]);
    await commandJson(['features', root, ...quickModel, '--out', path.join(outside, 'f.npy')]);
  });

  it('a link that the person allows by name is followed; the project cannot allow it', async () => {
    await fs.rm(path.join(root, 'runs'), { recursive: true });
    await ship('runs', 'linked folder');
    await fs.appendFile(path.join(root, 'overread.yaml'), '\nlinkedFolders: [runs]\n');
    const refused = await runCommand(['finetune', root, ...quickModel, '--json']);
    expect(refused.code).toBe(3);
    await outsideIsUntouched();
    await fs.copyFile(path.join(sample, 'overread.yaml'), path.join(root, 'overread.yaml'));
    await commandJson(['finetune', root, ...quickModel], [0], { OVERREAD_LINKED_FOLDERS: 'runs' });
    expect(await fs.readdir(outside)).toHaveLength(2);
  });
});
