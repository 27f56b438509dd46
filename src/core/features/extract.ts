/**
 * Features of images: from the cache where they are, else by decoding, preprocessing and inference, which
 * overlap. Every batch is in the cache before the next begins, so a killed run loses one batch at most and the
 * next run goes on from there. Memory is the table asked for, unless its rows go to a sink, plus a few batches, however many
 * images there are.
 */
import { OverreadError, throwIfCancelled } from '../base/errors';
import { ContentHashes, stampFiles } from '../images/contentHashes';
import { featureKey } from './cacheKey';
import { computeMissing } from './compute';
import type { ExtractRequest, FeatureTable, ImageFault } from './model';
import { readContents } from './readContents';
import { FeatureRows, MemoryRows } from './rows';
import { FeatureStore, type RecordPlace } from './store';

export type { ExtractRequest, FeatureTable } from './model';

/** There are images whose features are not in the cache, and nobody wanted them to be computed. */
export class FeaturesMissing extends OverreadError {
  constructor(missing: number) {
    super({
      code: 'OVR804',
      message: `The features of ${missing} images are not in the cache`,
      fix: 'Fine-tune by a job or on the command line, which computes them',
    });
  }
}

/**
 * Features of the images, in their order. An image that cannot be read or decoded is a fault of its own and a
 * zero row; the rest goes on.
 *
 * @throws FeaturesMissing (OVR804) more than `mostMissing` would have to be computed; OVR002 cancelled; OVR504 inference failed; OVR003 and OVR005 the cache cannot be written; what `loadBackbone`
 * and the device throw. What was computed before is in the cache.
 */
export async function extractFeatures(request: ExtractRequest): Promise<FeatureTable> {
  const { folder, images, signal } = request;
  const table = new MemoryRows(images.length);
  const rows = new FeatureRows(images.length, request.sink ?? table);
  const memo = await ContentHashes.open(folder.root, request.cacheFolder);
  const stamps = await stampFiles(
    images.map(({ file }) => file),
    signal,
  );
  const todo: number[] = [];
  let unknown: number[] = [];
  for (const [i, { file }] of images.entries()) {
    const stamp = stamps[i];
    const hash = stamp ? memo.known(file, stamp) : undefined;
    if (hash === undefined) unknown.push(i);
    else if (rows.want(i, hash)) todo.push(i);
  }
  if (request.mostMissing !== undefined) {
    const told = new Set<number>();
    await readContents(memo, images, unknown, (i, hash) => {
      told.add(i);
      if (rows.want(i, hash)) todo.push(i);
    });
    unknown = unknown.filter((i) => !told.has(i));
  }

  const store = new FeatureStore(folder, featureKey(request.weights), request.mac);
  const places = new Map<string, RecordPlace>();
  const foreign = new Set<string>();
  await store.load(
    ({ hash, features }, place) => {
      if (unknown.length > 0) places.set(hash, place);
      rows.arrive(hash, features);
    },
    ({ hash }) => foreign.add(hash),
  );
  throwIfCancelled(signal);

  const missing = [...todo.filter((i) => rows.present[i] === 0), ...unknown].sort((a, b) => a - b);
  if (missing.length > (request.mostMissing ?? Infinity)) throw new FeaturesMissing(missing.length);
  const faults: ImageFault[] = [];
  const extraction = { request, stamps, memo, store, rows, places, faults };
  let cached = rows.filled;
  if (missing.length > 0) tellForeign(request, foreign.size);
  const computing = missing.length > 0 ? await computeMissing(extraction, missing) : null;
  for (const i of unknown) if (rows.present[i] === 1 && places.has(rows.hashes[i] ?? '')) cached++;
  return {
    dim: rows.dim,
    features: table.table(),
    present: rows.present,
    contentHashes: rows.hashes,
    cached,
    computed: rows.filled - cached,
    faults: faults.sort((a, b) => a.image - b.image),
    opened: computing?.opened ?? null,
    computeSeconds: computing?.seconds ?? null,
  };
}

/** Features of another user, or changed ones, are as good as none: a model could be led by them. */
function tellForeign({ log }: ExtractRequest, count: number): void {
  if (count === 0) return;
  log?.warn(
    `${count} features in .overread/features were not written by you on this machine and are not used; what is ` +
      'missing is computed anew. Where you trust their origin: overread features DIR --adopt',
  );
}
