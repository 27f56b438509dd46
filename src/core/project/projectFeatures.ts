/** The features of a project's samples: each image found inside its roots, read from the cache or computed. */
import { CacheMac } from '../base/cacheMac';
import type { WorkOptions } from '../base/ports';
import type { Problem } from '../base/report';
import { projectCacheFolder, userConfigFolder } from '../base/userCache';
import { present } from '../base/present';
import { resolveImages } from '../dataset/imagePath';
import { adoptFeatures, type Adoption } from '../features/adopt';
import { mergeFeatures } from '../features/merge';
import { extractFeatures, type ExtractRequest, type FeatureTable } from '../features/extract';
import type { RowSink } from '../features/rows';
import type { Backbone, WeightsIdentity } from '../networks/model';
import type { Device } from '../onnx/model';
import { recordSpeed } from '../backbones/speed';
import { faultProblems, type ImageFaults, type RowFault } from './imageFaults';
import type { Project } from './project';

export interface ProjectFeaturesRequest extends WorkOptions {
  readonly weights: WeightsIdentity;
  /** Builds the backbone for images of that many channels. */
  readonly loadBackbone: (channels: 1 | 3) => Promise<Backbone>;
  readonly device: Device;
  /** Where features of more images than these are not in the cache, `FeaturesMissing` is thrown. */
  readonly mostMissing?: number | undefined;
  /** The built program of the inference thread; without it ONNX Runtime blocks the calling thread. */
  readonly inferenceProgram?: string;
  /** The per-user cache: content hashes, and the speed of the network on this machine. */
  readonly cacheDir: string;
  /** Names the folder of the key that features are signed with. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Takes the features in place of the table, by the number of the sample. */
  readonly sink?: RowSink;
}

/** Where an extraction finds what is known of a project's images already. */
export async function cachesOf(
  { folder }: Project,
  { cacheDir, env }: Pick<ProjectFeaturesRequest, 'cacheDir' | 'env'>,
): Promise<Pick<ExtractRequest, 'folder' | 'cacheFolder' | 'mac'>> {
  const mac = await CacheMac.open(userConfigFolder(env));
  return { folder, cacheFolder: projectCacheFolder(cacheDir, folder.root), mac };
}

/** A feature table aligned with the dataset's samples. */
export interface ProjectFeatures extends Omit<FeatureTable, 'faults'> {
  readonly faults: ImageFaults;
  /** What is told of `faults`: all counted, the first of each kind listed. */
  readonly problems: readonly Problem[];
}

/**
 * Features of every sample, in the order of the table. Images that lie outside the roots, are missing or do
 * not decode have `present` 0 and a fault each.
 */
export async function projectFeatures(
  project: Project,
  request: ProjectFeaturesRequest,
): Promise<ProjectFeatures> {
  const { samples } = project.dataset;
  const found = await resolveImages(project.root, project.config, samples, request);
  const rows: number[] = [];
  const images: { id: string; file: string }[] = [];
  const faults: RowFault[] = [];
  const rowOf = (sample: number | undefined): number => present(samples[sample ?? -1], 'the sample').row;
  for (const [i, result] of found.entries()) {
    if ('file' in result) {
      rows.push(i);
      images.push(result);
    } else faults.push({ row: rowOf(i), problem: result.problem });
  }
  const { sink, ...rest } = request;
  const table = await extractFeatures({
    ...rest,
    ...(sink ? { sink: atRows(sink, rows) } : {}),
    ...(await cachesOf(project, request)),
    images,
  });
  await rememberSpeed(request, table);
  for (const { image, problem } of table.faults) faults.push({ row: rowOf(rows[image]), problem });
  const all: ImageFaults = {
    table: project.config.dataset.table,
    images: samples.length,
    faults: faults.sort((a, b) => a.row - b.row),
  };
  const aligned = images.length === samples.length ? table : scatter(table, rows, samples.length);
  return { ...aligned, faults: all, problems: faultProblems(all) };
}

/**
 * Takes over features of this project's images that another user computed; see `adoptFeatures`.
 * @throws OVR601 they differ from what this machine computes
 */
export async function adoptProjectFeatures(
  project: Project,
  request: ProjectFeaturesRequest,
): Promise<Adoption> {
  const found = await resolveImages(project.root, project.config, project.dataset.samples, request);
  const images = found.flatMap((result) => ('file' in result ? [result] : []));
  return adoptFeatures({ ...request, ...(await cachesOf(project, request)), images });
}

/**
 * Takes over features of this project's images from folders that other machines filled; see `mergeFeatures`.
 * @throws OVR601, OVR602
 */
export async function mergeProjectFeatures(
  project: Project,
  request: ProjectFeaturesRequest,
  folders: readonly string[],
): Promise<Adoption> {
  const found = await resolveImages(project.root, project.config, project.dataset.samples, request);
  const images = found.flatMap((result) => ('file' in result ? [result] : []));
  return mergeFeatures({ ...request, ...(await cachesOf(project, request)), images }, folders);
}

/** A part of the images, of parts that are about equal and together all: number `part` (from 1) of `parts`. */
export interface Shard {
  readonly part: number;
  readonly parts: number;
}

/** Brings the features of a part of the project's images into its cache. */
export async function shardFeatures(
  project: Project,
  request: ProjectFeaturesRequest,
  { part, parts }: Shard,
): Promise<FeatureTable> {
  const found = await resolveImages(project.root, project.config, project.dataset.samples, request);
  const images = found
    .filter((_, i) => i % parts === part - 1)
    .flatMap((result) => ('file' in result ? [result] : []));
  const sink: RowSink = { set: () => undefined, copy: () => undefined };
  const table = await extractFeatures({ ...request, ...(await cachesOf(project, request)), images, sink });
  await rememberSpeed(request, table);
  return table;
}

/** The sink of the samples as one of the images: image i is of sample `rows[i]`. */
function atRows(sink: RowSink, rows: readonly number[]): RowSink {
  const at = (image: number): number => present(rows[image], 'the sample of an image');
  return {
    set: (image, features) => sink.set(at(image), features),
    copy: (from, to) => sink.copy(at(from), at(to)),
  };
}

async function rememberSpeed(
  { cacheDir, weights }: ProjectFeaturesRequest,
  { opened, computed, computeSeconds }: FeatureTable,
): Promise<void> {
  if (opened === null || computeSeconds === null) return;
  await recordSpeed(cacheDir, weights, {
    device: opened.device,
    images: computed,
    seconds: computeSeconds,
  });
}

function scatter(table: FeatureTable, rows: readonly number[], samples: number): FeatureTable {
  const inMemory = table.features.length > 0;
  const features = new Float32Array(inMemory ? samples * table.dim : 0);
  const present = new Uint8Array(samples);
  const contentHashes = new Array<string>(samples).fill('');
  for (const [from, to] of rows.entries()) {
    if (inMemory)
      features.set(table.features.subarray(from * table.dim, (from + 1) * table.dim), to * table.dim);
    present[to] = table.present[from] ?? 0;
    contentHashes[to] = table.contentHashes[from] ?? '';
  }
  return { ...table, features, present, contentHashes };
}
