/** From what the user wrote to weights that can be read: the one door to all sources. */
import { OverreadError } from '../base/errors';
import { isErrnoException } from '../base/errnoException';
import { sha256 } from '../base/files';
import { readPlainFile } from '../base/readPlain';
import type { WorkOptions } from '../base/ports';
import { getArchitecture } from '../networks';
import type { Architecture } from '../networks/architecture';
import type { ModelInput, StateDict, WeightsIdentity } from '../networks/model';
import { adoptNames } from './adoptNames';
import { describeTraining, resolveOnnxFile, resolveRecordedOnnx } from './onnxFile';
import { findAuto } from './auto';
import { askHub } from './hub/hub';
import type { HttpLimits } from './hub/http';
import { identifyFile } from './localFile';
import type { NetworkWeights, ResolvedWeights } from './model';
import { askPackageIndex } from './packageIndex';
import type { Environment } from './pip';
import { findInCache, findPublished } from './published';
import { drawWeights } from './random';
import { checkPin, recordedFile, type WeightsRecord } from './record';
import { parseWeights, publishedName } from './spec';
import { parseStateDict } from './stateDict/read';
import { weightsUnreachable } from './unreachable';

export type { ResolvedWeights } from './model';

export interface WeightsRequest extends WorkOptions {
  readonly architecture: string;
  /** `auto`, a tag, `architecture.tag`, `random`, `random:SEED`, a run's weights, or a file. */
  readonly weights: string;
  readonly cacheDir: string;
  readonly env: Environment;
  /** Where relative files start: the project's folder. */
  readonly root?: string;
  /** How an ONNX classifier takes its images: `model.input` of overread.yaml. */
  readonly input?: ModelInput | undefined;
  /** What the weights of a file were trained on, as the project declares it. */
  readonly trainedOn?: readonly string[] | undefined;
  /** False: `auto` takes no other architecture's weights when the wanted ones cannot be had, but fails. */
  readonly takeOther?: boolean | undefined;
  /** Time-outs of the hub, for tests and for people with slow lines. */
  readonly limits?: HttpLimits;
  /** Waits between attempts of a download, ms. */
  readonly retryAfter?: readonly number[];
}

/**
 * Finds weights, fetching them when need be. Weights that are in the cache cost one look at two files.
 * `identity.architecture` says which architecture they are of: `auto` may have taken another than asked for,
 * and then `notes` says so.
 * @throws OVR500 unknown name, OVR501 no source reachable, OVR502 a file is refused, OVR506 an ONNX classifier cannot
 * be a backbone, OVR003 the cache cannot be written
 */
export async function resolveWeights(request: WeightsRequest): Promise<ResolvedWeights> {
  try {
    return await resolve(request);
  } catch (error) {
    // Only what the file system said; any other code is a defect and must stay one.
    if (!isErrnoException(error) || error.syscall === undefined) throw error;
    throw new OverreadError({
      code: 'OVR003',
      message: `The cache of weights cannot be used (${error.code ?? error.message})`,
      place: { file: request.cacheDir },
      fix: 'Free space, or set OVERREAD_CACHE to a folder that can be written',
      cause: error,
    });
  }
}

async function resolve(request: WeightsRequest): Promise<ResolvedWeights> {
  const spec = parseWeights(request.architecture, request.weights, request.root);
  const { cacheDir, env } = request;
  if (spec.kind === 'onnx') return resolveOnnxFile(spec.file, request);
  if (spec.kind === 'recordedOnnx') return resolveRecordedOnnx(spec.name, request);
  const { architecture } = spec;
  switch (spec.kind) {
    case 'random':
      return randomWeights(architecture, spec.seed);
    case 'file':
      return ownFile(architecture, await identifyFile(spec.file, architecture, cacheDir), request);
    case 'recorded': {
      const record = await findInCache(cacheDir, spec.name);
      if (record) return ownFile(architecture, record, request);
      throw new OverreadError({
        code: 'OVR501',
        message: `The file of weights ${spec.name} is no longer where it was`,
        fix: 'Give it again with --weights FILE',
      });
    }
    case 'auto': {
      const found = await findAuto({ ...request, architecture });
      return recorded(found.architecture, found.record, cacheDir, found.notes);
    }
    case 'published': {
      const found = await findPublished({ ...request, architecture, published: spec.published });
      if (found.record) return recorded(architecture, found.record, cacheDir);
      const name = publishedName(architecture, spec.published);
      throw weightsUnreachable([{ name, published: spec.published, tried: found.tried }], cacheDir, env);
    }
    default:
      return spec satisfies never;
  }
}

