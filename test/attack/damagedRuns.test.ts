/** Damaged runs: review goes on with the newest whole one, and each damaged one is told with its remedy. */
import { execFileSync } from 'node:child_process';
import * as fs from 'node:fs/promises';
import * as os from 'node:os';
import * as path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { withMemoryDatabase, writeParquet } from '../../src/core/base/duckdb';
import type { ErrorReport } from '../../src/core/base/report';
import { openProject, type Project } from '../../src/core/project/project';
import { findWholeRun } from '../../src/core/runs/wholeRun';
import { commandJson, runCommand } from '../support/inProcess';
import { forkEngine, type ForkedEngine } from '../support/forkedEngine';
import { copyGoldenRun, goldenProject } from '../support/goldenRun';

const pointer = 'version https://git-lfs.github.com/spec/v1\noid sha256:4d7a2146\nsize 3714\n';
const whole = '2026-01-01T000000.000Z-whole';

const overwrite =
  (file: string, content: string | Uint8Array) =>
  (dir: string): Promise<void> =>
    fs.writeFile(path.join(dir, file), content);
const query = (sql: string) => async (dir: string) => {
  const file = path.join(dir, 'predictions.parquet');
  await fs.rm(file);
  await withMemoryDatabase((connection) => writeParquet(connection, sql, file));
};

/** What is done to a run, the file that is told, and words that must be said. */
const damages: Readonly<
  Record<string, readonly [file: string, words: string, (dir: string) => Promise<unknown>]>
> = {
  'lfs-predictions': ['predictions.parquet', 'git lfs pull', overwrite('predictions.parquet', pointer)],
  'lfs-head': ['head.safetensors', 'git lfs pull', overwrite('head.safetensors', pointer)],
  'lfs-record': ['run.json', 'git lfs pull', overwrite('run.json', pointer)],
  'cut-predictions': [
    'predictions.parquet',
    'Parquet',
    (dir) => fs.truncate(path.join(dir, 'predictions.parquet'), 2000),
  ],
  'empty-predictions': ['predictions.parquet', 'Parquet', overwrite('predictions.parquet', '')],
  'no-predictions': ['predictions.parquet', 'missing', (dir) => fs.rm(path.join(dir, 'predictions.parquet'))],
  'pipe-predictions': [
    'predictions.parquet',
    'plain file',
    async (dir) => {
      await fs.rm(path.join(dir, 'predictions.parquet'));
      execFileSync('mkfifo', [path.join(dir, 'predictions.parquet')]);
    },
  ],
  'other-columns': ['predictions.parquet', 'Parquet', query('SELECT 1 AS x')],
  'text-probabilities': [
    'predictions.parquet',
    'Parquet',
    query(
      "SELECT 'images/P0001_1.png' AS sample, true AS out_of_fold, 'a' AS p_Normal, 0.1 AS p_Opacity, 0.2 AS p_Nodule",
    ),
  ],
  'impossible-probabilities': [
    'predictions.parquet',
    'Parquet',
    query(
      "SELECT 'images/P0001_1.png' AS sample, true AS out_of_fold, 'inf'::DOUBLE AS p_Normal, 7 AS p_Opacity, 0.2 AS p_Nodule",
    ),
  ],
  'very-many-rows': [
    'predictions.parquet',
    'Parquet',
    query(
      "SELECT 'x' AS sample, true AS out_of_fold, 0.1 AS p_Normal, 0.1 AS p_Opacity, 0.2 AS p_Nodule FROM range(16000000)",
    ),
  ],
  'no-head': ['head.safetensors', 'missing', (dir) => fs.rm(path.join(dir, 'head.safetensors'))],
  'cut-head': ['head.safetensors', 'damaged', (dir) => fs.truncate(path.join(dir, 'head.safetensors'), 300)],
  'cut-record': ['run.json', 'JSON', (dir) => fs.truncate(path.join(dir, 'run.json'), 500)],
  'folder-record': [
    'run.json',
    'plain file',
    async (dir) => {
      await fs.rm(path.join(dir, 'run.json'));
      await fs.mkdir(path.join(dir, 'run.json'));
    },
  ],
  'no-metrics': ['metrics.json', 'missing', (dir) => fs.rm(path.join(dir, 'metrics.json'))],
};
const damagedName = (kind: string): string => `2026-02-01T000000.000Z-${kind}`;

let folder: string;
let root: string;
let project: Project;
let engine: ForkedEngine;

beforeAll(async () => {
  folder = await fs.mkdtemp(path.join(os.tmpdir(), 'overread-damaged-'));
  root = path.join(folder, 'project');
  await goldenProject(root, [whole]);
  for (const [kind, [, , damage]] of Object.entries(damages)) {
    await damage(await copyGoldenRun(root, damagedName(kind)));
  }
  project = await openProject(root);
  engine = forkEngine();
});
afterAll(async () => {
  await engine.kill();
  await fs.rm(folder, { recursive: true, force: true });
});

