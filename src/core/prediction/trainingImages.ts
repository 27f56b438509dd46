/** Which images a project's model was trained on, by what the files hold: names differ from one copy to the next. */
import { throwIfCancelled } from '../base/errors';
import type { WorkOptions } from '../base/ports';
import { projectCacheFolder } from '../base/userCache';
import { resolveImages } from '../dataset/imagePath';
import { ContentHashes } from '../images/contentHashes';
import { rememberedHash } from '../images/rememberedHash';
import type { Project } from '../project/project';

export interface TrainingImages {
  /** The sample of a content's SHA-256, where it was in the training part. */
  readonly sampleOf: ReadonlyMap<string, string>;
  readonly images: number;
  /** Of them, those that cannot be read now: nothing can be said about these. */
  readonly unread: number;
}

/** Files that are hashed at once: the disk is what they wait for. */
const hashedAtOnce = 8;

/**
 * Hashes the images of the training part, as far as they are not known by their stamps.
 * @param cacheDir the user's cache
 * @throws OVR002 cancelled
 */
export async function readTrainingImages(
  project: Pick<Project, 'root' | 'folder' | 'config' | 'dataset' | 'assignment'>,
  cacheDir: string,
  options: WorkOptions,
): Promise<TrainingImages> {
  const { root, folder, config, dataset, assignment } = project;
  const training = dataset.samples.filter((_, i) => assignment.split[i] === 'train');
  const found = await resolveImages(root, config, training, options);
  const memo = await ContentHashes.open(folder.root, projectCacheFolder(cacheDir, folder.root));
  const sampleOf = new Map<string, string>();
  let unread = 0;
  const rest = found.values();
  const worker = async (): Promise<void> => {
    for (const image of rest) {
      throwIfCancelled(options.signal);
      const hash = 'file' in image ? await rememberedHash(memo, image.file) : undefined;
      if (hash === undefined) unread++;
      else if (!sampleOf.has(hash)) sampleOf.set(hash, image.id);
    }
  };
  await Promise.all(Array.from({ length: hashedAtOnce }, worker));
  await memo.flush();
  return { sampleOf, images: training.length, unread };
}
