/**
 * Where the time of features from files goes on this machine's processors (npm run bench:pipeline [-- --only NAME --images N]): preparation alone,
 * inference alone, both together, and how each scales from one core to all. Weights are random: their values do not change the time.
 *
 * Two bounds hold whatever is done: nothing is faster than its longer stage alone; and both stages together need the processor time of
 * both, so many cores take at least that divided by their number. On two cores, which inference alone fills, the second is the higher one.
 */
import { existsSync } from 'node:fs';
import * as fs from 'node:fs/promises';
import * as os from 'node:os';
import * as path from 'node:path';
import { parseArgs } from 'node:util';
import { buildBackbone } from '../src/core/backbones/backbone';
import { physicalCores } from '../src/core/onnx/cores';
import type { Backbone } from '../src/core/networks/model';
import { resolveWeights } from '../src/core/weights/resolve';
import { buildInferenceProgram } from './architecturesOurs';
import {
  inferenceAlone,
  preparationAlone,
  wholeExtraction,
  type Programs,
  type Spent,
  type Whole,
} from './pipeline/stages';
import { checkBound, writeResult, type Check } from './result';

/** Each with the most images that are measured: enough for seconds of work. */
const networks = [
  { architecture: 'tf_efficientnet_lite0', most: 690 },
  { architecture: 'mobilenetv3_large_100', most: 690 },
  { architecture: 'efficientnet_b0', most: 400 },
  { architecture: 'resnet18', most: 400 },
  { architecture: 'densenet121', most: 240 },
  { architecture: 'inception_v3', most: 160 },
];
const sets = ['cxr', 'busi'] as const;
/** Of the higher bound, and of one lane's speed times the lanes. */
const goal = 0.9;
/** Measured in turn, so that a machine that slows down slows all. */
const rounds = 3;

const { values: flags } = parseArgs({
  options: {
    images: { type: 'string', default: '690' },
    only: { type: 'string' },
    set: { type: 'string' },
    rounds: { type: 'string', default: String(rounds) },
    'no-scaling': { type: 'boolean', default: false },
  },
});

async function main(): Promise<void> {
  const work = await fs.mkdtemp(path.join(os.tmpdir(), 'overread-bench-'));
  const cache = path.resolve('node_modules', '.cache', 'overread');
  await fs.mkdir(cache, { recursive: true });
  // Inside the project, where `require` finds the packages.
  const build = await fs.mkdtemp(path.join(cache, 'bench-'));
  const checks: Check[] = [];
  const figures: Record<string, unknown> = { cores: await physicalCores() };
  try {
    const inference = await buildInferenceProgram(build);
    const programs = { inference, preparation: path.join(build, 'preparationWorker.js') };
    for (const set of sets.filter((name) => flags.set === undefined || name === flags.set)) {
      const files = await imagesOf(set);
      if (files.length === 0) {
        checks.push({ name: set, verdict: 'skipped', detail: `../shared/data/${set} is not here` });
        continue;
      }
      for (const { architecture, most } of networks) {
        if (flags.only !== undefined && architecture !== flags.only) continue;
        const backbone = await open(architecture, work, set === 'cxr' ? 1 : 3);
        const share = files.slice(0, Math.min(most, Number(flags.images)));
        const name = `${set}, ${architecture}`;
        const found = await stages(programs, backbone, share, path.join(work, name));
        figures[name] = found;
        checks.push(...judge(name, found));
        console.log(line(name, found));
        if (set === 'cxr' && !flags['no-scaling']) {
          const scaling = await scale(programs, backbone, share);
          figures[`${name}, scaling`] = scaling;
          checks.push(...judgeScaling(name, scaling));
        }
      }
    }
  } finally {
    await fs.rm(work, { recursive: true, force: true });
    await fs.rm(build, { recursive: true, force: true });
    writeResult('pipeline', { checks, figures });
  }
}

async function imagesOf(set: (typeof sets)[number]): Promise<string[]> {
  const folder = path.resolve('../shared/data', set, 'images');
  if (!existsSync(folder)) return [];
  const all = await fs.readdir(folder, { recursive: true });
  return all
    .filter((name) => name.endsWith('.jpg'))
    .sort()
    .map((name) => path.join(folder, name));
}

async function open(architecture: string, work: string, channels: 1 | 3): Promise<Backbone> {
  const cacheDir = path.join(work, 'weights');
  const resolved = await resolveWeights({ architecture, weights: 'random', cacheDir, env: process.env });
  return buildBackbone(resolved, { channels, bytes: true });
}

interface Stages {
  readonly images: number;
  readonly cores: number;
  /** ms for each image, the best of the rounds. */
  readonly preparation: Spent;
  readonly inference: Spent;
  readonly whole: Whole;
  /** The longer stage alone. */
  readonly longer: number;
  /** The processor time of both stages over the cores. */
  readonly shared: number;
  /** The longer stage's share of the whole: the goal of the issue. */
  readonly share_of_longer: number;
  /** The higher bound's share of the whole; in steady state, without start and end. */
  readonly share_of_bound: number;
  readonly steady_share_of_bound: number;
  /** Processor time of the whole beyond that of the two stages, ms for each image. */
  readonly beyond: number;
}

