/** The process that measures one architecture of ours, once for each line on its standard input. */
import * as fs from 'node:fs/promises';
import * as path from 'node:path';
import { performance } from 'node:perf_hooks';
import { createInterface } from 'node:readline';
import * as esbuild from 'esbuild';
import { openInference, type Inference } from '../src/core/inference/inference';
import { openInferencePool } from '../src/core/inference/inferencePool';
import { buildBackbone } from '../src/core/backbones/backbone';
import { resolveWeights } from '../src/core/weights/resolve';

/** Images a second, and megabytes of the process before the second and third were opened. */
export interface OurFigures {
  readonly lanes: number;
  readonly grey: number;
  readonly one_session: number;
  readonly memory_mb: number;
}

const batch = 8;
/** More images than are worth a lane each, so that as many lanes open as for a real project. */
const manyImages = 10_000;
const leastSeconds = 1;

export async function serveArchitecture(architecture: string): Promise<void> {
  const cache = path.resolve('node_modules', '.cache', 'overread');
  await fs.mkdir(cache, { recursive: true });
  const build = await fs.mkdtemp(path.join(cache, 'bench-'));
  try {
    const program = await buildInferenceProgram(build);
    const resolved = await resolveWeights({
      architecture,
      weights: 'random',
      cacheDir: build,
      env: process.env,
    });
    const open = async (channels: 1 | 3) =>
      openInferencePool(program, await buildBackbone(resolved, { channels }), 'cpu', manyImages);
    const { size } = resolved.identity.preprocessing;
    const lanes = await open(3);
    await speed(lanes, 3, size);
    globalThis.gc?.();
    const memory_mb = process.memoryUsage().rss / 1e6;
    const grey = await open(1);
    const session = await openInference(await buildBackbone(resolved), 'cpu');
    for (const [inference, channels] of [
      [grey, 1],
      [session, 3],
    ] as const)
      await speed(inference, channels, size);
    process.stdout.write('ready\n');
    for await (const _line of createInterface({ input: process.stdin })) {
      const figures: OurFigures = {
        lanes: await speed(lanes, 3, size),
        grey: await speed(grey, 1, size),
        one_session: await speed(session, 3, size),
        memory_mb,
      };
      process.stdout.write(`${JSON.stringify(figures)}\n`);
    }
    await Promise.all([lanes, grey, session].map((inference) => inference.close()));
  } finally {
    await fs.rm(build, { recursive: true, force: true });
  }
  process.disconnect();
}

/** Images a second: every lane is kept at work on buffers of its own until the time is over. */
async function speed(inference: Inference, channels: 1 | 3, size: number): Promise<number> {
  let images = 0;
  const start = performance.now();
  const elapsed = () => (performance.now() - start) / 1000;
  const lane = async () => {
    let buffer = new Float32Array(batch * channels * size * size).map((_, i) => Math.sin(i));
    const begun = performance.now();
    do {
      buffer = (await inference.run(buffer, batch)).images;
      images += batch;
    } while ((performance.now() - begun) / 1000 < leastSeconds);
  };
  await Promise.all(Array.from({ length: 2 * inference.lanes }, lane));
  return images / elapsed();
}

/**
 * The programs of the threads, as the build bundles them: of inference, and beside it, where the extraction finds it, of
 * preparation.
 */
export async function buildInferenceProgram(folder: string): Promise<string> {
  await esbuild.build({
    entryPoints: ['src/core/inference/inferenceWorker.ts', 'src/core/features/preparationWorker.ts'],
    entryNames: '[name]',
    outdir: folder,
    bundle: true,
    platform: 'node',
    target: 'node20',
    format: 'cjs',
    external: ['onnxruntime-node', 'sharp'],
    define: { 'import.meta.url': 'importMetaUrl' },
    banner: { js: "const importMetaUrl = require('node:url').pathToFileURL(__filename).href;" },
  });
  return path.join(folder, 'inferenceWorker.js');
}
