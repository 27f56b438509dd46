/** The loop from the command line: multi-class from a folder, multi-label from a table. */
import * as fs from 'node:fs/promises';
import * as os from 'node:os';
import * as path from 'node:path';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { writeFindingsTable } from '../support/findingsTable';
import { readParquet } from '../support/parquet';
import type { RunResult } from '../../src/core/runs/model';
import { quickModel, runCli } from '../support/cli';
import { commandJson, runCommand } from '../support/inProcess';
import { withKeptFeatures } from '../support/keptFeatures';
import { readySample } from '../support/readyProjects';

interface ErrorRow {
  readonly sample: string;
  readonly finding: string;
  readonly given: string | null;
  readonly predicted: string;
  readonly p: number;
  readonly threshold: number | null;
  readonly loss: number;
  readonly out_of_fold: boolean;
  readonly split: string;
}

const images = 30;
/** Of which some are wrong with two findings each. */
const more = 60;

let folder: string;
beforeAll(async () => {
  folder = await fs.mkdtemp(path.join(os.tmpdir(), 'overread-cli-'));
});
afterAll(() => fs.rm(folder, { recursive: true, force: true }));

const errorsOf = async (root: string, ...more: string[]): Promise<ErrorRow[]> =>
  (await commandJson<{ errors: ErrorRow[] }>(['errors', root, ...more], [0, 1])).errors;

