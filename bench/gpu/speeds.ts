/** Speeds, images a second: of preparation alone, of inference alone, and from files to features in steady state. */
import * as path from 'node:path';
import { performance } from 'node:perf_hooks';
import { extractFeatures, type FeatureTable } from '../../src/core/features/extract';
import { PreparationPool } from '../../src/core/features/preparationPool';
import { openThreadedInference } from '../../src/core/inference/threadedInference';
import type { Backbone } from '../../src/core/networks/model';
import type { ConcreteDevice } from '../../src/core/onnx/devices';
import { cardMemory } from './machine';
import { cachesIn } from '../../test/support/caches';

/** The built programs. */
export interface Programs {
  readonly inference: string;
  readonly preparation: string;
}

/** How fast so many threads prepare images when nobody waits for them. */
export async function preparationSpeed(
  { preparation }: Programs,
  { weights }: Backbone,
  files: readonly string[],
  threads: number,
): Promise<number> {
  const pool = new PreparationPool(preparation, weights.preprocessing, threads);
  const prepareAll = async (all: readonly string[]): Promise<void> => {
    let next = 0;
    const lane = async (): Promise<void> => {
      for (let file = all[next++]; file !== undefined; file = all[next++]) {
        await pool.prepare(file, () => Promise.resolve(true));
      }
    };
    await Promise.all(Array.from({ length: pool.atOnce }, lane));
  };
  // The first images compile what the others run.
  await prepareAll(files.slice(0, 100 * threads));
  const start = performance.now();
  await prepareAll(files);
  const speed = files.length / ((performance.now() - start) / 1000);
  await pool.close();
  return speed;
}

/** How fast a device is when pixels are there already. */
export async function inferenceSpeed(
  { inference: program }: Programs,
  backbone: Backbone,
  settings: {
    readonly device: ConcreteDevice;
    readonly batch: number;
    readonly seconds: number;
  },
): Promise<number> {
  const { device, batch, seconds } = settings;
  const inference = await openThreadedInference(program, { backbone, device, threads: 1 });
  const { size } = backbone.weights.preprocessing;
  let images = 0;
  const levels = new Uint8Array(batch * backbone.channels * size * size);
  for (let i = 0; i < levels.length; i++) levels[i] = (i * 31) % 251;
  // One batch at work and one that waits.
  const lines = [0, 1].map(() => ({ buffer: levels.slice() }));
  const all = (until: () => boolean): Promise<unknown> =>
    Promise.all(
      lines.map(async (line) => {
        do {
          line.buffer = (await inference.run(line.buffer, batch)).images;
          images += batch;
        } while (!until());
      }),
    );
  // The first calls choose algorithms and take memory.
  for (let i = 0; i < 3; i++) await all(() => true);
  images = 0;
  const start = performance.now();
  const elapsed = (): number => (performance.now() - start) / 1000;
  await all(() => elapsed() > seconds);
  const speed = images / elapsed();
  await inference.close();
  return speed;
}

export interface FilesSpeed {
  readonly steady_per_s: number;
  readonly whole_per_s: number;
  /** Half way, MB of the card; NaN without one. */
  readonly card_mb: number;
  readonly table: FeatureTable;
}

/** From files to the cache on disk. Steady: between a quarter of the images and nineteen twentieths. */
export async function filesSpeed(
  programs: Programs,
  backbone: Backbone,
  device: ConcreteDevice,
  files: readonly string[],
  root: string,
): Promise<FilesSpeed> {
  const seen: { readonly done: number; readonly at: number }[] = [];
  let card: Promise<number> | undefined;
  const start = performance.now();
  const table = await extractFeatures({
    ...(await cachesIn(root)),
    images: files.map((file) => ({ id: path.basename(file), file })),
    weights: backbone.weights,
    loadBackbone: () => Promise.resolve(backbone),
    device,
    inferenceProgram: programs.inference,
    preparationProgram: programs.preparation,
    onProgress: ({ done }) => {
      seen.push({ done, at: performance.now() });
      if (done > files.length / 2) card ??= cardMemory();
    },
  });
  const whole_per_s = files.length / ((performance.now() - start) / 1000);
  if (table.faults.length > 0) throw new Error(`${table.faults.length} images could not be read`);
  const from = seen.find(({ done }) => done >= files.length / 4);
  const to = seen.findLast(({ done }) => done <= 0.95 * files.length);
  const steady_per_s =
    from && to && to.done > from.done ? (to.done - from.done) / ((to.at - from.at) / 1000) : NaN;
  return { steady_per_s, whole_per_s, card_mb: (await card) ?? NaN, table };
}
