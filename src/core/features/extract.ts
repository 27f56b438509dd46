/**
 * Features of images: from the cache where they are, else by decoding, preprocessing and inference, which
 * overlap. Every batch is in the cache before the next begins, so a killed run loses one batch at most and the
 * next run goes on from there. Memory is the table asked for plus a few batches, however many images there are.
 */
import { throwIfCancelled } from '../base/errors';
import { ContentHashes, stampFiles } from '../images/contentHashes';
import { featureKey } from './cacheKey';
import { computeMissing } from './compute';
import type { ExtractRequest, FeatureTable, ImageFault } from './model';
import { FeatureRows } from './rows';
import { FeatureStore, type RecordPlace } from './store';

export type { ExtractRequest, FeatureTable } from './model';

/**
 * Features of the images, in their order. An image that cannot be read or decoded is a fault of its own and a
 * zero row; the rest goes on.
 *
 * @throws OVR002 cancelled; OVR504 inference failed; OVR600 the cache cannot be written; what `loadBackbone`
 * and the device throw. What was computed before is in the cache.
 */
export async function extractFeatures(request: ExtractRequest): Promise<FeatureTable> {
  const { root, images, signal } = request;
  const rows = new FeatureRows(images.length);
  const memo = await ContentHashes.open(root);
  const stamps = await stampFiles(
    images.map(({ file }) => file),
    signal,
  );
  const todo: number[] = [];
  const unknown: number[] = [];
  for (const [i, { file }] of images.entries()) {
    const stamp = stamps[i];
    const hash = stamp ? memo.known(file, stamp) : undefined;
    if (hash === undefined) unknown.push(i);
    else if (rows.want(i, hash)) todo.push(i);
  }

  const store = new FeatureStore(root, featureKey(request.weights));
  const places = new Map<string, RecordPlace>();
  await store.load(({ hash, features }, place) => {
    if (unknown.length > 0) places.set(hash, place);
    rows.arrive(hash, features);
  });
  throwIfCancelled(signal);

  const missing = [...todo.filter((i) => rows.present[i] === 0), ...unknown].sort((a, b) => a - b);
  const faults: ImageFault[] = [];
  const extraction = { request, stamps, memo, store, rows, places, faults };
  let cached = rows.filled;
  const computing = missing.length > 0 ? await computeMissing(extraction, missing) : null;
  for (const i of unknown) if (rows.present[i] === 1 && places.has(rows.hashes[i]!)) cached++;
  return {
    dim: rows.dim,
    features: rows.table(),
    present: rows.present,
    contentHashes: rows.hashes,
    cached,
    computed: rows.filled - cached,
    faults: faults.sort((a, b) => a.image - b.image),
    opened: computing?.opened ?? null,
    computeSeconds: computing?.seconds ?? null,
  };
}
