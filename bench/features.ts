/**
 * Features from JPEG files against inference alone (npm run bench:features [-- --images N --only NAME,… --rounds N --processor]): the same backbone, on
 * tensors that are in memory already, in the same run, the faster of one session and several; and against PyTorch with timm and PIL where OVERREAD_PYTHON
 * names a Python that has them. Weights are random: their values do not change the time.
 */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import * as fs from 'node:fs/promises';
import * as os from 'node:os';
import * as path from 'node:path';
import { performance } from 'node:perf_hooks';
import { parseArgs } from 'node:util';
import { extractFeatures } from '../src/core/features/extract';
import { openInference, type Inference } from '../src/core/inference/inference';
import { openInferencePool } from '../src/core/inference/inferencePool';
import { decodeImage } from '../src/core/images/decode';
import { asGrey } from '../src/core/images/grey';
import { preprocessToBytes } from '../src/core/images/preprocess';
import { Resampler } from '../src/core/images/resampler';
import { buildBackbone } from '../src/core/backbones/backbone';
import type { Backbone } from '../src/core/networks/model';
import { resolveWeights } from '../src/core/weights/resolve';
import { buildInferenceProgram } from './architecturesOurs';
import { checkBound, percentile, writeResult, type Check } from './result';
import { cachesIn } from '../test/support/caches';

const source = path.resolve('../shared/data/cxr/images');
/** One of each family that timm has as well, with the most images that are measured: enough for seconds of work. */
const architectures = [
  { architecture: 'tf_efficientnet_lite0', most: 690 },
  { architecture: 'densenet121', most: 200 },
  { architecture: 'mobilenetv3_large_100', most: 400 },
  { architecture: 'mnasnet_100', most: 400 },
  { architecture: 'efficientnet_b0', most: 300 },
  { architecture: 'resnet18', most: 300 },
  { architecture: 'resnet50', most: 120 },
  { architecture: 'inception_v3', most: 120 },
  { architecture: 'inception_v4', most: 60 },
  { architecture: 'vgg11', most: 60 },
];
/** What is left of the speed of inference alone when images have to be read, decoded and preprocessed. */
const goal = 0.9;
/** Measured in turn, so that a machine that slows down slows both. */
const rounds = 3;
const batch = 8;

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      images: { type: 'string', default: '690' },
      only: { type: 'string' },
      rounds: { type: 'string', default: String(rounds) },
      /** On a machine that does other things: times of the processor alone. */
      processor: { type: 'boolean', default: false },
    },
  });
  const only = values.only?.split(',');
  if (!existsSync(source)) {
    const detail = 'the chest X-rays of ../shared/data/cxr are not here';
    writeResult('features', { checks: [{ name: 'features', verdict: 'skipped', detail }], figures: {} });
    return;
  }
  const all = (await fs.readdir(source))
    .filter((name) => name.endsWith('.jpg'))
    .sort()
    .slice(0, Number(values.images))
    .map((name) => path.join(source, name));
  const work = await fs.mkdtemp(path.join(os.tmpdir(), 'overread-bench-'));
  const cache = path.resolve('node_modules', '.cache', 'overread');
  await fs.mkdir(cache, { recursive: true });
  // Inside the project, where `require` finds the packages.
  const build = await fs.mkdtemp(path.join(cache, 'bench-'));
  try {
    const program = await buildInferenceProgram(build);
    const checks: Check[] = [];
    const figures: Record<string, unknown> = {};
    for (const { architecture, most } of architectures) {
      if (only?.includes(architecture) === false) continue;
      const files = all.slice(0, most);
      const backbone = await open(architecture, work);
      const list = await listing(files, work);
      const judged: Check[] = [];
      if (values.processor) {
        // What the first one compiles the others find.
        await fromFiles(backbone, quarterOf(files), path.join(work, `${architecture}-warm`), program);
        const whole = await fromFiles(backbone, files, path.join(work, architecture), program);
        const processor_ms = await withoutStart(
          backbone,
          files,
          path.join(work, architecture),
          program,
          whole,
        );
        const peer = askPeer(architecture, files, work, [list, '--processor-only']);
        figures[architecture] = { images: files.length, processor_ms, pytorch: peer };
        judged.push(judgeWork(architecture, processor_ms, peer));
      } else {
        const figure = await measure(backbone, files, { work, program, rounds: Number(values.rounds) });
        const peer = askPeer(architecture, files, work, [list]);
        figures[architecture] = { images: files.length, ...figure, pytorch: peer };
        judged.push(...judge(architecture, figure, peer), judgeWork(architecture, figure.processor_ms, peer));
      }
      for (const { name, verdict, detail } of judged) console.log(`${verdict} ${name}: ${detail}`);
      checks.push(...judged);
    }
    writeResult('features', { checks, figures: { rounds: Number(values.rounds), ...figures } });
  } finally {
    await fs.rm(work, { recursive: true, force: true });
    await fs.rm(build, { recursive: true, force: true });
  }
}

