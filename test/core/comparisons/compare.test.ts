/** Whole comparisons on a small synthetic project, with the first blocks of Lite0 and random weights. */
import * as fs from 'node:fs/promises';
import * as os from 'node:os';
import * as path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ProjectFolder } from '../../../src/core/base/projectFolder';
import type { OverreadError } from '../../../src/core/base/errors';
import { readParquet } from '../../support/parquet';
import { readySample } from '../../support/readyProjects';
import { compare, type ComparisonResult } from '../../../src/core/comparisons/compare';
import { differencesBetween } from '../../../src/core/comparisons/differences';
import { deleteComparison, listComparisons, readComparison } from '../../../src/core/comparisons/folder';
import { finetune } from '../../../src/core/runs/finetune';
import { listRunNames } from '../../../src/core/runs/folder';

const images = 72;
const surroundings = { env: { HF_HUB_OFFLINE: '1', PATH: '' }, versions: {} };

let folder: string;
let root: string;
let cacheDir: string;
beforeAll(async () => {
  folder = await fs.mkdtemp(path.join(os.tmpdir(), 'overread-compare-'));
  root = path.join(folder, 'project');
  cacheDir = path.join(folder, 'cache');
  await readySample(root, images, 96);
});
afterAll(() => fs.rm(folder, { recursive: true, force: true }));

const sweepStem = (more: object = {}): Promise<ComparisonResult> =>
  compare(root, {
    ...surroundings,
    cacheDir,
    device: 'cpu',
    architectures: 'tf_efficientnet_lite0:random:1',
    truncations: 'stem,blocks.0',
    ...more,
  });

