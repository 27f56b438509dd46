/** Full, read-only, denied, gone: what every command and the engine say, and what they leave. */
import * as fs from 'node:fs/promises';
import * as os from 'node:os';
import * as path from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { quickModel, type CliResult } from '../support/cli';
import { forkEngine } from '../support/forkedEngine';
import { commandJson, runCommand } from '../support/inProcess';
import { readyFinetuned } from '../support/readyProjects';
import { cannotChangeUser, cannotMount, mountDisk, runAsNobody, type Disk } from './support/disks';
import { treeOf } from './support/treeOf';

const noDisk = cannotMount();
const noOther = cannotChangeUser();
if (noDisk !== undefined) console.log(`skipped: ${noDisk}`);
if (noOther !== undefined) console.log(`skipped: ${noOther}`);

let base: string;
let sample: string;
let disk: Disk | undefined;
let root: string;

beforeAll(async () => {
  base = await fs.realpath(await fs.mkdtemp(path.join(os.tmpdir(), 'overread-disk-')));
  sample = path.join(base, 'sample');
  await readyFinetuned(sample);
});

afterAll(() => fs.rm(base, { recursive: true, force: true }));

beforeEach(async () => {
  const folder = path.join(base, `disk-${Math.random().toString(36).slice(2)}`);
  if (noDisk === undefined) disk = await mountDisk(folder, 24);
  root = path.join(folder, 'project');
  await fs.cp(sample, root, { recursive: true, preserveTimestamps: true });
});

afterEach(() => {
  disk?.unmount();
  disk = undefined;
});

/** Every command that writes, with what it writes to. */
function commands(): readonly (readonly string[])[] {
  const image = 'images/P0001_1.png';
  return [
    ['finetune', root, '--architecture', 'tf_efficientnet_lite0', '--weights', 'random:1'],
    ['init', path.join(root, 'new'), '--images', path.join(root, 'classes')],
    ['export', root],
    ['features', root, ...quickModel, '--out', path.join(root, 'f.npy')],
    ['features', root, ...quickModel, '--out', path.join(root, 'f.parquet')],
    ['explain', root, image, '--quick', '--out', path.join(root, 'map.png')],
    ['errors', root, '--split', 'test'],
    ['runs', 'prune', root, '--keep', '0'],
    ['sample', path.join(root, 'another'), '--images', '12'],
    ['label', root, image, 'Nodule', '--annotator', 'tester'],
    ['compare', root, '--architectures', 'tf_efficientnet_lite0:random:1', '--device', 'cpu'],
  ];
}

/** Whether a command said in words what is wrong with the disk. */
function expectRefusal(args: readonly string[], result: CliResult): void {
  const said = `overread ${args.join(' ')}: ${result.stderr.slice(-500)}`;
  expect(result.code, said).toBe(4);
  const { error } = JSON.parse(result.stdout) as { error: Record<string, unknown> };
  expect(error['code'], said).toBe('OVR003');
  expect(error['place'], said).toHaveProperty('file');
  expect(error['fix'], said).toBeTypeOf('string');
  expect(result.stderr, said).not.toContain('please report it');
}

async function makeClasses(): Promise<void> {
  const [one, two] = (await fs.readdir(path.join(root, 'images'))).sort();
  for (const [name, file] of [
    ['Normal', one!],
    ['Opacity', two!],
  ]) {
    await fs.mkdir(path.join(root, 'classes', name!), { recursive: true });
    await fs.copyFile(path.join(root, 'images', file!), path.join(root, 'classes', name!, file!));
  }
}

describe('8 the file system', () => {
  it.skipIf(noDisk !== undefined)(
    'a full disk is said, by every command, and nothing half is left',
    async () => {
      await makeClasses();
      await disk!.fill();
      const before = await treeOf(root);
      for (const args of commands()) {
        // A rename needs no room: removing works on a full disk, as it should.
        if (args[0] === 'runs') continue;
        expectRefusal(args, await runCommand([...args, '--json']));
      }
      // Folders may be made on a full disk; no file may be left.
      expect((await treeOf(root)).filter((line) => !line.endsWith(' folder'))).toEqual(
        before.filter((line) => !line.endsWith(' folder')),
      );
    },
  );

  it.skipIf(noDisk !== undefined)('a read-only disk is said by commands that write', async () => {
    await makeClasses();
    disk!.makeReadOnly();
    for (const args of commands().filter(([name]) =>
      ['finetune', 'init', 'errors', 'runs', 'label'].includes(name!),
    )) {
      expectRefusal(args, await runCommand([...args, '--json']));
    }
  });

  it.skipIf(noDisk !== undefined)('a read-only project can be browsed', async () => {
    await fs.rm(path.join(root, 'splits'), { recursive: true });
    disk!.makeReadOnly();
    const engine = forkEngine();
    try {
      const summary = await engine.rpc.call('openProject', root);
      expect(summary.problems.map(({ code }) => code)).toContain('OVR003');
      const query = { queue: 'all', splits: [], sort: 'loss', descending: true } as const;
      const { list } = await engine.rpc.call('query', root, query);
      const [item] = await engine.rpc.call('items', list, 0, 1);
      const [thumbnail] = await engine.rpc.call('thumbnails', root, [item!.sample]);
      expect(thumbnail).toHaveProperty('file');
      await engine.rpc.call('pixels', root, item!.sample);
      const removed = engine.rpc.call('deleteRun', root, summary.latestRun!);
      await expect(removed).rejects.toMatchObject({ code: 'OVR003' });
    } finally {
      await engine.kill();
    }
    expectRefusal(['finetune'], await runCommand(['finetune', root, ...quickModel, '--json']));
  });

  it.skipIf(noOther !== undefined)('a folder of somebody else is said by commands that write', async () => {
    await makeClasses();
    const own = { OVERREAD_CACHE: path.join(base, 'other'), OVERREAD_CONFIG: path.join(base, 'other') };
    await fs.mkdir(own.OVERREAD_CACHE, { recursive: true });
    await fs.chmod(own.OVERREAD_CACHE, 0o777);
    for (const folder of [base, path.dirname(root)]) await fs.chmod(folder, 0o755);
    for (const args of commands().filter(([name]) => ['finetune', 'export', 'sample'].includes(name!))) {
      expectRefusal(args, await runAsNobody([...args, '--json'], own));
    }
  });

  it('a NUL in a path is one problem of that row', async () => {
    await fs.appendFile(path.join(root, 'samples.csv'), 'images/a\0b.png,Normal,P9999,PA,50,F\n');
    const result = await commandJson<{ counts: { skipped: number }; problems: { code: string }[] }>([
      'finetune',
      root,
      ...quickModel,
    ]);
    expect(result.counts.skipped).toBe(1);
    expect(result.problems.map(({ code }) => code)).toContain('OVR300');
  });
});
