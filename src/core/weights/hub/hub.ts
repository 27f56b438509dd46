/** Weights from the Hugging Face hub, or from a mirror that speaks its protocol. */
import * as path from 'node:path';
import { throwIfCancelled } from '../../base/errors';
import { sha256File } from '../../base/files';
import type { WorkOptions } from '../../base/ports';
import type { PublishedWeights } from '../../networks/architecture';
import type { Environment } from '../pip';
import type { FileCheck } from '../fetchedFile';
import { checkPin, placedFile, type WeightsRecord, writeRecord } from '../record';
import { SourceUnavailable } from '../sourceUnavailable';
import { blobPath, findCached, hashFromBlobName, publishBlob } from './cacheLayout';
import { download, HttpRefused, WrongAnswer, WrongContent } from './download';
import { defaultLimits, HttpClient, httpFailure, type HttpLimits } from './http';
import { withLock } from '../lock';
import { hubSettings, type HubSettings } from './settings';
import { stat } from 'node:fs/promises';

const fileName = 'model.safetensors';

export interface HubRequest extends WorkOptions {
  readonly name: string;
  readonly published: PublishedWeights;
  readonly cacheDir: string;
  readonly env: Environment;
  /** SHA-256 from an earlier use. */
  readonly pinned: string | undefined;
  /** Whether the file is what was asked for; nothing is recorded of one that it refuses. */
  readonly check: FileCheck;
  /** More bytes than the file can have. */
  readonly most: number;
  readonly limits?: HttpLimits;
  /** Waits between attempts of a download, ms. */
  readonly retryAfter?: readonly number[];
}

/** Where the file can be fetched by hand. */
export function hubUrl(published: PublishedWeights, env: Environment): string {
  return `${hubSettings(env).endpoint}/${published.hubRepository}/resolve/main/${fileName}`;
}

/**
 * Finds the file in the hub's cache, else downloads it there, checks its hash and its content and records it.
 * @throws SourceUnavailable with the reason; OVR502 when the hash is not the one that is known or pinned, or `check`
 * refuses the file
 */
export async function fetchFromHub(request: HubRequest): Promise<WeightsRecord> {
  const settings = hubSettings(request.env);
  const cached = await findCached(settings.cache, request.published.hubRepository, fileName);
  if (cached !== undefined) {
    const hash = await sha256File(cached);
    const announced = await hashFromBlobName(cached);
    checkHash(request, cached, hash, announced);
    await request.check(cached, `Delete it from the hub's cache, and it is fetched anew: ${cached}`);
    return record(request, cached, hash);
  }
  const source = sourceName(settings);
  if (settings.offline) throw new SourceUnavailable(source, 'not in its cache, and HF_HUB_OFFLINE is set');
  const limits = request.limits ?? defaultLimits;
  const client = new HttpClient(request.env, limits);
  try {
    return await downloadFrom(client, request, settings);
  } catch (error) {
    throwIfCancelled(request.signal);
    if (error instanceof HttpRefused)
      throw new SourceUnavailable(source, refusal(error.status, settings), error);
    if (error instanceof WrongAnswer) throw new SourceUnavailable(source, error.message, error);
    if (error instanceof WrongContent) checkPin(request.name, error.expected, error.found, source);
    if (error instanceof Error && error.name === 'OverreadError') throw error;
    if (error instanceof SourceUnavailable) throw error;
    throw new SourceUnavailable(source, httpFailure(error, limits), error);
  } finally {
    await client.close();
  }
}

/** Whether the file is in the hub's cache on this machine. */
export async function isInHubCache(published: PublishedWeights, env: Environment): Promise<boolean> {
  return (await findCached(hubSettings(env).cache, published.hubRepository, fileName)) !== undefined;
}

/** Whether the hub has the file, as far as its cache and, with `network`, one short request tell. */
export async function askHub(
  published: PublishedWeights,
  env: Environment,
  network: boolean,
): Promise<{ available: boolean; reason: string }> {
  const settings = hubSettings(env);
  const source = sourceName(settings);
  if (await isInHubCache(published, env)) {
    return { available: true, reason: "in the hub's cache" };
  }
  if (settings.offline) return { available: false, reason: `${source}: HF_HUB_OFFLINE is set` };
  if (!network) return { available: false, reason: 'in no cache' };
  const client = new HttpClient(env, defaultLimits);
  try {
    await describeFile(client, hubUrl(published, env), authorisation(settings));
    return { available: true, reason: source };
  } catch (error) {
    const reason =
      error instanceof HttpRefused ? refusal(error.status, settings) : httpFailure(error, defaultLimits);
    return { available: false, reason: `${source}: ${reason}` };
  } finally {
    await client.close();
  }
}

interface Description {
  readonly commit: string | undefined;
  readonly etag: string | undefined;
  readonly size: number | undefined;
}

