/** Whether the network of a run is the one that overread.yaml asks for. */
import { OverreadError } from '../base/errors';
import type { ProjectConfig } from '../config/config';
import type { ModelNetwork } from '../trainers/model';
import { onnxArchitecture, parseWeights, publishedName, type WeightsSpec } from '../weights/spec';

type Used = Pick<ModelNetwork, 'architecture' | 'weights'>;

/**
 * What the configuration asks for where a run's network is another: `auto` takes the weights of another architecture when
 * the wanted ones cannot be had, the command line may have named others, or the file was changed since.
 * @returns null where it is the same, or the configuration names what there is not. Weights of a file are told apart by
 *   their architecture and cut alone
 */
export function configuredOtherwise(model: ProjectConfig['model'], used: Used): string | null {
  const spec = specOf(model);
  if (!spec) return null;
  const brings = spec.kind === 'onnx' || spec.kind === 'recordedOnnx';
  const cut = brings ? null : model.truncate;
  // What PyTorch trained has a precision of its own (`training.deep`).
  const half = !brings && model.precision === 'fp16' && used.weights.source !== 'run';
  const isAsCut = (used.weights.truncate ?? null) === cut;
  if (isOf(spec, used) && isAsCut && (used.weights.precision === 'fp16') === half) return null;
  const wanted = spec.kind === 'auto' ? spec.architecture.name : nameOf(spec, model.weights);
  const marks = [...(cut === null ? [] : [cut]), ...(half ? ['fp16'] : [])];
  return marks.length === 0 ? wanted : `${wanted} (${marks.join(', ')})`;
}

function specOf({ architecture, weights }: ProjectConfig['model']): WeightsSpec | undefined {
  try {
    return parseWeights(architecture, weights, undefined);
  } catch (error) {
    if (error instanceof OverreadError) return undefined;
    throw error;
  }
}

function isOf(spec: WeightsSpec, { architecture, weights }: Used): boolean {
  switch (spec.kind) {
    case 'auto':
    case 'file':
      return architecture === spec.architecture.name;
    case 'onnx':
      return architecture === onnxArchitecture;
    case 'published':
    case 'random':
    case 'recorded':
    case 'recordedOnnx':
      return weights.name === nameOf(spec, '');
  }
}

/** As runs record it; a file by what was written. */
function nameOf(spec: WeightsSpec, written: string): string {
  switch (spec.kind) {
    case 'published':
      return publishedName(spec.architecture, spec.published);
    case 'random':
      return `${spec.architecture.name}.random-${spec.seed}`;
    case 'recorded':
    case 'recordedOnnx':
      return spec.name;
    case 'auto':
    case 'file':
    case 'onnx':
      return written;
  }
}
