/** What the model of a run says of images that belong to no project. */
import * as path from 'node:path';
import { buildBackbone } from '../backbones/backbone';
import { CacheMac } from '../base/cacheMac';
import type { WorkOptions } from '../base/ports';
import { present } from '../base/present';
import { ProjectFolder } from '../base/projectFolder';
import type { Problem } from '../base/report';
import { projectCacheFolder, userConfigFolder } from '../base/userCache';
import { extractFeatures } from '../features/extract';
import type { Device, OpenedDevice } from '../onnx/model';
import type { WantedImage } from './findImages';
import { Probabilities, type RunModel } from './runModel';

export interface PredictRequest extends WorkOptions {
  readonly device: Device;
  /** The user's cache, where the features of these images are kept. */
  readonly cacheDir: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The built program of the inference thread. */
  readonly inferenceProgram?: string | undefined;
}

export interface ImagePredictions {
  /** images × outputs, row-major, calibrated, from 0 to 1; rows of NaN for images that could not be read. */
  readonly probabilities: Float64Array;
  /** Why an image has no prediction. */
  readonly problems: readonly (Problem | undefined)[];
  /** SHA-256 of each file; empty where it could not be read. */
  readonly contentHashes: readonly string[];
  readonly cached: number;
  /** null where every feature came from the cache. */
  readonly opened: OpenedDevice | null;
}

/**
 * Probabilities of the images, in their order. An image that cannot be read is a problem of its own; the rest goes on.
 * @throws OVR002 cancelled; OVR503, OVR504 inference; OVR003 the cache cannot be written
 */
export async function predictImages(
  { head, weights }: RunModel,
  images: readonly WantedImage[],
  request: PredictRequest,
): Promise<ImagePredictions> {
  const { cacheDir, env, inferenceProgram, ...rest } = request;
  const readable = [...images.entries()].flatMap(([row, { name: id, file }]) =>
    typeof file === 'string' ? [{ row, id, file }] : [],
  );
  const rowOf = (image: number): number => present(readable[image], 'an image').row;
  const rows = new Probabilities(head, images.length);
  // Features of images of no project: they are the user's own, wherever the images lie.
  const folder = await ProjectFolder.open(path.join(cacheDir, 'predicted'), {}, { make: true });
  const table = await extractFeatures({
    ...rest,
    cacheDir,
    ...(inferenceProgram === undefined ? {} : { inferenceProgram }),
    folder,
    cacheFolder: projectCacheFolder(cacheDir, folder.root),
    mac: await CacheMac.open(userConfigFolder(env)),
    images: readable,
    weights: weights.identity,
    loadBackbone: (channels) => buildBackbone(weights, { channels, bytes: true }),
    sink: {
      set: (image, features) => rows.set(rowOf(image), features),
      copy: (from, to) => rows.copy(rowOf(from), rowOf(to)),
    },
  });
  const problems = images.map(({ file }) => (typeof file === 'string' ? undefined : file));
  for (const { image, problem } of table.faults) problems[rowOf(image)] = problem;
  const contentHashes = images.map(() => '');
  for (const [image, hash] of table.contentHashes.entries()) contentHashes[rowOf(image)] = hash;
  const { cached, opened } = table;
  return { probabilities: rows.values, problems, contentHashes, cached, opened };
}
