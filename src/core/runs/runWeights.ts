/** The weights that a finished run was made with, as it used them. */
import { OverreadError } from '../base/errors';
import type { WorkOptions } from '../base/ports';
import type { ResolvedWeights } from '../weights/model';
import type { ModelNetwork } from '../trainers/model';
import type { Project } from '../project/project';
import { resolveProjectWeights } from '../project/projectWeights';

export interface RunWeightsRequest extends WorkOptions {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cacheDir: string;
}

/**
 * Finds the weights of a run, with the preprocessing and the cut that it records; what older runs do not record
 * is taken from the configuration.
 * @throws OVR803 they are no longer the same; what `resolveWeights` throws
 */
export async function resolveRunWeights(
  project: Pick<Project, 'root' | 'config'>,
  { architecture, weights }: Pick<ModelNetwork, 'architecture' | 'weights'>,
  request: RunWeightsRequest,
): Promise<ResolvedWeights> {
  const resolved = await resolveProjectWeights(project.config, {
    ...request,
    root: project.root,
    architecture,
    weights: weights.name,
    truncate: weights.truncate,
  });
  if (resolved.identity.sha256 !== weights.sha256) {
    throw new OverreadError({
      code: 'OVR803',
      message: `The weights ${weights.name} are not those of the run`,
      expected: `SHA-256 ${weights.sha256}`,
      fix: 'Restore the file that the run was made with',
    });
  }
  const preprocessing = weights.preprocessing ?? resolved.identity.preprocessing;
  return { ...resolved, identity: { ...resolved.identity, preprocessing } };
}