describe('a comparison', () => {
  let made: ComparisonResult;
  beforeAll(async () => {
    made = await sweepStem({ name: 'first blocks' });
  });

  it('has every network with its figures, its cost and the word random', () => {
    const { comparison } = made;
    expect(comparison.comparison).toMatch(/^\d{4}-\d\d-\d\dT\d{6}\.\d{3}Z-first-blocks$/);
    expect(comparison.models.map(({ label }) => label)).toEqual([
      'stem (random)',
      'blocks.0 (random)',
      'whole network (random)',
    ]);
    expect(comparison.models.map(({ feature_size }) => feature_size)).toEqual([32, 16, 1280]);
    const counts = comparison.models.map(({ parameters }) => parameters!);
    expect(counts[0]).toBeLessThan(counts[1]!);
    // timm: 4,652,008 with the 1,000-class layer of 1,281,000.
    expect(counts[2]).toBe(3_371_008);
    for (const model of comparison.models) {
      expect(model.random).toBe(true);
      expect(model.out_of_fold.auroc_macro.value).not.toBeNull();
      expect(model.validation.auroc_macro.value).not.toBeNull();
    }
    expect(comparison.failed).toEqual([]);
  });

  it('takes the highest out of fold as the best, and the rest less it', () => {
    const { models, best } = made.comparison;
    const values = models.map(({ out_of_fold }) => out_of_fold.auroc_macro.value!);
    expect(values[best!]).toBe(Math.max(...values));
    for (const [i, model] of models.entries()) {
      for (const part of ['out_of_fold', 'validation'] as const) {
        const expected = model[part].auroc_macro.value! - models[best!]![part].auroc_macro.value!;
        expect(model[part].difference.value, `${part} of ${i}`).toBeCloseTo(expected, 12);
      }
    }
  });

  it('tells on which images two of its networks differ, the furthest apart first', async () => {
    const { comparison, outputs } = made.comparison;
    const { samples, compared } = await differencesBetween(root, comparison, 0, 2);
    // By hand: the rows of both in the file.
    const { names, columns } = await readParquet(
      path.join(root, 'comparisons', comparison, 'predictions.parquet'),
    );
    const column = (name: string): readonly unknown[] => columns[names.indexOf(name)]!;
    const of = (model: number): Map<string, number[]> =>
      new Map(
        column('sample').flatMap((sample, row) =>
          column('model')[row] === model
            ? [[String(sample), outputs.map((name) => Number(column(`p_${name}`)[row]))] as const]
            : [],
        ),
      );
    const [first, second] = [of(0), of(2)];
    const top = (p: readonly number[]): number => p.indexOf(Math.max(...p));
    const apart = [...first]
      .filter(([sample, p]) => top(p) !== top(second.get(sample)!))
      .map(([sample, p]) => ({
        sample,
        distance: p.reduce((sum, value, k) => sum + Math.abs(value - second.get(sample)![k]!), 0),
      }))
      .sort((a, b) => b.distance - a.distance);
    expect(compared).toBe(first.size);
    expect(apart.length).toBeGreaterThan(0);
    expect(samples).toEqual(apart.map(({ sample }) => sample));
    expect((await differencesBetween(root, comparison, 1, 1)).samples).toEqual([]);
    await expect(differencesBetween(root, comparison, 0, 3)).rejects.toMatchObject({ code: 'OVR800' });
  });

  it('has the figures of a run with the same network, intervals included', async () => {
    const run = await finetune(root, {
      ...surroundings,
      cacheDir,
      device: 'cpu',
      architecture: 'tf_efficientnet_lite0',
      weights: 'random:1',
      truncate: 'blocks.0',
    });
    const { comparison } = made;
    const model = comparison.models[1]!;
    for (const part of ['out_of_fold', 'validation'] as const) {
      const { auroc_macro, accuracy, log_loss } = run.metrics[part];
      expect(model[part]).toMatchObject({ auroc_macro, accuracy, log_loss });
      expect(comparison.parts[part]).toMatchObject({
        samples: run.metrics[part].samples,
        patients: run.metrics[part].patients,
        macro_over: run.metrics[part].macro_over,
      });
    }
    expect(run.timings.cached).toBe(images);
    const { low, value, high } = run.metrics.out_of_fold.accuracy;
    expect(low).toBeLessThanOrEqual(value!);
    expect(high).toBeGreaterThanOrEqual(value!);
  });

  it('lies in a folder of its own and becomes no run', async () => {
    expect((await fs.readdir(made.dir)).sort()).toEqual([
      'compare.json',
      'compare.md',
      'compare.svg',
      'predictions.parquet',
    ]);
    expect(await readComparison(root, made.comparison.comparison)).toEqual(made.comparison);
    expect(await listRunNames(root)).toHaveLength(1);
    const markdown = await fs.readFile(path.join(made.dir, 'compare.md'), 'utf8');
    expect(markdown).toContain('| stem (random) |');
    expect(await fs.readFile(path.join(made.dir, 'compare.svg'), 'utf8')).toContain('blocks.0 (random)');
  });

  it('keeps what each network said of each image, the test part left out', async () => {
    const { names, columns, rowCount } = await readParquet(path.join(made.dir, 'predictions.parquet'));
    expect(names.slice(0, 7)).toEqual(['model', 'label', 'sample', 'split', 'fold', 'out_of_fold', 'given']);
    const { parts, models, outputs } = made.comparison;
    expect(rowCount).toBe(models.length * (parts.out_of_fold.samples + parts.validation.samples));
    expect(new Set(columns[3])).toEqual(new Set(['train', 'validation']));
    expect(columns[5]!.every((flag, i) => flag === (columns[3]![i] === 'train'))).toBe(true);
    for (let row = 0; row < rowCount; row++) {
      const sum = outputs.reduce((total, _, k) => total + (columns[7 + k]![row] as number), 0);
      expect(sum).toBeCloseTo(1, 6);
    }
  });

  it('is the same again from the cache, but for its times', async () => {
    const { comparison } = await sweepStem();
    const untimed = (models: typeof comparison.models): object[] =>
      models.map((model) => ({ ...model, timings: null, device: null }));
    expect(untimed(comparison.models)).toEqual(untimed(made.comparison.models));
    expect(comparison.models.map(({ timings }) => timings.cached)).toEqual([images, images, images]);
    expect(comparison.name).toBe('truncations-tf_efficientnet_lite0');
  });

  it('is listed newest first, and deleted', async () => {
    const listed = await listComparisons(root);
    expect(listed.map(({ name }) => name)).toEqual(['truncations-tf_efficientnet_lite0', 'first blocks']);
    expect(listed[1]!.best!.label).toBe(made.comparison.models[made.comparison.best!]!.label);
    await deleteComparison(await ProjectFolder.open(root), listed[0]!.comparison);
    expect((await listComparisons(root)).map(({ name }) => name)).toEqual(['first blocks']);
    await expect(
      deleteComparison(await ProjectFolder.open(root), listed[0]!.comparison),
    ).rejects.toMatchObject({ code: 'OVR800' });
  });
});

