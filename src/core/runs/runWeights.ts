/** The weights that a finished run was made with, as it used them. */
import { OverreadError } from '../base/errors';
import type { WorkOptions } from '../base/ports';
import { sha256 } from '../base/files';
import { getArchitecture } from '../networks';
import type { NetworkWeights, ResolvedWeights } from '../weights/model';
import { readSafetensors } from '../weights/stateDict/safetensors';
import type { ModelNetwork } from '../trainers/model';
import { networkFile } from '../trainers/names';
import type { Run } from './folder';
import { readRunFile } from './runFile';
import type { Project } from '../project/project';
import { resolveProjectWeights } from '../project/projectWeights';

export interface RunWeightsRequest extends WorkOptions {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cacheDir: string;
}

/**
 * Finds the weights of a run, with the preprocessing, the cut and the precision that it records; what older runs do not record
 * is taken from the configuration. A run that trained its network brings it itself.
 * @throws OVR803 they are no longer the same; OVR801 the run's own are gone; what `resolveWeights` throws
 */
export async function resolveRunWeights(
  project: Pick<Project, 'root' | 'config'>,
  run: Pick<Run, 'dir' | 'record'>,
  { architecture, weights }: Pick<ModelNetwork, 'architecture' | 'weights'>,
  request: RunWeightsRequest,
): Promise<ResolvedWeights> {
  if (run.record.files.includes(networkFile)) return ownWeights(run, { architecture, weights });
  const resolved = await resolveProjectWeights(project.config, {
    ...request,
    root: project.root,
    architecture,
    weights: weights.name,
    truncate: weights.truncate,
    precision: weights.precision ?? 'fp32',
  });
  if (resolved.identity.sha256 !== weights.sha256) throw changed(weights);
  const preprocessing = weights.preprocessing ?? resolved.identity.preprocessing;
  return { ...resolved, identity: { ...resolved.identity, preprocessing } };
}

/**
 * The weights whose features have not seen the project's labels: those of a run, or what its own network was trained from.
 * Without a run they are the project's. Duplicates and doubts about labels go by them.
 * @throws as `resolveRunWeights`
 */
export async function resolveFrozenWeights(
  project: Pick<Project, 'root' | 'config'>,
  run: Pick<Run, 'dir' | 'record'> | undefined,
  request: RunWeightsRequest,
): Promise<ResolvedWeights> {
  const network = run?.record.network;
  if (run === undefined || !network)
    return resolveProjectWeights(project.config, { ...request, root: project.root });
  if (!run.record.files.includes(networkFile)) return resolveRunWeights(project, run, network, request);
  const from = run.record.trainer.settings['started_from'];
  const name = typeof from === 'object' && from !== null && 'name' in from ? from.name : undefined;
  return resolveProjectWeights(project.config, {
    ...request,
    root: project.root,
    architecture: network.architecture,
    ...(typeof name === 'string' ? { weights: name } : {}),
    truncate: null,
  });
}

/** The network in the run's folder. */
function ownWeights(
  { dir, record }: Pick<Run, 'dir' | 'record'>,
  { architecture, weights }: Pick<ModelNetwork, 'architecture' | 'weights'>,
): NetworkWeights {
  const { preprocessing } = getArchitecture(architecture);
  return {
    kind: 'network',
    identity: {
      architecture,
      name: weights.name,
      sha256: weights.sha256,
      preprocessing: weights.preprocessing ?? preprocessing,
      trainedOn: weights.trained_on,
      source: 'run',
      truncate: weights.truncate ?? null,
    },
    notes: [],
    load: async () => {
      const bytes = await readRunFile(dir, record.run, networkFile);
      if (sha256(bytes) !== weights.sha256) throw changed(weights);
      return readSafetensors(bytes, networkFile).tensors;
    },
  };
}

function changed({ name, sha256: hash }: ModelNetwork['weights']): OverreadError {
  return new OverreadError({
    code: 'OVR803',
    message: `The weights ${name} are not those of the run`,
    expected: `SHA-256 ${hash}`,
    fix: 'Restore the file that the run was made with',
  });
}
