/** The part of an extraction that reads pixels: images are prepared while a batch is at inference. */
import { existsSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import * as path from 'node:path';
import { performance } from 'node:perf_hooks';
import type { OpenedDevice } from '../onnx/model';
import type { Extraction } from './extraction';
import { InferenceStage } from './inferenceStage';
import { PreparationPool } from './preparationPool';
import { prepareImages } from './prepare';
import { LocalPreparer, type Preparer } from './preparer';

/** What inference ran on, and how long it took from the first opened network to the last feature, s. */
export interface Computing {
  readonly opened: OpenedDevice;
  readonly seconds: number;
}

/**
 * Brings the features of the images at `missing` into the extraction's rows and the cache.
 *
 * @returns null when no image came as far as inference
 */
export async function computeMissing(
  extraction: Extraction,
  missing: readonly number[],
): Promise<Computing | null> {
  // A network is loaded when the first image needs it: they may all be in the cache, unreadable, or grey.
  const opening = new Map<1 | 3, Promise<InferenceStage>>();
  let started = NaN;
  let ended: number;
  const open = async (channels: 1 | 3): Promise<InferenceStage> => {
    const stage = await InferenceStage.open(extraction, missing.length, channels);
    if (Number.isNaN(started)) started = performance.now();
    return stage;
  };
  const stageFor = (channels: 1 | 3): Promise<InferenceStage> => {
    // One after the other: the first may measure which device is the fastest, and the second then knows.
    const other = extraction.request.device === 'auto' ? [...opening.values()][0] : undefined;
    const stage = opening.get(channels) ?? (other ? other.then(() => open(channels)) : open(channels));
    opening.set(channels, stage);
    return stage;
  };
  const preparer = openPreparer(extraction, missing.length);
  let closing: Promise<void> | undefined;
  try {
    // Images are prepared while the network opens; what is wrong with it the next image is told, or the end.
    const early: Promise<void>[] = [];
    let earlyBytes = 0;
    await prepareImages(extraction, missing, preparer, async (hash, image) => {
      const adding = stageFor(image.channels).then((stage) => stage.add(hash, image));
      if (earlyBytes + image.levels.byteLength > mostEarlyBytes) return adding;
      earlyBytes += image.levels.byteLength;
      adding.catch(() => undefined);
      early.push(adding);
      return undefined;
    });
    // Its threads end beside the last batches.
    closing = preparer.close();
    await Promise.all(early);
    await Promise.all([...opening.values()].map(async (stage) => (await stage).finish()));
    ended = performance.now();
  } finally {
    await (closing ?? preparer.close());
    for (const stage of await Promise.allSettled(opening.values())) {
      if (stage.status === 'fulfilled') await stage.value.close();
    }
    await extraction.memo.flush();
    await extraction.store.close();
  }
  const [first] = opening.values();
  return first ? { opened: (await first).opened, seconds: (ended - started) / 1000 } : null;
}

/** What is kept of images while the network opens: a hundred in colour at 224 px. */
const mostEarlyBytes = 16 * 2 ** 20;
/** Images that are worth starting a thread for: it takes a tenth of a second and 20 MB. */
const imagesPerThread = 16;

function openPreparer({ request }: Extraction, images: number): Preparer {
  const { preprocessing } = request.weights;
  const program = request.preparationProgram ?? builtBeside(request.inferenceProgram);
  const threads = Math.min(availableParallelism(), Math.floor(images / imagesPerThread));
  if (program === undefined || threads === 0) return new LocalPreparer(preprocessing);
  return new PreparationPool(program, preprocessing, threads);
}

/** There is none where core runs from its sources. */
function builtBeside(inferenceProgram: string | undefined): string | undefined {
  if (inferenceProgram === undefined) return undefined;
  const program = path.join(path.dirname(inferenceProgram), 'preparationWorker.js');
  return existsSync(program) ? program : undefined;
}
