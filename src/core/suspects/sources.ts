/** Where the probabilities come from that labels are held against: repeated fits of the project's own, or a run's. */
import { projectCacheFolder } from '../base/userCache';
import { readImages } from '../checks/readImages';
import type { PredictionColumns } from '../evaluation/model';
import { ContentHashes } from '../images/contentHashes';
import type { Project } from '../project/project';
import { findWholeRun, readLatestRun, type WholeRun } from '../runs/wholeRun';
import { trainerNames } from '../trainers/names';
import type { TrainWork } from '../trainers/trainer';
import { featuresOf, projectFits, type FeaturesWork } from './projectFits';

export interface SuspectSource {
  readonly predictions: PredictionColumns;
  /** Label loss against the others of the fold, averaged over the repeats; null of a run. */
  readonly loss: Float64Array | null;
  /** null where the probabilities are of fits that were made for this. */
  readonly run: WholeRun | null;
  readonly repeats: number;
}

/**
 * The run that was named. Without a name a run that somebody imported, where that is what the review shows, since its model is
 * not at hand; else fits that are made now.
 * @throws OVR800, OVR801 no such run; as `projectFits`
 */
export async function suspectSource(
  project: Project,
  wanted: string | undefined,
  work: FeaturesWork,
  repeats: number,
): Promise<SuspectSource> {
  const { root, dataset } = project;
  const run =
    wanted === undefined
      ? await foreignRun(project)
      : await findWholeRun(root, wanted, dataset, ({ message }) => work.log?.warn(message));
  if (run) return { predictions: run.predictions, loss: null, run, repeats: 1 };
  const fits = await projectFits(project, await featuresOf(project, work), work, repeats);
  return { predictions: fits.predictions, loss: fits.loss, run: null, repeats: fits.repeats };
}

/** The run that is shown, where it is not of the last layer. */
async function foreignRun({ root, dataset }: Project): Promise<WholeRun | undefined> {
  const { run } = await readLatestRun(root, dataset);
  return run && run.record.trainer.name !== trainerNames.lastLayer ? run : undefined;
}

/** Content of every sample's image, read only where it is not remembered. @throws OVR002 */
export async function imageContents(
  project: Project,
  { cacheDir, signal }: Pick<TrainWork, 'cacheDir' | 'signal'>,
): Promise<(string | undefined)[]> {
  const { root } = project.folder;
  const memo = await ContentHashes.open(root, projectCacheFolder(cacheDir, root));
  const images = await readImages(project, { memo, quick: true, ...(signal ? { signal } : {}) });
  return images.map(({ hash }) => hash);
}
