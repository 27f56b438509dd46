/** The weights as a project uses them. */
import type { ProjectConfig } from '../dataset/config';
import { resolveWeights, type ResolvedWeights, type WeightsRequest } from '../models/weights/resolve';

export interface ProjectWeightsRequest extends Omit<
  WeightsRequest,
  'architecture' | 'weights' | 'input' | 'trainedOn'
> {
  readonly architecture?: string | undefined;
  readonly weights?: string | undefined;
  /** A block to cut after, instead of the project's; null: none. */
  readonly truncate?: string | null | undefined;
}

/**
 * Finds the weights that the configuration names, or those asked for instead, with the project's choice of crop
 * and cut in their identity. The project's cut is meant for its own architecture and does not apply to another.
 * @throws what `resolveWeights` throws
 */
export async function resolveProjectWeights(
  { model }: ProjectConfig,
  request: ProjectWeightsRequest,
): Promise<ResolvedWeights> {
  const architecture = request.architecture ?? model.architecture;
  const resolved = await resolveWeights({
    ...request,
    architecture,
    weights: request.weights ?? model.weights,
    input: model.input,
    trainedOn: model.trained_on,
  });
  const own = resolved.identity.architecture === model.architecture ? model.truncate : null;
  const truncate = resolved.kind === 'onnx' ? null : request.truncate === undefined ? own : request.truncate;
  const preprocessing = { ...resolved.identity.preprocessing, crop: model.crop };
  return { ...resolved, identity: { ...resolved.identity, preprocessing, truncate } };
}
