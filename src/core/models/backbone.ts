/** The feature extractor of an architecture as an ONNX model. */
import { buildFeatures, getArchitecture } from './architectures';
import { Network } from './architectures/network';
import { parametersOf } from './architectures/parameters';
import type { Backbone, StateDict, WeightsIdentity } from './model';
import { GraphBuilder } from './onnx/graphBuilder';
import type { ResolvedWeights } from './weights/model';

/** Reads the weights and builds the feature extractor; OVR502 when a tensor is missing or misshapen. */
export async function buildBackbone(resolved: ResolvedWeights): Promise<Backbone> {
  return buildBackboneFrom(await resolved.load(), resolved.identity);
}

/**
 * The feature extractor over given weights.
 * @param size side of the input image, px; that of the weights' preprocessing unless given
 */
export function buildBackboneFrom(
  state: StateDict,
  identity: WeightsIdentity,
  size = identity.preprocessing.size,
): Backbone {
  const architecture = getArchitecture(identity.architecture);
  const graph = new GraphBuilder(identity.name);
  const network = new Network(graph, parametersOf(state, identity.name));
  const image = graph.input('image', 'float32', ['N', 3, size, size]);
  const features = buildFeatures(architecture, network, { value: image, channels: 3, size });
  graph.node('Identity', [features.value], {}, 'features');
  graph.output('features', 'float32', ['N', features.channels]);
  return { weights: identity, featureSize: features.channels, onnx: graph.toModel() };
}
