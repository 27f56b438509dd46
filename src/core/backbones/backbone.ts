/** The feature extractor of weights as an ONNX model. */
import { getArchitecture } from '../networks';
import { addImageInput } from './imageInput';
import { buildFeatures } from '../networks/build';
import { Network } from '../networks/network';
import { parametersOf } from '../networks/parameters';
import type { Backbone } from '../networks/model';
import { GraphBuilder, type Value } from '../onnx/graphBuilder';
import { buildOnnxBackbone } from './onnxBackbone';
import type { NetworkWeights, ResolvedWeights } from '../weights/model';

export interface BackboneOptions {
  /** 1: a network of three channels takes grey images in one. Default: the channels of the preprocessing. */
  readonly channels?: 1 | 3;
  /** Takes grey levels (uint8) and normalises them itself, to the same bits as the processor does. */
  readonly bytes?: true;
  /** Adds the output `map`. */
  readonly withMap?: boolean;
}

/**
 * Reads the weights and builds the feature extractor, for images of the size of the weights' preprocessing.
 * @throws OVR502 a tensor is missing or misshapen; OVR505 there is no block to cut after; OVR506 an ONNX
 * classifier cannot be a backbone
 */
export async function buildBackbone(
  resolved: ResolvedWeights,
  options: BackboneOptions = {},
): Promise<Backbone> {
  if (resolved.kind === 'onnx') return buildOnnxBackbone(resolved, options);
  return buildNetwork(resolved, options);
}

async function buildNetwork(resolved: NetworkWeights, options: BackboneOptions): Promise<Backbone> {
  const { identity } = resolved;
  const { size, mean, std } = identity.preprocessing;
  const channels = options.channels ?? 3;
  const architecture = getArchitecture(identity.architecture);
  const graph = new GraphBuilder(identity.name);
  const network = new Network(graph, parametersOf(await resolved.load(), identity.name));
  const half = identity.precision === 'fp16';
  const normalised = addImageInput(graph, identity.preprocessing, channels, options.bytes === true);
  // Levels are normalised in single precision: what half would round away there, no weight brings back.
  const value = half ? graph.toHalf(normalised) : normalised;
  const image = { value, channels: 3, size, ...(channels === 1 ? { grey: { mean, std } } : {}) };
  const { map, vector, pooledLinearly } = buildFeatures(architecture, network, image, identity.truncate);
  giveOut(graph, vector.value, 'features', half);
  graph.output('features', 'float32', ['N', vector.channels]);
  if (options.withMap === true) {
    giveOut(graph, map.value, 'map', half);
    graph.output('map', 'float32', ['N', map.channels, map.size, map.size]);
  }
  return {
    weights: identity,
    featureSize: vector.channels,
    channels,
    ...(options.bytes === true ? { bytes: true } : {}),
    map:
      options.withMap === true
        ? { channels: map.channels, height: map.size, width: map.size, pooledLinearly }
        : null,
    onnx: graph.toModel(),
  };
}

/** Names a value that leaves the graph, in single precision. */
function giveOut(graph: GraphBuilder, value: Value, name: string, half: boolean): void {
  graph.node('Identity', [half ? graph.toSingle(value) : value], {}, name);
}