describe('what cannot be compared', () => {
  it('is left out with its reason, and the rest goes on', async () => {
    const seen: [string, string | null][] = [];
    const { comparison } = await compare(root, {
      ...surroundings,
      cacheDir,
      device: 'cpu',
      architectures: 'densenet121,tf_efficientnet_lite0:random:1,tf_efficientnet_lite0:./none.pth',
      onModel: (label, failure) => seen.push([label, failure?.code ?? null]),
    });
    expect(comparison.models.map(({ label }) => label)).toEqual(['tf_efficientnet_lite0.random-1 (random)']);
    expect(comparison.failed.map(({ label, error }) => [label, error.code])).toEqual([
      ['densenet121', 'OVR501'],
      ['tf_efficientnet_lite0:./none.pth', 'OVR502'],
    ]);
    expect(seen).toEqual([
      ['densenet121', 'OVR501'],
      ['tf_efficientnet_lite0.random-1 (random)', null],
      ['tf_efficientnet_lite0:./none.pth', 'OVR502'],
    ]);
  });

  it('ends the comparison when it is everything', async () => {
    const before = await listComparisons(root);
    const work = compare(root, { ...surroundings, cacheDir, architectures: 'densenet121', device: 'cpu' });
    await expect(work).rejects.toMatchObject({ code: 'OVR501' });
    expect(await listComparisons(root)).toEqual(before);
  });

  it.each([
    [{ architectures: undefined, truncations: undefined }, 'OVR001'],
    [{ architectures: 'densenet121,tf_efficientnet_lite0' }, 'OVR001'],
    [{ truncations: 'nowhere' }, 'OVR505'],
    [{ architectures: 'densenet12' }, 'OVR500'],
  ])('is refused at once %#', async (more, code) => {
    await expect(sweepStem(more)).rejects.toMatchObject({ code });
  });

  it('a cancelled comparison leaves nothing', async () => {
    const cancel = new AbortController();
    const work = sweepStem({
      name: 'cancelled',
      signal: cancel.signal,
      onModel: () => cancel.abort(),
    });
    await expect(work).rejects.toMatchObject({ code: 'OVR002' });
    const names = await fs.readdir(path.join(root, 'comparisons'));
    expect(names.filter((name) => name.includes('cancelled') || name.startsWith('.'))).toEqual([]);
  });
});

describe('a comparison that cannot be read', () => {
  it.each([
    ['../project/comparisons', 'OVR800'],
    ['nothing', 'OVR800'],
    ['broken', 'OVR801'],
    ['later', 'OVR801'],
  ])('%s is an error of its own', async (name, code) => {
    for (const [folderName, text] of [
      ['broken', '{'],
      ['later', '{"contract": 2}'],
    ] as const) {
      await fs.mkdir(path.join(root, 'comparisons', folderName), { recursive: true });
      await fs.writeFile(path.join(root, 'comparisons', folderName, 'compare.json'), text);
    }
    await expect(readComparison(root, name)).rejects.toMatchObject({ code });
    const told: [string, OverreadError][] = [];
    await listComparisons(root, (...unreadable) => told.push(unreadable));
    expect(told.map(([told]) => told).sort()).toEqual(['broken', 'later']);
  });
});
