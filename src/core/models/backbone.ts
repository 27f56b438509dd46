/** The feature extractor of an architecture as an ONNX model. */
import { buildFeatures, getArchitecture } from './architectures';
import { Network } from './architectures/network';
import { parametersOf } from './architectures/parameters';
import type { Backbone } from './model';
import { GraphBuilder } from './onnx/graphBuilder';
import type { ResolvedWeights } from './weights/model';

/**
 * Reads the weights and builds the feature extractor, for images of the size of the weights' preprocessing.
 * @throws OVR502 when a tensor is missing or misshapen
 */
export async function buildBackbone(resolved: ResolvedWeights): Promise<Backbone> {
  const { identity } = resolved;
  const { size } = identity.preprocessing;
  const architecture = getArchitecture(identity.architecture);
  const graph = new GraphBuilder(identity.name);
  const network = new Network(graph, parametersOf(await resolved.load(), identity.name));
  const image = graph.input('image', 'float32', ['N', 3, size, size]);
  const features = buildFeatures(architecture, network, { value: image, channels: 3, size });
  graph.node('Identity', [features.value], {}, 'features');
  graph.output('features', 'float32', ['N', features.channels]);
  return { weights: identity, featureSize: features.channels, onnx: graph.toModel() };
}
