/** Features of a project's images as checks need them: those that are in the cache, and where they lie. */
import { OverreadError } from '../../base/errors';
import { exists } from '../../base/files';
import type { WorkOptions } from '../../base/ports';
import type { ComponentSpace } from '../../neighbours/components';
import { CachedProject } from '../../project/cachedFeatures';
import type { Project } from '../../project/project';
import { resolveFrozenWeights } from '../../runs/runWeights';
import { readLatestRun } from '../../runs/wholeRun';
import type { ResolvedWeights } from '../../weights/model';

export interface CheckedFeatures {
  readonly weights: ResolvedWeights;
  /** Where they lie. */
  readonly cached: CachedProject;
  /** Row-major images × dim. */
  readonly features: Float32Array;
  readonly dim: number;
  readonly present: Uint8Array;
  /** Of the images whose features are numbers; null where there are too few. */
  readonly space: ComponentSpace | null;
}

export interface FeatureWork extends WorkOptions {
  readonly cacheDir: string;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/**
 * The features by the network of the shown run, before it saw labels, else by the project's own. Nothing is computed and
 * nothing fetched: weights are asked for only where features were computed before.
 * @returns why there are none, in a sentence without a full stop, where there are none
 * @throws OVR002
 */
export async function checkedFeatures(
  project: Project,
  work: FeatureWork,
): Promise<CheckedFeatures | string> {
  if (!(await exists(project.folder.path('.overread/features')))) return 'no features were computed yet';
  try {
    const { run } = await readLatestRun(project.root, project.dataset);
    const weights = await resolveFrozenWeights(project, run, work);
    const cached = await CachedProject.open(project, weights.identity, work);
    const read = await cached.features();
    const { features, dim, present } = read;
    if (!present.includes(1)) return `no features of ${weights.identity.name} are in the cache`;
    const space = await cached.space(work, read);
    return { weights, cached, features, dim, present, space };
  } catch (error) {
    if (error instanceof OverreadError && error.code !== 'OVR002') return error.message;
    throw error;
  }
}
