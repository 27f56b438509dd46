/**
 * Features on a graphics card, all checks in one run of a few minutes (`npm run bench:gpu [-- --images N]`): every device equal to the
 * processor, each alone, from JPEG files in steady state against PyTorch with a worker for each core, memory. Weights
 * are random: their values do not change the time. `OVERREAD_PYTHON` names a Python with torch, timm and PIL. Without a card it says so.
 */
import * as fs from 'node:fs/promises';
import * as os from 'node:os';
import * as path from 'node:path';
import { performance } from 'node:perf_hooks';
import { parseArgs } from 'node:util';
import { buildBackbone } from '../../src/core/backbones/backbone';
import { runProgram } from '../../src/core/base/programs';
import type { Backbone } from '../../src/core/networks/model';
import type { ConcreteDevice } from '../../src/core/onnx/devices';
import { probeDevices } from '../../src/core/onnx/runtime';
import { resolveWeights, type ResolvedWeights } from '../../src/core/weights/resolve';
import { checkBound, writeResult, type Check } from '../result';
import { cardMemory, graphicsCard, peakMemory, processors, resetPeak } from './machine';
import { writePictures } from './pictures';
import { filesSpeed, inferenceSpeed, preparationSpeed, type Programs } from './speeds';

/** The goal on 16 cores and an H200, and what it is of PyTorch's loader alone. */
const goalPerSecond = 2300;
const goalOfLoader = 1.5;
const equalTo = 1e-4;
const halfEqualTo = 1e-2;
const architecture = 'densenet121';

const { values: flags } = parseArgs({
  options: {
    images: { type: 'string', default: '24000' },
    seconds: { type: 'string', default: '8' },
    programs: { type: 'string', default: 'dist' },
    /** Only this device, from files and alone. */
    only: { type: 'string' },
    quick: { type: 'boolean', default: false },
  },
});
const checks: Check[] = [];
const figures: Record<string, unknown> = {};
const begun = performance.now();

/** A step: its figure, or why there is none; the others go on. */
async function step<T>(name: string, work: () => Promise<T>): Promise<T | undefined> {
  try {
    const value = await work();
    console.log(
      `${((performance.now() - begun) / 1000).toFixed(0).padStart(4)} s  ${name}: ${JSON.stringify(value)}`,
    );
    figures[name] = value;
    return value;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    console.log(`      ${name} failed: ${reason}`);
    checks.push({ name, verdict: 'fail', detail: reason });
    return undefined;
  }
}

async function main(): Promise<void> {
  const images = Number(flags.images);
  const seconds = Number(flags.seconds);
  const programs: Programs = {
    inference: path.resolve(flags.programs, 'inferenceWorker.js'),
    preparation: path.resolve(flags.programs, 'preparationWorker.js'),
  };
  const card = await graphicsCard();
  figures['device'] = card ?? 'no graphics card: what needs one is skipped';
  console.log(`device: ${String(figures['device'])}; ${processors} processors, ${os.cpus()[0]?.model ?? ''}`);
  const work = await fs.mkdtemp(path.join(os.tmpdir(), 'overread-gpu-'));
  try {
    const probes = await probeDevices();
    for (const { device, opens, reason } of probes)
      console.log(`  ${device}: ${opens ? 'opens' : 'no'} (${reason})`);
    const devices = probes.filter(({ opens }) => opens).map(({ device }) => device);
    const resolved = await resolveWeights({
      architecture,
      weights: 'random',
      cacheDir: path.join(work, 'weights'),
      env: process.env,
    });
    const backbone = await buildBackbone(resolved, { bytes: true });
    const files = await writePictures(path.join(work, 'pictures'), images);
    await step('pictures', () => Promise.resolve({ images, device: card ?? 'cpu' }));
    if (flags.only !== undefined) {
      for (const device of devices.filter((one) => one === flags.only)) {
        await fromFiles(programs, backbone, device, files, work);
        await alone(programs, backbone, device, seconds / 2);
      }
      return;
    }
    await prepareAlone(programs, backbone, files);
    await equality(programs, backbone, devices, files.slice(0, 64), work);
    const cards = devices.filter((device) => device !== 'cpu');
    await inHalf(
      programs,
      { single: backbone, half: await halved(resolved) },
      cards,
      files.slice(0, 64),
      work,
    );
    for (const device of devices) if (device !== 'cpu') await alone(programs, backbone, device, seconds / 2);
    for (const device of devices) await fromFiles(programs, backbone, device, files, work);
    await peer(files, work, card !== undefined, seconds);
  } finally {
    await fs.rm(work, { recursive: true, force: true });
    if (card === undefined) {
      checks.push({ name: 'graphics card', verdict: 'skipped', detail: 'there is none on this machine' });
    }
    writeResult('gpu-features', { checks, figures });
  }
}

async function prepareAlone(programs: Programs, backbone: Backbone, files: readonly string[]): Promise<void> {
  for (let threads = 1; threads <= processors; threads *= 2) {
    const share = files.slice(0, 400 * threads);
    await step(`preparation, ${threads} threads, images/s`, () =>
      preparationSpeed(programs, backbone, share, threads),
    );
  }
}