interface Figures {
  /** Inference alone, the faster of the two below. Milliseconds for each image, median of the rounds, as are the others. */
  readonly inference_ms: number;
  /** One session on all cores: what one gets without further thought. */
  readonly one_session_ms: number;
  /** Lanes side by side, as the extraction runs. */
  readonly lanes_ms: number;
  /** From files to the cache on disk, with inference on threads of its own, as the command line runs it. */
  readonly files_ms: number;
  /** The same, of the processor, all threads together, without the start. */
  readonly processor_ms: number;
  /** The same as `files_ms` with inference on the calling thread. */
  readonly one_thread_ms: number;
  readonly decode_ms: number;
  readonly preprocess_ms: number;
  readonly share: number;
  readonly cached_s: number;
}

/** The X-rays are grey, so they go through the network that is folded for it; inference alone is that one too. */
async function open(architecture: string, work: string): Promise<Backbone> {
  const resolved = await resolveWeights({
    architecture,
    weights: 'random',
    cacheDir: path.join(work, 'weights'),
    env: process.env,
  });
  return buildBackbone(resolved, { channels: 1, bytes: true });
}

async function measure(
  backbone: Backbone,
  files: readonly string[],
  { work, program, rounds }: { readonly work: string; readonly program: string; readonly rounds: number },
): Promise<Figures> {
  const { architecture } = backbone.weights;
  const prepared = await prepare(backbone, files.slice(0, batch));
  const session: number[] = [];
  const lanes: number[] = [];
  const threaded: number[] = [];
  const processor: number[] = [];
  const oneThread: number[] = [];
  for (let round = 0; round < rounds; round++) {
    const count = files.length;
    session.push(await inferenceAlone(await openInference(backbone, 'cpu'), prepared.data, count));
    lanes.push(
      await inferenceAlone(await openInferencePool(program, backbone, 'cpu', count), prepared.data, count),
    );
    const whole = await fromFiles(backbone, files, path.join(work, `${architecture}-${round}`), program);
    threaded.push(whole.ms);
    const root = path.join(work, `${architecture}-${round}`);
    processor.push(await withoutStart(backbone, files, root, program, whole));
    oneThread.push((await fromFiles(backbone, files, `${root}-one`)).ms);
  }
  const start = performance.now();
  await fromFiles(backbone, files, path.join(work, `${architecture}-0`), program);
  const one_session_ms = percentile(session, 0.5);
  const lanes_ms = percentile(lanes, 0.5);
  const inference_ms = Math.min(one_session_ms, lanes_ms);
  const files_ms = percentile(threaded, 0.5);
  return {
    inference_ms,
    one_session_ms,
    lanes_ms,
    files_ms,
    processor_ms: percentile(processor, 0.5),
    one_thread_ms: percentile(oneThread, 0.5),
    decode_ms: prepared.decode_ms,
    preprocess_ms: prepared.preprocess_ms,
    share: inference_ms / files_ms,
    cached_s: (performance.now() - start) / 1000,
  };
}

/** Grey levels of the files in one array, and what an image took to become one. */
async function prepare(
  backbone: Backbone,
  files: readonly string[],
): Promise<{ data: Uint8Array<ArrayBuffer>; decode_ms: number; preprocess_ms: number }> {
  const { channels, weights } = backbone;
  const { preprocessing } = weights;
  const length = channels * preprocessing.size ** 2;
  const data = new Uint8Array(files.length * length);
  const resampler = new Resampler();
  let decoding = 0;
  let preprocessed = 0;
  for (const [i, file] of files.entries()) {
    const start = performance.now();
    const image = await decodeImage(file);
    const decoded = performance.now();
    data.set(preprocessToBytes(asGrey(image) ?? image, preprocessing, channels, resampler), i * length);
    decoding += decoded - start;
    preprocessed += performance.now() - decoded;
  }
  return { data, decode_ms: decoding / files.length, preprocess_ms: preprocessed / files.length };
}

/**
 * Milliseconds an image for inference on tensors in memory; the session is open and warm. Every lane is kept at work,
 * each on a buffer of its own.
 */
async function inferenceAlone(
  inference: Inference,
  data: Uint8Array<ArrayBuffer>,
  images: number,
): Promise<number> {
  const buffers = Array.from({ length: 2 * inference.lanes }, () => data.slice());
  const lane = async (buffer: Uint8Array<ArrayBuffer>, share: number) => {
    for (let done = 0; done < share; done += batch) buffer = (await inference.run(buffer, batch)).images;
    return buffer;
  };
  const warm = await Promise.all(buffers.map((buffer) => lane(buffer, batch)));
  const rounded = batch * Math.ceil(images / batch / buffers.length);
  const start = performance.now();
  await Promise.all(warm.map((buffer) => lane(buffer, rounded)));
  const elapsed = performance.now() - start;
  await inference.close();
  return elapsed / (rounded * buffers.length);
}