async function downloadFrom(
  client: HttpClient,
  request: HubRequest,
  settings: HubSettings,
): Promise<WeightsRecord> {
  const { name, published, pinned, signal } = request;
  const url = hubUrl(published, request.env);
  const headers = authorisation(settings);
  const { commit, etag, size } = await describeFile(client, url, headers, signal);
  const hubFile =
    commit !== undefined && etag !== undefined
      ? { repository: published.hubRepository, file: fileName, commit, etag }
      : undefined;
  // A plain mirror tells no commit: then the file goes to our own cache, not into the hub's.
  const target = hubFile ? blobPath(settings.cache, hubFile) : placedFile(request.cacheDir, name);
  const announced = etag !== undefined && /^[0-9a-f]{64}$/.test(etag) ? etag : undefined;
  const known = published.hubSha256 ?? pinned;
  if (announced !== undefined) checkPin(name, known, announced, sourceName(settings));
  return withLock(target, signal, async () => {
    const check = (file: string) => request.check(file, remedyOf(settings));
    const finished = await stat(target).catch(() => undefined);
    const hash =
      finished?.isFile() === true
        ? await sha256File(target)
        : await download({
            client,
            url,
            headers,
            target,
            size,
            most: request.most,
            sha256: known ?? announced,
            check,
            label: name,
            ...(request.retryAfter ? { retryAfter: request.retryAfter } : {}),
            ...(signal ? { signal } : {}),
            ...(request.onProgress ? { onProgress: request.onProgress } : {}),
            ...(request.log ? { log: request.log } : {}),
          });
    checkHash(request, target, hash, announced);
    // Another process's; it may have been another program.
    if (finished?.isFile() === true) await check(target);
    return record(request, hubFile ? await publishBlob(settings.cache, hubFile) : target, hash);
  });
}

/** What the hub says of the file. Redirects within the hub are followed; the one to storage ends the question. */
async function describeFile(
  client: HttpClient,
  url: string,
  headers: Readonly<Record<string, string>>,
  signal?: AbortSignal,
): Promise<Description> {
  let current = url;
  for (let count = 0; count < 5; count++) {
    const answer = await client.exchange({ method: 'HEAD', url: current, headers, signal });
    await answer.body.dump();
    const { location } = answer.headers;
    const inside = location !== undefined && new URL(location, current).origin === new URL(url).origin;
    if (
      answer.status >= 300 &&
      answer.status < 400 &&
      inside &&
      answer.headers['x-repo-commit'] === undefined
    ) {
      current = new URL(location, current).href;
      continue;
    }
    if (answer.status >= 500) throw new Error(`HTTP ${answer.status}`);
    if (answer.status >= 400) throw new HttpRefused(answer.status);
    const etag = (answer.headers['x-linked-etag'] ?? answer.headers['etag'])
      ?.replace(/^W\//, '')
      .replaceAll('"', '');
    const commit = answer.headers['x-repo-commit'];
    const size = Number(
      answer.headers['x-linked-size'] ?? (answer.status === 200 ? answer.headers['content-length'] : NaN),
    );
    return {
      commit: commit !== undefined && /^[0-9a-f]{40}$/.test(commit) ? commit : undefined,
      etag: etag !== undefined && /^[0-9a-zA-Z_-]+$/.test(etag) ? etag : undefined,
      size: Number.isSafeInteger(size) && size > 0 ? size : undefined,
    };
  }
  throw new Error('the hub redirects in a circle');
}

function checkHash(
  { name, published, pinned }: HubRequest,
  file: string,
  hash: string,
  announced: string | undefined,
): void {
  checkPin(name, published.hubSha256 ?? pinned ?? announced, hash, path.basename(file));
}

async function record({ name, cacheDir }: HubRequest, file: string, hash: string): Promise<WeightsRecord> {
  const made: WeightsRecord = {
    version: 1,
    name,
    sha256: hash,
    source: 'huggingface',
    file: path.resolve(file),
    bytes: (await stat(file)).size,
    fileSha256: hash,
  };
  await writeRecord(cacheDir, made);
  return made;
}

function authorisation(settings: HubSettings): Record<string, string> {
  return settings.token === undefined ? {} : { authorization: `Bearer ${settings.token}` };
}

function remedyOf({ endpoint }: HubSettings): string {
  return `Nothing was kept. See whether ${endpoint} and the network are those you mean, or give a file (--weights FILE)`;
}

function sourceName(settings: HubSettings): string {
  return `Hugging Face (${settings.endpoint})`;
}

function refusal(status: number, settings: HubSettings): string {
  if (status === 401 || status === 403) {
    return `HTTP ${status}: ${settings.token === undefined ? 'it wants a token (HF_TOKEN)' : 'it refuses the token in HF_TOKEN'}`;
  }
  return status === 404 ? 'HTTP 404: it has no such file' : `HTTP ${status}`;
}