/** Every device against the processor. */
async function equality(
  programs: Programs,
  backbone: Backbone,
  devices: readonly ConcreteDevice[],
  files: readonly string[],
  work: string,
): Promise<void> {
  const features = async (device: ConcreteDevice) =>
    (await filesSpeed(programs, backbone, device, files, path.join(work, `equal-${device}`))).table.features;
  const expected = await features('cpu');
  const size = Math.sqrt(expected.reduce((sum, value) => sum + value ** 2, 0));
  for (const device of devices) {
    if (device === 'cpu') continue;
    const difference = await step(`${device} against cpu, relative`, async () => {
      const found = await features(device);
      return Math.sqrt(found.reduce((sum, value, i) => sum + (value - (expected[i] ?? NaN)) ** 2, 0)) / size;
    });
    if (difference !== undefined) {
      checks.push(checkBound(`${device} equals cpu`, difference, `below ${equalTo}`, difference < equalTo));
    }
  }
}

function halved(resolved: ResolvedWeights): Promise<Backbone> {
  const identity = { ...resolved.identity, precision: 'fp16' as const };
  return buildBackbone({ ...resolved, identity }, { bytes: true });
}

/** Half precision: how far from the processor's single precision, and how fast alone. A device that lacks it fails, and says so. */
async function inHalf(
  programs: Programs,
  { single, half }: { readonly single: Backbone; readonly half: Backbone },
  devices: readonly ConcreteDevice[],
  files: readonly string[],
  work: string,
): Promise<void> {
  for (const device of devices) {
    const difference = await step(`${device} in half precision against cpu in single, relative`, async () => {
      const on = async (backbone: Backbone, where: ConcreteDevice) =>
        (await filesSpeed(programs, backbone, where, files, path.join(work, `half-${device}-${where}`))).table
          .features;
      const expected = await on(single, 'cpu');
      const found = await on(half, device);
      const size = Math.sqrt(expected.reduce((sum, value) => sum + value ** 2, 0));
      return Math.sqrt(found.reduce((sum, value, i) => sum + (value - (expected[i] ?? NaN)) ** 2, 0)) / size;
    });
    if (difference === undefined) continue;
    checks.push(
      checkBound(`${device} in half precision`, difference, `below ${halfEqualTo}`, difference < halfEqualTo),
    );
    await step(`${device} in half precision alone, batch 64, images/s`, () =>
      inferenceSpeed(programs, half, { device, batch: 64, seconds: Number(flags.seconds) / 2 }),
    );
  }
}

async function alone(
  programs: Programs,
  backbone: Backbone,
  device: ConcreteDevice,
  seconds: number,
): Promise<void> {
  for (const batch of flags.quick ? [64] : [32, 64, 128]) {
    await step(`${device} alone, batch ${batch}, images/s`, () =>
      inferenceSpeed(programs, backbone, { device, batch, seconds }),
    );
  }
}

async function fromFiles(
  programs: Programs,
  backbone: Backbone,
  device: ConcreteDevice,
  files: readonly string[],
  work: string,
): Promise<void> {
  // The processor is slow, and shows no more with more.
  const some = device === 'cpu' ? files.slice(0, 50 * processors) : files;
  resetPeak();
  const before = await cardMemory();
  await step(`${device} from files`, async () => {
    const {
      table: _,
      card_mb: during,
      ...speeds
    } = await filesSpeed(programs, backbone, device, some, path.join(work, device));
    return { images: some.length, ...speeds, peak_mb: peakMemory(), card_mb: during - before };
  });
}

async function peer(
  files: readonly string[],
  work: string,
  hasCard: boolean,
  seconds: number,
): Promise<void> {
  const python = process.env['OVERREAD_PYTHON'];
  if (!hasCard || python === undefined) {
    const detail = hasCard ? 'OVERREAD_PYTHON names no Python with torch, timm and PIL' : 'there is no card';
    checks.push({ name: 'PyTorch', verdict: 'skipped', detail });
    return;
  }
  const list = path.join(work, 'files.txt');
  await fs.writeFile(list, files.join('\n'));
  const theirs = await step('PyTorch', async () => {
    const script = path.resolve('bench', 'gpu', 'features.py');
    const args = [script, architecture, list, String(processors), String(seconds)];
    const { code, stdout, stderr } = await runProgram(python, args, { env: process.env, timeLimit: 240_000 });
    if (code !== 0) throw new Error(stderr.trim().split('\n').at(-1) ?? `ended with ${code}`);
    return JSON.parse(stdout) as { readonly loader_per_s: number; readonly features_per_s: number };
  });
  const steady = ['cuda', 'webgpu'].map(
    (device) => (figures[`${device} from files`] as { steady_per_s?: number } | undefined)?.steady_per_s ?? 0,
  );
  const best = Math.max(...steady);
  checks.push(checkBound('from files, images/s', best, `at least ${goalPerSecond}`, best >= goalPerSecond));
  if (!theirs) return;
  const ratio = best / theirs.loader_per_s;
  checks.push(
    checkBound('times PyTorch’s loader alone', ratio, `at least ${goalOfLoader}`, ratio >= goalOfLoader),
  );
}

void main();