interface Extracted {
  /** By the clock, an image. */
  readonly ms: number;
  /** Of the processor, all threads together, for all images and the start, ms. */
  readonly spent: number;
}

/**
 * Milliseconds of the processor for an image without the start, as it is taken of the peer: what all images take beyond a quarter of
 * them, in two extractions that both start and end. A mark within one would leave out the work on batches that are under way there.
 */
async function withoutStart(
  backbone: Backbone,
  files: readonly string[],
  root: string,
  program: string,
  whole: Extracted,
): Promise<number> {
  const few = quarterOf(files);
  const { spent } = await fromFiles(backbone, few, `${root}-quarter`, program);
  return (whole.spent - spent) / (files.length - few.length);
}

function quarterOf(files: readonly string[]): readonly string[] {
  return files.slice(0, Math.ceil(files.length / 4));
}

/** Milliseconds from files to the cache on disk, all of it: hashing, opening the session, syncing. */
async function fromFiles(
  backbone: Backbone,
  files: readonly string[],
  root: string,
  inferenceProgram?: string,
): Promise<Extracted> {
  const before = process.cpuUsage();
  const start = performance.now();
  const table = await extractFeatures({
    ...(await cachesIn(root)),
    images: files.map((file) => ({ id: path.basename(file), file })),
    weights: backbone.weights,
    loadBackbone: () => Promise.resolve(backbone),
    device: 'cpu',
    ...(inferenceProgram === undefined ? {} : { inferenceProgram }),
  });
  if (table.faults.length > 0) throw new Error(`${table.faults.length} images could not be read`);
  const ms = (performance.now() - start) / files.length;
  const { user, system } = process.cpuUsage(before);
  return { ms, spent: (user + system) / 1000 };
}

interface Peer {
  readonly images: number;
  readonly torch: string;
  readonly timm: string;
  /** null: only the processor's time was asked for. */
  readonly plain_s: number | null;
  readonly workers_s: number | null;
  /** Of the processor, one thread. */
  readonly processor_s: number;
}

async function listing(files: readonly string[], work: string): Promise<string> {
  const file = path.join(work, 'files.txt');
  await fs.writeFile(file, files.join('\n'));
  return file;
}

/** PyTorch's figures, or why there are none. */
function askPeer(
  architecture: string,
  files: readonly string[],
  work: string,
  more: readonly string[],
): Peer | string {
  const python = process.env['OVERREAD_PYTHON'];
  if (python === undefined) return 'OVERREAD_PYTHON names no Python with torch, timm and PIL';
  const script = path.resolve('bench', 'features.py');
  const { status, stdout, stderr } = spawnSync(python, [script, architecture, ...more], {
    cwd: work,
    encoding: 'utf8',
  });
  if (status !== 0) return `the Python peer failed: ${stderr.trim().split('\n').at(-1) ?? status}`;
  const peer = JSON.parse(stdout) as Peer;
  return peer.images === files.length ? peer : 'the Python peer read other images';
}

function judge(architecture: string, figure: Figures, peer: Peer | string): Check[] {
  const { inference_ms, files_ms, share } = figure;
  const speed = `${files_ms.toFixed(2)} ms an image from files, ${inference_ms.toFixed(2)} ms inference alone`;
  const checks = [
    checkBound(
      `${architecture}: share of pure inference`,
      share,
      `at least ${goal}; ${speed}`,
      share >= goal,
    ),
  ];
  const name = `${architecture}: times the speed of PyTorch, timm and PIL`;
  if (typeof peer === 'string') return [...checks, { name, verdict: 'skipped', detail: peer }];
  const theirs = (1000 * Math.min(peer.plain_s ?? Infinity, peer.workers_s ?? Infinity)) / peer.images;
  const ratio = theirs / files_ms;
  checks.push(checkBound(name, ratio, `above 1; theirs ${theirs.toFixed(2)} ms an image`, ratio > 1));
  return checks;
}

/** By the processor's time, which other work on the machine hardly changes; both without their start. */
function judgeWork(architecture: string, processor_ms: number, peer: Peer | string): Check {
  const name = `${architecture}: processor time of PyTorch, timm and PIL on one thread over ours`;
  if (typeof peer === 'string') return { name, verdict: 'skipped', detail: peer };
  const theirs = (1000 * peer.processor_s) / peer.images;
  const ratio = theirs / processor_ms;
  const detail = `above 1; theirs ${theirs.toFixed(2)} ms an image, ours ${processor_ms.toFixed(2)}`;
  return checkBound(name, ratio, detail, ratio > 1);
}

void main();
