/** The features of a project's samples: each image found inside its roots, read from the cache or computed. */
import type { WorkOptions } from '../base/ports';
import type { Problem } from '../base/report';
import { resolveImages } from '../dataset/imagePath';
import { extractFeatures, type FeatureTable } from '../features/extract';
import type { Backbone, Device, WeightsIdentity } from '../models/model';
import { recordSpeed } from '../models/speed';
import type { Project } from './project';

export interface ProjectFeaturesRequest extends WorkOptions {
  readonly weights: WeightsIdentity;
  /** Builds the backbone for images of that many channels. */
  readonly loadBackbone: (channels: 1 | 3) => Promise<Backbone>;
  readonly device: Device;
  /** The built program of the inference thread; without it ONNX Runtime blocks the calling thread. */
  readonly inferenceProgram?: string;
  /** The per-user cache, where the speed of the network on this machine is remembered; absent: it is not. */
  readonly cacheDir?: string;
}

/** A feature table aligned with the dataset's samples. */
export type ProjectFeatures = FeatureTable;

/**
 * Features of every sample, in the order of the table. Images that lie outside the roots, are missing or do
 * not decode have `present` 0 and a problem each.
 */
export async function projectFeatures(
  project: Project,
  request: ProjectFeaturesRequest,
): Promise<ProjectFeatures> {
  const { samples } = project.dataset;
  const found = await resolveImages(project.root, project.config, samples, request);
  const rows: number[] = [];
  const images: { id: string; file: string }[] = [];
  const outside: Problem[] = [];
  for (const [i, result] of found.entries()) {
    if ('file' in result) {
      rows.push(i);
      images.push(result);
    } else outside.push(result.problem);
  }
  const table = await extractFeatures({ ...request, root: project.root, images });
  await rememberSpeed(request, table);
  const problems = [...outside, ...table.problems];
  if (images.length === samples.length) return { ...table, problems };
  return scatter(table, rows, samples.length, problems);
}

async function rememberSpeed(
  { cacheDir, weights }: ProjectFeaturesRequest,
  { opened, computed, computeSeconds }: FeatureTable,
): Promise<void> {
  if (cacheDir === undefined || opened === null || computeSeconds === null) return;
  await recordSpeed(cacheDir, weights, {
    device: opened.device,
    images: computed,
    seconds: computeSeconds,
  });
}

function scatter(
  table: FeatureTable,
  rows: readonly number[],
  samples: number,
  problems: readonly Problem[],
): FeatureTable {
  const features = new Float32Array(samples * table.dim);
  const present = new Uint8Array(samples);
  const contentHashes = new Array<string>(samples).fill('');
  for (const [from, to] of rows.entries()) {
    features.set(table.features.subarray(from * table.dim, (from + 1) * table.dim), to * table.dim);
    present[to] = table.present[from]!;
    contentHashes[to] = table.contentHashes[from]!;
  }
  return { ...table, features, present, contentHashes, problems };
}
