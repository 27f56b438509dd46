/** The stages of an extraction, each alone and all together: seconds by the clock, and of the processors. */
import * as path from 'node:path';
import { performance } from 'node:perf_hooks';
import { extractFeatures } from '../../src/core/features/extract';
import { PreparationPool } from '../../src/core/features/preparationPool';
import type { PreparedImage } from '../../src/core/features/preparer';
import { batchOf } from '../../src/core/inference/batchSizes';
import type { Inference } from '../../src/core/inference/inference';
import { openThreadedInference } from '../../src/core/inference/threadedInference';
import type { Backbone } from '../../src/core/networks/model';
import { cachesIn } from '../../test/support/caches';

/** The built programs. */
export interface Programs {
  readonly inference: string;
  readonly preparation: string;
}

/** Of one image, ms. */
export interface Spent {
  /** By the clock. */
  readonly wall: number;
  /** Of the processors, all threads together. */
  readonly processor: number;
}

/** What a stage takes for each of so many images. */
async function spent(images: number, work: () => Promise<unknown>): Promise<Spent> {
  const before = process.cpuUsage();
  const start = performance.now();
  await work();
  const wall = (performance.now() - start) / images;
  const { user, system } = process.cpuUsage(before);
  return { wall, processor: (user + system) / 1000 / images };
}

/** Reading, hashing, decoding and resampling on so many threads, with nobody to wait for. */
export async function preparationAlone(
  { preparation }: Programs,
  { weights }: Backbone,
  files: readonly string[],
  threads: number,
): Promise<Spent> {
  const pool = new PreparationPool(preparation, weights.preprocessing, threads);
  // The first images compile what the others run.
  await prepareAll(pool, files.slice(0, 32 * threads));
  const found = await spent(files.length, () => prepareAll(pool, files));
  await pool.close();
  return found;
}

async function prepareAll(pool: PreparationPool, files: readonly string[]): Promise<PreparedImage[]> {
  const next = files.values();
  const prepared: PreparedImage[] = [];
  const line = async (): Promise<void> => {
    for (const file of next) {
      const image = await pool.prepare(file, () => Promise.resolve(true));
      if (image) prepared.push(image);
    }
  };
  await Promise.all(Array.from({ length: pool.atOnce }, line));
  return prepared;
}

/** The network on pixels that are there, so many lanes of one thread, each always at work. */
export async function inferenceAlone(
  { inference: program }: Programs,
  backbone: Backbone,
  images: number,
  lanes: number,
): Promise<Spent> {
  const open = (): Promise<Inference> =>
    openThreadedInference(program, { backbone, device: 'cpu', threads: 1 });
  const opened = await Promise.all(Array.from({ length: lanes }, open));
  const batch = batchOf('cpu');
  const levels = new Uint8Array(batch * backbone.channels * backbone.weights.preprocessing.size ** 2);
  for (let i = 0; i < levels.length; i++) levels[i] = (i * 31) % 251;
  const rounds = Math.max(1, Math.round(images / batch / lanes));
  const all = (times: number): Promise<unknown> =>
    Promise.all(
      opened.map(async (lane) => {
        let buffer = levels.slice();
        for (let round = 0; round < times; round++) buffer = (await lane.run(buffer, batch)).images;
      }),
    );
  await all(1);
  const found = await spent(rounds * batch * lanes, () => all(rounds));
  await Promise.all(opened.map((lane) => lane.close()));
  return found;
}

export interface Whole extends Spent {
  /** Until the network was open and its first batch was on disk, ms. */
  readonly first_batch: number;
  /** Between a quarter of the images and nineteen twentieths, by the clock, ms for each. */
  readonly steady: number;
}

/** From files to the cache on disk, as the command line runs it. */
export async function wholeExtraction(
  programs: Programs,
  backbone: Backbone,
  files: readonly string[],
  root: string,
): Promise<Whole> {
  const seen: { readonly done: number; readonly at: number }[] = [];
  const caches = await cachesIn(root);
  const start = performance.now();
  const taken = await spent(files.length, async () => {
    const { faults } = await extractFeatures({
      ...caches,
      images: files.map((file) => ({ id: path.basename(file), file })),
      weights: backbone.weights,
      loadBackbone: () => Promise.resolve(backbone),
      device: 'cpu',
      inferenceProgram: programs.inference,
      preparationProgram: programs.preparation,
      onProgress: ({ done }) => seen.push({ done, at: performance.now() }),
    });
    if (faults.length > 0) throw new Error(`${faults.length} images could not be read`);
  });
  const from = seen.find(({ done }) => done >= files.length / 4);
  const to = seen.findLast(({ done }) => done <= 0.95 * files.length);
  const steady = from && to && to.done > from.done ? (to.at - from.at) / (to.done - from.done) : NaN;
  return { ...taken, first_batch: (seen.find(({ done }) => done > 0)?.at ?? NaN) - start, steady };
}