/** What `overread doctor` says of an architecture's default weights. */
export interface WeightsAvailability {
  readonly name: string;
  readonly available: boolean;
  /** Where they are or can be had; why not otherwise. */
  readonly reason: string;
}

/** Looks where the default weights of an architecture could be had, fetching nothing. */
export async function findWeights(request: {
  readonly architecture: string;
  readonly cacheDir: string;
  readonly env: Environment;
  /** False: only the caches of this machine. */
  readonly network: boolean;
}): Promise<WeightsAvailability> {
  const architecture = getArchitecture(request.architecture);
  const [published] = architecture.weights;
  if (!published) {
    const elsewhere = architecture.weightsElsewhere;
    const reason = elsewhere ? `to be downloaded by hand from ${elsewhere.url}` : 'nobody has published any';
    return { name: architecture.name, available: false, reason };
  }
  const name = publishedName(architecture, published);
  const record = await findInCache(request.cacheDir, name);
  if (record) return { name, available: true, reason: `in the cache (${record.source})` };
  const hub = await askHub(published, request.env, request.network);
  if (hub.available || !published.packaged || !request.network) return { name, ...hub };
  const index = await askPackageIndex(published.packaged, request.env);
  return {
    name,
    available: index.available,
    reason: index.available ? index.reason : `${hub.reason}; ${index.reason}`,
  };
}

function randomWeights(architecture: Architecture, seed: number): ResolvedWeights {
  const name = `${architecture.name}.random-${seed}`;
  const { preprocessing } = architecture;
  const identity: WeightsIdentity = {
    architecture: architecture.name,
    name,
    sha256: sha256(`overread random weights 2 ${name}`),
    preprocessing,
    trainedOn: null,
    source: 'random',
    truncate: null,
  };
  const notes = [`Weights ${name} are random: they were trained on nothing`];
  return { kind: 'network', identity, notes, load: () => Promise.resolve(drawWeights(architecture, seed)) };
}

function recorded(
  architecture: Architecture,
  record: WeightsRecord,
  cacheDir: string,
  notes: readonly string[] = [],
): NetworkWeights {
  const published = architecture.weights.find(
    (candidate) => publishedName(architecture, candidate) === record.name,
  );
  const identity: WeightsIdentity = {
    architecture: architecture.name,
    name: record.name,
    sha256: record.sha256,
    preprocessing: published?.preprocessing ?? architecture.preprocessing,
    trainedOn: published?.trainedOn ?? 'not declared',
    source: record.source,
    truncate: null,
  };
  return { kind: 'network', identity, notes, load: () => loadRecorded(architecture, record, cacheDir) };
}

/** Weights of a file of the user's, which do not say what they were trained on. */
function ownFile(
  architecture: Architecture,
  record: WeightsRecord,
  { cacheDir, trainedOn }: WeightsRequest,
): ResolvedWeights {
  const weights = recorded(architecture, record, cacheDir);
  const identity = { ...weights.identity, trainedOn: describeTraining(trainedOn) };
  return { ...weights, identity, declaredTraining: trainedOn ?? null };
}

async function loadRecorded(
  architecture: Architecture,
  record: WeightsRecord,
  cacheDir: string,
): Promise<StateDict> {
  const file = await recordedFile(cacheDir, record);
  if (file === undefined) {
    throw new OverreadError({
      code: 'OVR502',
      message: `The file of weights ${record.name} is gone or was cut`,
      fix: 'Run the command again: it is fetched anew',
    });
  }
  const bytes = await readPlainFile(file);
  checkPin(record.name, record.fileSha256, sha256(bytes), 'the cache');
  return adoptNames(await parseStateDict(bytes, record.name), architecture, record.name);
}
