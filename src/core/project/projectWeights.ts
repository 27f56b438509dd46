/** The weights as a project uses them. */
import { OverreadError } from '../base/errors';
import type { ProjectConfig } from '../config/config';
import { isWeightsFile } from '../config/weightsFile';
import type { Precision } from '../networks/model';
import { resolveWeights, type ResolvedWeights, type WeightsRequest } from '../weights/resolve';

export interface ProjectWeightsRequest extends Omit<
  WeightsRequest,
  'architecture' | 'weights' | 'input' | 'trainedOn'
> {
  readonly architecture?: string | undefined;
  readonly weights?: string | undefined;
  /** A block to cut after, instead of the project's; null: none. */
  readonly truncate?: string | null | undefined;
  /** Of the features, instead of the project's. */
  readonly precision?: Precision | undefined;
}

/**
 * Finds the weights that the configuration names, or those asked for instead, with the project's choice of crop, cut and
 * precision in their identity. The project's cut is meant for its own architecture and does not apply to another.
 * @throws OVR505 a cut is asked for in an ONNX classifier, OVR506 half precision is; what `resolveWeights` throws
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
    trainedOn: speaksOf(model, request.weights) ? model.trained_on : undefined,
  });
  if (resolved.kind === 'onnx' && typeof request.truncate === 'string') throw noBlocks(request.truncate);
  const half = (request.precision ?? model.precision) === 'fp16';
  if (resolved.kind === 'onnx' && half) throw noHalf(resolved.file);
  const ignored =
    resolved.kind === 'onnx' && request.architecture !== undefined && request.weights === undefined
      ? [`The architecture ${request.architecture} is ignored: ${model.weights} brings its own network`]
      : [];
  const own = resolved.identity.architecture === model.architecture ? model.truncate : null;
  const truncate = resolved.kind === 'onnx' ? null : request.truncate === undefined ? own : request.truncate;
  const preprocessing = {
    ...resolved.identity.preprocessing,
    crop: model.crop,
    ...(model.dicom === 'full-range' ? { dicom: model.dicom } : {}),
  };
  const notes = [...resolved.notes, ...ignored];
  const identity = {
    ...resolved.identity,
    preprocessing,
    truncate,
    ...(half ? { precision: 'fp16' as const } : {}),
  };
  return { ...resolved, notes, identity };
}

/** Whether the project's declaration is about these weights: one that names a file speaks of that file. */
function speaksOf(model: ProjectConfig['model'], asked: string | undefined): boolean {
  return asked === undefined || asked === model.weights || !isWeightsFile(model.weights);
}

function noBlocks(truncate: string): OverreadError {
  return new OverreadError({
    code: 'OVR505',
    message: `An ONNX classifier has no blocks, so it cannot be cut after "${truncate}"`,
    fix: 'Leave the cut out, or take one of the architectures',
  });
}

function noHalf(file: string): OverreadError {
  return new OverreadError({
    code: 'OVR506',
    message: 'An ONNX classifier brings its own graph, which is not turned into half precision',
    place: { file },
    fix: 'Take --precision fp32, or model.precision: fp32; or convert the file itself',
  });
}
