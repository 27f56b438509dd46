/** The loop with an ONNX classifier as backbone, on the built program. */
import * as fs from 'node:fs/promises';
import * as os from 'node:os';
import * as path from 'node:path';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ProjectFolder } from '../../src/core/base/projectFolder';
import type { Problem } from '../../src/core/base/report';
import { setConfigValue } from '../../src/core/config/config';
import { decodeModel } from '../../src/core/onnx/schema';
import type { RunResult, RunRecord } from '../../src/core/runs/model';
import { onnxFolder } from '../core/onnxClassifier/golden';
import { commandJson, runCommand } from '../support/inProcess';
import { readySample } from '../support/readyProjects';

const images = 60;
let folder: string;
let root: string;
let cache: Record<string, string>;
beforeAll(async () => {
  folder = await fs.mkdtemp(path.join(os.tmpdir(), 'overread-onnx-cli-'));
  root = path.join(folder, 'sample');
  cache = { OVERREAD_CACHE: path.join(folder, 'cache') };
  await readySample(root, images);
  for (const file of ['xray-script.onnx', 'xray-one.onnx', 'segmentation.onnx', 'resnet-dynamo.onnx']) {
    await fs.copyFile(path.join(onnxFolder, file), path.join(root, file));
  }
  await setConfigValue(await ProjectFolder.open(root), ['model'], {
    weights: './xray-script.onnx',
    device: 'cpu',
    input: { channels: 1, size: 64, range: [-1024, 1024] },
    crop: 'whole',
  });
});
afterAll(() => fs.rm(folder, { recursive: true, force: true }));

const finetune = (...more: string[]) => commandJson<RunResult>(['finetune', root, ...more], [0], cache);
const codes = (problems: readonly Problem[]) => problems.map(({ code }) => code);

interface Exported {
  readonly file: string;
  readonly checked: number;
  readonly largestDifference: number;
}

it('is not turned into half precision', async () => {
  const refused = await runCommand(['finetune', root, '--precision', 'fp16'], cache);
  expect(refused.code).toBe(3);
  expect(refused.stderr).toContain('--precision fp32');
});

const exportRun = (...more: string[]) => commandJson<Exported>(['export', root, ...more], [0], cache);

describe('one channel in [-1024, 1024], as TorchXRayVision has it', () => {
  let first: RunResult;
  beforeAll(async () => {
    first = await finetune('--name', 'xray');
  });

  it('the run says what it was made with', async () => {
    expect(first).toMatchObject({ architecture: 'onnx', counts: { samples: images, skipped: 0 } });
    expect(first.weights).toMatch(/^onnx\.file-[0-9a-f]{12}$/);
    const record = JSON.parse(await fs.readFile(path.join(first.dir, 'run.json'), 'utf8')) as RunRecord;
    expect(record.network?.weights).toMatchObject({
      name: first.weights,
      source: 'file',
      trained_on: 'not declared',
      truncate: null,
      preprocessing: { size: 64, channels: 1, mean: [0.5], std: [1 / 2048], cropPct: 1, crop: 'whole' },
    });
  });

  it('asks what it was trained on, once', () => {
    expect(codes(first.problems).filter((code) => code === 'OVR508')).toHaveLength(1);
    const asked = first.problems.find(({ code }) => code === 'OVR508')!;
    expect(asked).toMatchObject({ severity: 'warning', place: { field: 'model.trained_on' } });
  });

  it('errors are listed, and features come from the cache the second time', async () => {
    const { errors } = await commandJson<{ errors: unknown[] }>(['errors', root], [0, 1], cache);
    expect(errors).toHaveLength(first.counts.errors);
    const out = path.join(folder, 'features.npy');
    const table = await commandJson<{ shape: number[]; cached: number }>(
      ['features', root, '--out', out],
      [0],
      cache,
    );
    expect(table).toMatchObject({ shape: [images, 26], cached: images });
  });

  it('export reproduces the run, with one grey channel', async () => {
    const exported = await exportRun();
    expect(exported.checked).toBeGreaterThan(0);
    expect(exported.largestDifference).toBeLessThan(1e-4);
    const bytes = await fs.readFile(exported.file);
    const metadata = new Map(decodeModel(bytes).metadataProps.map(({ key, value }) => [key, value]));
    expect(metadata.get('input')).toContain('N x 1 x size x size, grey in [0, 1]');
    const session = await InferenceSession.create(bytes);
    const image = new Tensor('float32', new Float32Array(2 * 64 * 64).fill(0.25), [2, 1, 64, 64]);
    const { probabilities } = await session.run({ image });
    expect(probabilities!.dims[0]).toBe(2);
    await session.release();
  });
});

it('declared data sets that the project holds are a warning in finetune and features', async () => {
  await setConfigValue(
    await ProjectFolder.open(root),
    ['model', 'trained_on'],
    ['NIH ChestX-ray14', 'sample'],
  );
  try {
    const { problems, dir } = await finetune('--name', 'declared');
    expect(codes(problems)).not.toContain('OVR508');
    const overlaps = problems.filter(({ code }) => code === 'OVR211');
    expect(overlaps).toHaveLength(1);
    expect(overlaps[0]!.message).toMatch(new RegExp(`^${images} of ${images} samples look like sample`));
    const record = JSON.parse(await fs.readFile(path.join(dir, 'run.json'), 'utf8')) as RunRecord;
    expect(record.network?.weights.trained_on).toBe('NIH ChestX-ray14, sample');
    expect(codes(record.problems)).toContain('OVR211');
    const table = await runCommand(['features', root, '--out', path.join(folder, 'f.npy')], cache);
    expect(table.stderr).toMatch(/overread\.yaml:\d+:\d+: warning OVR211:/);
  } finally {
    await setConfigValue(await ProjectFolder.open(root), ['model', 'trained_on'], []);
  }
});

it('a batch written into the model changes no feature', async () => {
  const free = await finetune('--name', 'free');
  await setConfigValue(await ProjectFolder.open(root), ['model', 'weights'], './xray-one.onnx');
  const one = await finetune('--name', 'one');
  expect(one.weights).not.toBe(free.weights);
  expect(one.timings.cached).toBe(0);
  expect(one.metrics.out_of_fold.accuracy.value).toBeCloseTo(free.metrics.out_of_fold.accuracy.value!, 6);
  expect((await exportRun()).largestDifference).toBeLessThan(1e-4);
});

it('an earlier run is exported by the name of its weights, whatever the project has now', async () => {
  await setConfigValue(await ProjectFolder.open(root), ['model', 'weights'], './resnet-dynamo.onnx');
  await setConfigValue(await ProjectFolder.open(root), ['model', 'input'], { crop_pct: 0.9 });
  const three = await finetune('--name', 'resnet');
  expect((await exportRun()).largestDifference).toBeLessThan(1e-4);
  const earlier = await exportRun('--run', 'xray');
  expect(earlier.largestDifference).toBeLessThan(1e-4);
  expect(three.counts.samples).toBe(images);
});

it.each([
  ['segmentation.onnx', 3, /segmentation\.onnx:1:1: error OVR506: .*no linear layer.*"y".*Resize/],
  ['samples.onnx', 3, /OVR502: There is no weights file samples\.onnx/],
])('--weights %s is refused', async (file, code, words) => {
  const result = await runCommand(['finetune', root, '--weights', file], cache);
  expect(result.code).toBe(code);
  expect(result.stderr).toMatch(words);
});
