/** A third trainer that the product does not know goes through the seam: run folder, review, comparison, export, heat map. */
import * as fs from 'node:fs/promises';
import * as os from 'node:os';
import * as path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { compare } from '../../../src/core/comparisons/compare';
import { openExplainer } from '../../../src/core/heatmaps/explainer';
import { openProject, type Project } from '../../../src/core/project/project';
import { openReview } from '../../../src/core/review/openReview';
import { exportModel } from '../../../src/core/runs/exportModel';
import { finetune } from '../../../src/core/runs/finetune';
import { makeRun, type MakeRunOptions } from '../../../src/core/runs/makeRun';
import type { RunResult } from '../../../src/core/runs/model';
import { findWholeRun, listSoundRuns, type WholeRun } from '../../../src/core/runs/wholeRun';
import { nearestMean } from '../../support/nearestMean';
import { readyFeatures } from '../../support/readyProjects';

const network = { architecture: 'tf_efficientnet_lite0', weights: 'random:1' };
let folder: string;
let root: string;
let options: MakeRunOptions;
let project: Project;
let own: RunResult;
let made: RunResult;
let run: WholeRun;

beforeAll(async () => {
  folder = await fs.mkdtemp(path.join(os.tmpdir(), 'overread-seam-'));
  root = path.join(folder, 'project');
  const env = { HF_HUB_OFFLINE: '1', PATH: '', OVERREAD_CONFIG: process.env['OVERREAD_CONFIG'] };
  options = { env, cacheDir: path.join(folder, 'cache'), versions: {}, device: 'cpu' };
  await readyFeatures(root, 60);
  own = await finetune(root, { ...options, ...network, name: 'ours' });
  made = await makeRun(root, nearestMean, network, { ...options, name: 'means' });
  project = await openProject(root);
  run = await findWholeRun(root, 'means', project.dataset, () => undefined);
});
afterAll(() => fs.rm(folder, { recursive: true, force: true }));

describe('a trainer of its own', () => {
  it('has a run folder that says who made it and what it can do', async () => {
    expect(JSON.parse(await fs.readFile(path.join(made.dir, 'run.json'), 'utf8'))).toMatchObject({
      contract: 2,
      trainer: { name: 'nearest-mean', settings: { temperature: expect.any(Number) as number } },
      network: { architecture: network.architecture },
      can: { explain: true, export: true, compare: true, refit: 'its trainer does not offer that' },
      files: ['head.safetensors'],
      seen: { train: { seen: 0 }, validation: { seen: 0 }, test: { seen: 0 } },
    });
    expect(run.record.data_fingerprint).toBe(
      (await findWholeRun(root, 'ours', project.dataset, () => undefined)).record.data_fingerprint,
    );
    const runs = await listSoundRuns(root, () => undefined);
    expect(runs.map(({ record }) => record.trainer.name)).toEqual(['nearest-mean', 'last-layer']);
  });

  it('is the run that is shown, because it is the newest that the project trained', async () => {
    const shown = await findWholeRun(root, undefined, project.dataset, () => undefined);
    expect(shown.record.run).toBe(made.run);
  });

  it('is measured and reviewed like any other', async () => {
    expect(made.metrics.out_of_fold.samples).toBe(own.metrics.out_of_fold.samples);
    expect(made.metrics.out_of_fold.auroc_macro.value).toBeGreaterThan(0.4);
    const catalog = await openReview(project, run);
    const { rows } = await catalog.query({
      queue: 'errors',
      splits: ['train', 'validation'],
      sort: 'loss',
      descending: true,
    });
    expect(rows).toHaveLength(made.counts.errors);
    expect(catalog.item(rows[0]!)).toMatchObject({ wrong: true, seen: false });
    catalog.close();
  });

  it('is compared with a run of the last layer over the same patients', async () => {
    const { comparison } = await compare(root, { ...options, runs: 'ours,means' });
    expect(comparison.kind).toBe('runs');
    for (const result of [own, made]) {
      const model = comparison.models.find((one) => one.run === result.run)!;
      for (const part of ['out_of_fold', 'validation'] as const) {
        const { auroc_macro, accuracy, log_loss } = result.metrics[part];
        expect(model[part]).toMatchObject({ auroc_macro, accuracy, log_loss });
      }
    }
  });

  it('exports, reproducing its predictions, and explains an image', async () => {
    const exported = await exportModel(project, run, options);
    expect(exported.checked).toBeGreaterThan(0);
    const explainer = await openExplainer(project, run, { ...options, device: 'cpu', quick: true });
    const image = path.join(root, project.dataset.samples[0]!.path);
    const maps = await explainer.mapsOf(image);
    expect(maps.logits).toHaveLength(run.record.outputs.length);
    await explainer.close();
  });
});