describe('multi-class', () => {
  let root: string;
  let first: RunResult;
  beforeAll(async () => {
    root = path.join(folder, 'sample');
    await readySample(root, images);
    // Not from what a layer keeps: that features are computed is told.
    first = await commandJson<RunResult>(['finetune', root, ...quickModel, '--name', 'first']);
  });

  it('fine-tune prints the contract', () => {
    expect(first.run).toMatch(/^\d{4}-\d\d-\d\dT\d{6}\.\d{3}Z-first$/);
    expect(first).toMatchObject({
      architecture: 'tf_efficientnet_lite0',
      device: 'cpu',
      counts: { samples: images, skipped: 0 },
      timings: { cached: 0 },
    });
    for (const part of [first.metrics.out_of_fold, first.metrics.validation]) {
      for (const metric of [part.accuracy, part.balanced_accuracy, part.auroc_macro, part.log_loss]) {
        expect(Object.keys(metric).sort()).toEqual(['high', 'low', 'value']);
      }
    }
  });

  it('is deterministic, and takes features from the cache the second time', async () => {
    const second = await commandJson<RunResult>(['finetune', root, ...quickModel, '--name', 'second']);
    expect(second.timings.cached).toBe(images);
    expect(second.metrics).toEqual(first.metrics);
  });

  it('errors are ranked by loss, out of fold in the training part, and exit with 1', async () => {
    const result = await runCommand(['errors', root, '--json']);
    const { errors } = JSON.parse(result.stdout) as { errors: ErrorRow[] };
    expect(result.code).toBe(errors.length > 0 ? 1 : 0);
    expect(errors).toHaveLength(first.counts.errors);
    expect(errors.map((error) => error.loss)).toEqual(
      errors.map((error) => error.loss).sort((a, b) => b - a),
    );
    for (const error of errors) {
      expect(error.given).not.toBe(error.predicted);
      expect(error.out_of_fold).toBe(error.split === 'train');
    }
  });

  it('a filter is one expression; anything else is refused with its code', async () => {
    const all = await errorsOf(root);
    const confident = await errorsOf(root, '--where', "p > 0.6 AND split = 'train'");
    expect(confident).toEqual(all.filter((error) => error.p > 0.6 && error.split === 'train'));
    const refused = await runCommand(['errors', root, '--where', "1=1; COPY (SELECT 1) TO '/tmp/x'"]);
    expect(refused.code).toBe(2);
    expect(refused.stderr).toMatch(/OVR90[01]/);
  });

  it('label, keep and exclude leave the list; undo and redo bring back and forth', async () => {
    const [worst, kept, excluded] = await errorsOf(root);
    await commandJson(['label', root, worst!.sample, worst!.predicted, '--reason', 'obvious']);
    await commandJson(['keep', root, kept!.sample]);
    await commandJson(['exclude', root, excluded!.sample]);
    const left = (await errorsOf(root)).map((error) => error.sample);
    for (const item of [worst!, kept!, excluded!]) expect(left).not.toContain(item.sample);
    await commandJson(['undo', root]);
    expect((await errorsOf(root)).map((error) => error.sample)).toContain(excluded!.sample);
    await commandJson(['redo', root]);
    expect((await errorsOf(root)).map((error) => error.sample)).not.toContain(excluded!.sample);
    const lines = (await fs.readFile(path.join(root, 'labels', 'test-reader.jsonl'), 'utf8'))
      .trim()
      .split('\n');
    expect(lines.map((line) => (JSON.parse(line) as { op: string }).op)).toEqual([
      'set',
      'keep',
      'exclude',
      'undo',
      'redo',
    ]);
    expect(JSON.parse(lines[0]!)).toMatchObject({
      v: 1,
      annotator: 'Test Reader',
      reason: 'obvious',
      value: worst!.predicted,
    });
  });

  it('the next run counts the edits and leaves the excluded out', async () => {
    const next = await commandJson<RunResult>(['finetune', root, ...quickModel, '--name', 'third']);
    expect(next.counts).toMatchObject({ edited: 1, excluded: 1 });
    const rows = await readParquet(path.join(next.dir, 'predictions.parquet'));
    expect(rows.rowCount).toBe(images);
    expect(rows.names).toEqual(
      expect.arrayContaining(['sample', 'finding', 'given', 'predicted', 'p', 'loss', 'out_of_fold']),
    );
  });

  it.each([
    ['nobody', ['label', 'SAMPLE', 'Martian'], 'OVR402'],
    ['no sample', ['label', 'nowhere.png', 'Normal'], 'OVR400'],
  ])('a wrong edit is refused: %s', async (_name, [command, sample, value], code) => {
    const [error] = await errorsOf(root);
    const result = await runCommand([command!, root, sample === 'SAMPLE' ? error!.sample : sample!, value!]);
    expect(result.code).toBe(3);
    expect(result.stderr).toContain(code);
  });

  it('export writes a model that runs alone and reproduces the run', async () => {
    const out = path.join(folder, 'copy.onnx');
    const exported = await commandJson<{ checked: number; largestDifference: number }>([
      'export',
      root,
      '--out',
      out,
    ]);
    expect(exported.checked).toBeGreaterThan(0);
    expect(exported.largestDifference).toBeLessThan(1e-4);
    const session = await InferenceSession.create(out);
    const result = await session.run({
      image: new Tensor('float32', new Float32Array(3 * 224 * 224), [1, 3, 224, 224]),
    });
    const probabilities = result['probabilities']!.data as Float32Array;
    expect(probabilities.reduce((a, b) => a + b)).toBeCloseTo(1, 5);
    await session.release();
  });

  it('export --labels writes the effective labels, as of any run', async () => {
    const now = path.join(folder, 'now.csv');
    const before = path.join(folder, 'before.csv');
    await commandJson(['export', root, '--labels', now]);
    await commandJson(['export', root, '--labels', before, '--run', 'first']);
    const edited = (text: string): number =>
      text.split('\n').filter((line) => line.includes('Test Reader')).length;
    expect(edited(await fs.readFile(now, 'utf8'))).toBe(2);
    expect(edited(await fs.readFile(before, 'utf8'))).toBe(0);
  });

  it('features come as .npy and .parquet with the order of the samples', async () => {
    const npy = path.join(folder, 'f.npy');
    const model = quickModel;
    const { shape } = await commandJson<{ shape: number[] }>(['features', root, ...model, '--out', npy]);
    expect(shape).toEqual([images, 1280]);
    const bytes = await fs.readFile(npy);
    const header = bytes.subarray(10, 10 + bytes.readUInt16LE(8)).toString('latin1');
    expect(header).toContain(`'shape': (${images}, 1280)`);
    expect((10 + header.length) % 64).toBe(0);
    expect(bytes.length).toBe(10 + header.length + images * 1280 * 4);
    const ids = (await fs.readFile(path.join(folder, 'f.samples.txt'), 'utf8')).trim().split('\n');
    await commandJson(['features', root, ...model, '--out', path.join(folder, 'f.parquet')]);
    const table = await readParquet(path.join(folder, 'f.parquet'));
    expect(table.columns[0]).toEqual(ids);
    const refused = await runCommand(['features', root, ...model, '--out', path.join(folder, 'f.csv')]);
    expect(refused.code).toBe(2);
  });

  it('random weights are marked wherever a figure is printed', async () => {
    const again = await runCommand(['finetune', root, ...quickModel, '--name', 'again']);
    expect(again.stdout).toContain('tf_efficientnet_lite0.random-1 (random weights) on cpu');
    expect((await runCommand(['errors', root])).stdout).toMatch(
      /^\d+ images with errors in run \S+ \(random weights\)$/m,
    );
    expect((await runCommand(['runs', root])).stdout).toMatch(/-again {2}.*random-1 \(random weights\)/);
    expect(first.random_weights).toBe(true);
    await commandJson(['runs', 'delete', root, 'again']);
  });

  it('runs are listed, deleted and pruned', async () => {
    const names = async (): Promise<string[]> =>
      (await commandJson<{ runs: { name: string }[] }>(['runs', 'list', root])).runs.map(({ name }) => name);
    expect(await names()).toEqual(['third', 'second', 'first']);
    await commandJson(['runs', 'delete', root, 'second']);
    await commandJson(['runs', 'prune', root, '--keep', '1']);
    expect(await names()).toEqual(['third']);
  });

  it('looking at the test part is counted', async () => {
    await errorsOf(root, '--split', 'test');
    const next = await commandJson<RunResult>(['finetune', root, ...quickModel]);
    const record = JSON.parse(await fs.readFile(path.join(next.dir, 'run.json'), 'utf8')) as {
      test_looks: number;
    };
    expect(record.test_looks).toBe(1);
  });
});