describe('8.9 damaged runs, all newer than the whole one', () => {
  it('the engine opens the whole one, and each damaged one is a problem with its file and remedy', async () => {
    const summary = await engine.rpc.call('openProject', root);
    expect(summary.latestRun).toBe(whole);
    const told = new Map(
      summary.problems.filter(({ code }) => code === 'OVR801').map((one) => [one.place?.file, one]),
    );
    expect(told.size).toBe(Object.keys(damages).length);
    for (const [kind, [file, words]] of Object.entries(damages)) {
      const problem = told.get(`runs/${damagedName(kind)}/${file}`);
      expect(`${problem?.message} ${problem?.fix}`, kind).toContain(words);
      expect(problem?.message, kind).toContain(damagedName(kind));
      expect(problem?.message.length).toBeLessThan(400);
    }
  });

  it('lists, edits and heat maps go on', async () => {
    const { list, total } = await engine.rpc.call('query', root, {
      queue: 'errors',
      splits: ['train', 'validation'],
      sort: 'loss',
      descending: true,
    } as never);
    expect(total).toBeGreaterThan(0);
    const [item] = await engine.rpc.call('items', list, 0, 1);
    expect(item!.loss).toBeGreaterThan(0);
    const maps = await engine.rpc.call('heatmaps', root, [item!.sample], 'Opacity');
    expect(maps).toHaveLength(1);
    const outcome = await engine.rpc.call('answer', root, {
      op: 'exclude',
      items: [item!.key],
      list,
    } as never);
    expect(outcome.items).toHaveLength(1);
    expect((await engine.rpc.call('runs', root)).map(({ record }) => record.run)).toContain(whole);
  });

  it('the command line says it and goes on', async () => {
    const errors = await runCommand(['errors', root]);
    expect(errors.code).toBe(1);
    expect(errors.stdout).toContain(whole);
    expect(errors.stderr).toContain('warning OVR801');
    expect(errors.stderr).toContain('git lfs pull');
    const runs = await runCommand(['runs', root]);
    expect(runs.code).toBe(0);
    expect(runs.stdout).toContain(whole);
    expect(runs.stderr).toContain(`runs/${damagedName('no-head')}/head.safetensors`);
  });

  it.each(Object.keys(damages))('asked for by its name, %s is refused clearly', async (kind) => {
    await expect(
      findWholeRun(root, damagedName(kind), project.dataset, () => undefined),
    ).rejects.toMatchObject({
      code: 'OVR801',
      place: { file: `runs/${damagedName(kind)}/${damages[kind]![0]}` },
    });
  });

  it('one that was repaired is taken at the next look', async () => {
    const dir = path.join(root, 'runs', damagedName('lfs-predictions'));
    await copyGoldenRun(root, path.basename(dir));
    const summary = await engine.rpc.call('openProject', root);
    expect(summary.latestRun).toBe(damagedName('lfs-predictions'));
  });
});

describe('8.9 a project whose only run is damaged', () => {
  it('opens without one, and commands that need one say why there is none', async () => {
    const only = path.join(folder, 'only');
    await fs.cp(root, only, { recursive: true, filter: (file) => !file.includes(`${path.sep}runs`) });
    const dir = await copyGoldenRun(only, whole);
    await fs.writeFile(path.join(dir, 'predictions.parquet'), pointer);
    const summary = await engine.rpc.call('openProject', only);
    expect(summary.latestRun).toBeNull();
    expect(summary.problems).toContainEqual(expect.objectContaining({ code: 'OVR801' }));
    const { error } = await commandJson<{ error: ErrorReport }>(['errors', only], [3]);
    expect(error).toMatchObject({ code: 'OVR801', fix: 'Run "git lfs pull" in the project' });
  });
});

describe('8.9 pruning beside damaged runs', () => {
  it('counts whole runs only, and leaves those that a repair may bring back', async () => {
    const pruned = path.join(folder, 'pruned');
    const kinds = ['lfs-predictions', 'cut-predictions', 'no-head', 'no-metrics'];
    for (const name of ['2025-01-01T000000.000Z-old', whole]) await copyGoldenRun(pruned, name);
    for (const kind of kinds) await damages[kind]![2](await copyGoldenRun(pruned, damagedName(kind)));
    const { deleted } = await commandJson<{ deleted: string[] }>(['runs', 'prune', pruned, '--keep', '1']);
    expect(deleted).toEqual(['2025-01-01T000000.000Z-old']);
    expect((await fs.readdir(path.join(pruned, 'runs'))).sort()).toEqual(
      [whole, ...kinds.map(damagedName)].sort(),
    );
  });
});