async function stages(
  programs: Programs,
  backbone: Backbone,
  files: readonly string[],
  root: string,
): Promise<Stages> {
  const cores = await physicalCores();
  const found = {
    preparation: [] as Spent[],
    inference: [] as Spent[],
    whole: [] as Whole[],
  };
  for (let round = 0; round < Number(flags.rounds); round++) {
    found.preparation.push(await preparationAlone(programs, backbone, files, os.availableParallelism()));
    found.inference.push(await inferenceAlone(programs, backbone, files.length, cores));
    found.whole.push(await wholeExtraction(programs, backbone, files, `${root}-${round}`));
  }
  const preparation = best(found.preparation, ['wall', 'processor']);
  const inference = best(found.inference, ['wall', 'processor']);
  const whole = best(found.whole, ['wall', 'processor', 'first_batch', 'steady']);
  const longer = Math.max(preparation.wall, inference.wall);
  const shared = (preparation.processor + inference.processor) / cores;
  const bound = Math.max(longer, shared);
  return {
    images: files.length,
    ...{ cores, preparation, inference, whole, longer, shared },
    share_of_longer: longer / whole.wall,
    share_of_bound: bound / whole.wall,
    steady_share_of_bound: bound / whole.steady,
    beyond: whole.processor - preparation.processor - inference.processor,
  };
}

/** Of each figure the best of the rounds: whatever else the machine does only makes it slower. */
function best<K extends string>(
  all: readonly Readonly<Record<K, number>>[],
  keys: readonly K[],
): Record<K, number> {
  const least = keys.map((key) => [key, Math.min(...all.map((one) => one[key]))]);
  return Object.fromEntries(least) as Record<K, number>;
}

function line(name: string, { preparation, inference, whole, longer, shared, ...shares }: Stages): string {
  const ms = ({ wall, processor }: Spent): string => `${wall.toFixed(2)} (${processor.toFixed(2)})`;
  return (
    `${name}: preparation ${ms(preparation)}, inference ${ms(inference)}, whole ${ms(whole)} ms; ` +
    `steady ${whole.steady.toFixed(2)}, first batch after ${whole.first_batch.toFixed(0)} ms; ` +
    `longer ${longer.toFixed(2)}, shared ${shared.toFixed(2)}; ` +
    `of longer ${shares.share_of_longer.toFixed(3)}, of bound ${shares.share_of_bound.toFixed(3)}, ` +
    `steady ${shares.steady_share_of_bound.toFixed(3)}; beyond ${shares.beyond.toFixed(2)}`
  );
}

/** The whole with its start and end, which weigh less the more images there are; and what it comes to in between. */
function judge(name: string, found: Stages): Check[] {
  const { share_of_bound, steady_share_of_bound, share_of_longer, longer, shared, whole } = found;
  const bounds =
    `longer stage ${longer.toFixed(2)} ms, both by the cores ${shared.toFixed(2)}; ` +
    `of the longer stage ${share_of_longer.toFixed(3)}`;
  return [
    checkBound(
      `${name}, ${found.images} images: share of what ${found.cores} cores allow`,
      share_of_bound,
      `at least ${goal}; ${whole.wall.toFixed(2)} ms, ${bounds}`,
      share_of_bound >= goal,
    ),
    checkBound(
      `${name}, in steady state`,
      steady_share_of_bound,
      `at least ${goal}; ${whole.steady.toFixed(2)} ms`,
      steady_share_of_bound >= goal,
    ),
  ];
}

/** A stage with 1 to all cores. */
type Scaling = Readonly<Record<'lanes' | 'threads that prepare', readonly Spent[]>>;

async function scale(programs: Programs, backbone: Backbone, files: readonly string[]): Promise<Scaling> {
  const cores = await physicalCores();
  const lanes: Spent[] = [];
  const threads: Spent[] = [];
  for (let count = 1; count <= cores; count++) {
    const share = files.slice(0, Math.ceil((files.length * count) / cores));
    const taken = { lanes: [] as Spent[], threads: [] as Spent[] };
    for (let round = 0; round < Number(flags.rounds); round++) {
      taken.lanes.push(await inferenceAlone(programs, backbone, share.length, count));
      taken.threads.push(await preparationAlone(programs, backbone, share, count));
    }
    lanes.push(best(taken.lanes, ['wall', 'processor']));
    threads.push(best(taken.threads, ['wall', 'processor']));
  }
  return { lanes, 'threads that prepare': threads };
}

/**
 * By the clock each lane does as much as one alone, where the machine does nothing else; processor time for an image says the same on a
 * busy machine too: it grows where lanes wait for each other's memory or spin.
 */
function judgeScaling(name: string, scaling: Scaling): Check[] {
  return Object.entries(scaling).flatMap(([what, spent]) => {
    const [one, all] = [spent[0], spent.at(-1)];
    if (!one || !all) return [];
    const each = one.wall / all.wall / spent.length;
    const kept = one.processor / all.processor;
    const listed = (of: (spent: Spent) => number, digits: number): string =>
      spent.map((found, i) => `${i + 1}: ${of(found).toFixed(digits)}`).join(', ');
    const speeds = `images/s with ${listed(({ wall }) => 1000 / wall, 1)}`;
    const times = `ms of processor time for an image with ${listed(({ processor }) => processor, 2)}`;
    return [
      checkBound(
        `${name}: each of ${spent.length} ${what} against one`,
        each,
        `at least ${goal}; ${speeds}`,
        each >= goal,
      ),
      checkBound(
        `${name}: work of one against that of ${spent.length} ${what}`,
        kept,
        `at least ${goal}; ${times}`,
        kept >= goal,
      ),
    ];
  });
}

void main();