describe('multi-label', () => {
  let root: string;
  beforeAll(async () => {
    // The phantoms again, with two findings in CheXpert's manner: 1, 0, -1 and blank.
    const source = path.join(folder, 'source');
    await readySample(source, more);
    const csv = await writeFindingsTable(source);
    root = path.join(folder, 'findings');
    await commandJson(['init', root, '--csv', csv, '--findings', 'Opacity,Support Devices']);
  });

  it('runs the loop: every finding has its threshold, uncertain is masked', async () => {
    const run = await withKeptFeatures(root, `quick-${more}`, () =>
      commandJson<RunResult>(['finetune', root, ...quickModel]),
    );
    const metrics = run.metrics.out_of_fold;
    expect(metrics.outputs.map((output) => output.name)).toEqual(['Opacity', 'Support Devices']);
    const [opacity, support] = metrics.outputs;
    expect(opacity!.positives + opacity!.negatives).toBe(metrics.samples);
    expect(support!.positives + support!.negatives).toBeLessThan(metrics.samples);
    const errors = await errorsOf(root);
    expect(errors.length).toBe(run.counts.errors);
    for (const error of errors) {
      expect(['Opacity', 'Support Devices']).toContain(error.finding);
      expect(error.threshold).not.toBeNull();
      expect(error.predicted).toBe(error.p >= error.threshold! ? '1' : '0');
    }
  });

  it('labels one finding, and asks which when none is named', async () => {
    const [error] = await errorsOf(root);
    await commandJson(['label', root, error!.sample, `${error!.finding}=uncertain`]);
    const left = await errorsOf(root);
    expect(left.some((one) => one.sample === error!.sample && one.finding === error!.finding)).toBe(false);
    const unnamed = await runCommand(['label', root, error!.sample, '1']);
    expect(unnamed.code).toBe(3);
    expect(unnamed.stderr).toContain('OVR401');
  });

  it('exports and reproduces', async () => {
    const exported = await commandJson<{ largestDifference: number }>(['export', root]);
    expect(exported.largestDifference).toBeLessThan(1e-4);
  });
});

describe('the built program', () => {
  it.each([
    [['errors', 'ROOT', '--json'], 1],
    [['errors', 'ROOT', '--where', 'no column'], 2],
    [['runs', 'list', 'ROOT'], 0],
    [['nonsense'], 2],
  ])('ends and says as the command does: %j', async (line, code) => {
    const args = line.map((word) => (word === 'ROOT' ? path.join(folder, 'sample') : word));
    const [built, here] = [await runCli(args), await runCommand(args)];
    expect(built).toEqual(here);
    expect(built.code).toBe(code);
  });
});

describe('the command itself', () => {
  it.each([
    ['--help', 0, 'Usage: overread'],
    ['finetune --help', 0, '--architecture'],
    ['--version', 0, '.'],
  ])('overread %s', async (line, code, text) => {
    const result = await runCommand(line.split(' '));
    expect(result.code).toBe(code);
    expect(result.stdout).toContain(text);
  });

  it.each(['nonsense', 'finetune', 'finetune . --device gpu', 'sample . --images few'])(
    'a line that is no command is a usage error: %s',
    async (line) => {
      const result = await runCommand(line.split(' '));
      expect(result.code).toBe(2);
      expect(result.stderr).not.toBe('');
    },
  );

  it('init from a folder per class finds the classes', async () => {
    const byClass = path.join(folder, 'by-class');
    const source = path.join(folder, 'source', 'images');
    const files = (await fs.readdir(source)).slice(0, 24);
    for (const [i, file] of files.entries()) {
      const target = path.join(byClass, i % 2 === 0 ? 'normal' : 'other');
      await fs.mkdir(target, { recursive: true });
      await fs.copyFile(path.join(source, file), path.join(target, file));
    }
    const made = await commandJson<{ samples: number; task: string }>([
      'init',
      path.join(folder, 'p'),
      '--images',
      byClass,
    ]);
    expect(made).toMatchObject({ samples: 24, task: 'multi-class' });
    const again = await runCommand(['init', path.join(folder, 'p'), '--images', byClass]);
    expect(again.code).toBe(3);
    expect(again.stderr).toContain('OVR103');
  });

  it('doctor says what opens', async () => {
    const report = await commandJson<{ devices: { device: string; opens: boolean }[] }>([
      'doctor',
      '--no-network',
    ]);
    expect(report.devices).toContainEqual(expect.objectContaining({ device: 'cpu', opens: true }));
  });
});
