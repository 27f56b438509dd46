/** Prepares images for inference: read, hash, look up, decode, resample. Many at once, on threads where there are any. */
import { throwIfCancelled } from '../base/errors';
import { sameStamp, type FileStamp } from '../images/contentHashes';
import { fileOf, leaveOut, reportProgress, type Extraction } from './extraction';
import type { PreparedImage, Preparer } from './preparer';

/** Takes an image whose features are wanted; resolves when there is room for the next. */
export type AcceptImage = (hash: string, image: PreparedImage) => Promise<void>;

/**
 * Brings every image of `missing` to `accept`, but those that the cache has after all (files that moved or were
 * touched), those equal to one that is under way, and those that cannot be read.
 *
 * @throws what `accept` throws; OVR002 cancelled
 */
export async function prepareImages(
  extraction: Extraction,
  missing: readonly number[],
  preparer: Preparer,
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
      await prepareImage(extraction, row, todo, preparer, accept);
    }
  };
  const guarded = () =>
    worker().catch((error: unknown) => {
      failed = true;
      throw error;
    });
  const outcomes = await Promise.allSettled(Array.from({ length: preparer.atOnce }, guarded));
  const failure = outcomes.find((outcome) => outcome.status === 'rejected');
  if (failure) throw failure.reason;
}

async function prepareImage(
  extraction: Extraction,
  row: number,
  todo: number[],
  preparer: Preparer,
  accept: AcceptImage,
): Promise<void> {
  const { rows, store, places } = extraction;
  const file = fileOf(extraction, row);
  let hash = rows.hashes[row] ?? '';
  const isWanted = async (content: string, stamp: FileStamp | null): Promise<boolean> => {
    noteHash(extraction, row, content, stamp);
    if (content !== hash) {
      // The file changed since its stamp was taken: rows that counted on it look after themselves.
      if (hash !== '') todo.push(...rows.fail(hash).filter((twin) => twin !== row));
      hash = content;
      if (!rows.want(row, hash)) return false;
    }
    const place = places.get(hash);
    const stored = place && (await store.read(place));
    if (!stored) return true;
    rows.arrive(hash, stored);
    reportProgress(extraction);
    return false;
  };
  let image: PreparedImage | undefined;
  try {
    image = await preparer.prepare(file, isWanted);
  } catch (error) {
    const alike = hash === '' ? [row] : rows.fail(hash);
    for (const twin of alike) leaveOut(extraction, twin, error);
    reportProgress(extraction);
  }
  if (image) await accept(hash, image);
}

/** Notes the hash of what was read, unless the file changed meanwhile. @param after its stamp when it was read */
function noteHash(extraction: Extraction, row: number, hash: string, after: FileStamp | null): void {
  const before = extraction.stamps[row];
  if (before && sameStamp(before, after)) extraction.memo.record(fileOf(extraction, row), before, hash);
}
