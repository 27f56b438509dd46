/** The part of an extraction that reads pixels: images are prepared while a batch is at inference. */
import { performance } from 'node:perf_hooks';
import { asGrey } from '../images/grey';
import type { OpenedDevice } from '../onnx/model';
import type { Extraction } from './extraction';
import { InferenceStage } from './inferenceStage';
import { prepareImages } from './prepare';

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
    const stage = opening.get(channels) ?? open(channels);
    opening.set(channels, stage);
    return stage;
  };
  const { preprocessing } = extraction.request.weights;
  try {
    await prepareImages(extraction, missing, async (hash, image) => {
      const grey = asGrey(image);
      const channels = grey === null ? preprocessing.channels : 1;
      await (await stageFor(channels)).add(hash, grey ?? image);
    });
    await Promise.all([...opening.values()].map(async (stage) => (await stage).finish()));
    ended = performance.now();
  } finally {
    for (const stage of await Promise.allSettled(opening.values())) {
      if (stage.status === 'fulfilled') await stage.value.close();
    }
    await extraction.memo.flush();
    await extraction.store.close();
  }
  const [first] = opening.values();
  return first ? { opened: (await first).opened, seconds: (ended - started) / 1000 } : null;
}
