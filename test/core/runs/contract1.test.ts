/** Runs that were written under contract 1 are still listed, reviewed, compared, exported and explained. */
import * as fs from 'node:fs/promises';
import * as os from 'node:os';
import * as path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { compare } from '../../../src/core/comparisons/compare';
import { openExplainer } from '../../../src/core/heatmaps/explainer';
import { initProject } from '../../../src/core/intake/init';
import { openProject, type Project } from '../../../src/core/project/project';
import { openReview } from '../../../src/core/review/openReview';
import { exportModel } from '../../../src/core/runs/exportModel';
import { findWholeRun, listSoundRuns, type WholeRun } from '../../../src/core/runs/wholeRun';
import { writeFindingsTable } from '../../support/findingsTable';
import { goldenRun, goldenFindingsRun } from '../../support/goldenRun';
import { readySample } from '../../support/readyProjects';

let folder: string;
const options = () => ({
  env: { HF_HUB_OFFLINE: '1', PATH: '', OVERREAD_CONFIG: path.join(folder, 'config') },
  cacheDir: path.join(folder, 'cache'),
});

beforeAll(async () => {
  folder = await fs.mkdtemp(path.join(os.tmpdir(), 'overread-contract1-'));
  await readySample(path.join(folder, 'class'));
  await findingsProject(path.join(folder, 'class'), path.join(folder, 'findings'));
});
afterAll(() => fs.rm(folder, { recursive: true, force: true }));

/** The phantoms with two findings in CheXpert's manner, as the golden run was made of. */
async function findingsProject(source: string, root: string): Promise<void> {
  const csv = await writeFindingsTable(source);
  await initProject({ root, csv, findings: ['Opacity', 'Support Devices'] });
}

describe.each([
  ['class', goldenRun],
  ['findings', goldenFindingsRun],
])('contract 1, %s', (kind, golden) => {
  let root: string;
  let project: Project;
  let run: WholeRun;
  const names = ['2026-01-01T000000.000Z-first', '2026-01-02T000000.000Z-second'];
  beforeAll(async () => {
    root = path.join(folder, kind);
    for (const name of names) await fs.cp(golden, path.join(root, 'runs', name), { recursive: true });
    project = await openProject(root);
    run = await findWholeRun(root, undefined, project.dataset, () => undefined);
  });

  it('is listed, and is shown by itself', async () => {
    const told: unknown[] = [];
    const runs = await listSoundRuns(root, (problem) => told.push(problem));
    expect(told).toEqual([]);
    expect(runs.map(({ record }) => record.run)).toEqual(names.toReversed());
    const written = JSON.parse(await fs.readFile(path.join(golden, 'run.json'), 'utf8')) as { C: number[] };
    expect(run.record).toMatchObject({
      run: names[1],
      trainer: { name: 'last-layer', settings: { C: written.C } },
      network: { architecture: 'tf_efficientnet_lite0', device: { name: 'cpu' } },
      can: { explain: true, export: true, compare: true, refit: true },
    });
    expect(run.predictions.seen?.some((flag) => flag === 1)).toBe(false);
  });

  it('has the errors that it was written with', async () => {
    const catalog = await openReview(project, run);
    const { rows } = await catalog.query({
      queue: 'errors',
      splits: ['train', 'validation'],
      sort: 'loss',
      descending: true,
    });
    // Contract 1 counted what contradicts labels of findings that are too rare to judge.
    const rare = await catalog.query({
      ...{ queue: 'all', splits: ['train', 'validation'], sort: 'loss', descending: true },
      where: 'wrong AND NOT kept',
    });
    const tooRare = [...rare.rows].filter((row) => catalog.item(row).tooRare);
    expect(rows.length + tooRare.length).toBe(run.record.counts.errors);
    catalog.close();
  });

  it('is compared, with the figures that it was written with', async () => {
    const { comparison } = await compare(root, { ...options(), versions: {}, runs: names.join(',') });
    const [first, second] = comparison.models;
    expect([first!.run, second!.run].sort()).toEqual(names);
    for (const model of comparison.models) {
      expect(model.out_of_fold.auroc_macro.value).toBeCloseTo(run.metrics.out_of_fold.auroc_macro.value!, 12);
      expect(model.validation.log_loss.value).toBeCloseTo(run.metrics.validation.log_loss.value!, 12);
    }
  });

  it('is exported, and the model reproduces its predictions', async () => {
    const { checked, largestDifference } = await exportModel(project, run, options());
    expect(checked).toBeGreaterThan(0);
    expect(largestDifference).toBeLessThan(1e-4);
  });

  it('has heat maps', async () => {
    const explainer = await openExplainer(project, run, { ...options(), device: 'cpu', quick: true });
    const images = path.join(folder, 'class');
    const maps = await explainer.mapsOf(path.join(images, project.dataset.samples[0]!.path));
    expect(maps.values).toHaveLength(run.record.outputs.length * maps.width * maps.height);
    await explainer.close();
  });
});
