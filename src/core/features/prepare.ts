/** Prepares images for inference: read, hash, look up, decode. Several at once; the decoder has threads. */
import { throwIfCancelled } from '../base/errors';
import { sameStamp, stampFile } from '../images/contentHashes';
import { useDecoded } from '../images/decode';
import { dicomInput } from '../images/preprocess';
import { hashImage } from '../images/frameReference';
import type { DecodedImage } from '../images/model';
import { useImageFile } from '../images/readFile';
import { fileOf, leaveOut, reportProgress, type Extraction } from './extraction';

/** Takes a decoded image whose features are wanted; resolves when there is room for the next. */
export type AcceptImage = (hash: string, image: DecodedImage) => Promise<void>;

/** Images that are read and decoded at once, where their bytes allow it (images/memory.ts). */
const preparedAtOnce = 12;

/**
 * Brings every image of `missing` to `accept`, but those that the cache has after all (files that moved or were
 * touched), those equal to one that is under way, and those that cannot be read.
 *
 * @throws what `accept` throws; OVR002 cancelled
 */
export async function prepareImages(
  extraction: Extraction,
  missing: readonly number[],
  accept: AcceptImage,
): Promise<void> {
  const { signal } = extraction.request;
  const todo = [...missing];
  let next = 0;
  let failed = false;
  const worker = async () => {
    while (!failed) {
      // Rows are added at the end while others are prepared.
      const row = todo[next];
      if (row === undefined) return;
      next++;
      throwIfCancelled(signal);
      await prepareImage(extraction, row, todo, accept);
    }
  };
  const guarded = () =>
    worker().catch((error: unknown) => {
      failed = true;
      throw error;
    });
  const outcomes = await Promise.allSettled(Array.from({ length: preparedAtOnce }, guarded));
  const failure = outcomes.find((outcome) => outcome.status === 'rejected');
  if (failure) throw failure.reason;
}

async function prepareImage(
  extraction: Extraction,
  row: number,
  todo: number[],
  accept: AcceptImage,
): Promise<void> {
  const { rows, store, places } = extraction;
  const file = fileOf(extraction, row);
  let hash = rows.hashes[row] ?? '';
  const stage = { accepting: false };
  const prepare = async (bytes: Uint8Array): Promise<void> => {
    const content = await hashAsRead(extraction, row, bytes);
    if (content !== hash) {
      // The file changed since its stamp was taken: rows that counted on it look after themselves.
      if (hash !== '') todo.push(...rows.fail(hash).filter((twin) => twin !== row));
      hash = content;
      if (!rows.want(row, hash)) return;
    }
    const place = places.get(hash);
    const stored = place && (await store.read(place));
    if (stored) {
      rows.arrive(hash, stored);
      reportProgress(extraction);
      return;
    }
    const take = async (image: DecodedImage): Promise<void> => {
      stage.accepting = true;
      await accept(hash, image);
    };
    await useDecoded(bytes, file, take, dicomInput(extraction.request.weights.preprocessing));
  };
  try {
    await useImageFile(file, prepare);
  } catch (error) {
    // What `accept` throws is no fault of the image.
    if (stage.accepting) throw error;
    const alike = hash === '' ? [row] : rows.fail(hash);
    for (const twin of alike) leaveOut(extraction, twin, error);
    reportProgress(extraction);
  }
}

/** The hash of what was read, noted unless the file changed meanwhile. */
async function hashAsRead(extraction: Extraction, row: number, bytes: Uint8Array): Promise<string> {
  const { stamps, memo } = extraction;
  const file = fileOf(extraction, row);
  const hash = hashImage(bytes, file);
  const before = stamps[row];
  if (before && sameStamp(before, await stampFile(file))) memo.record(file, before, hash);
  return hash;
}
