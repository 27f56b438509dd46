/** The part of an extraction that reads pixels: images are prepared while a batch is at inference. */
import type { OpenedDevice } from '../models/model';
import type { Extraction } from './extraction';
import { InferenceStage } from './inferenceStage';
import { prepareImages } from './prepare';

/**
 * Brings the features of the images at `missing` into the extraction's rows and the cache.
 *
 * @returns the device; null when no image came as far as inference
 */
export async function computeMissing(
  extraction: Extraction,
  missing: readonly number[],
): Promise<OpenedDevice | null> {
  // The network is loaded when the first image needs it: they may all be in the cache, or unreadable.
  let opening: Promise<InferenceStage> | undefined;
  try {
    await prepareImages(extraction, missing, async (hash, image) => {
      opening ??= InferenceStage.open(extraction, missing.length);
      await (await opening).add(hash, image);
    });
    await (await opening)?.finish();
  } finally {
    const stage = await opening?.catch(() => undefined);
    await stage?.close();
    await extraction.memo.flush();
    await extraction.store.close();
  }
  return (await opening)?.opened ?? null;
}
