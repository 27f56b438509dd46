/** From an architecture to a graph: whole or cut after a block, and what each block costs. */
import { closest } from 'fastest-levenshtein';
import { OverreadError } from '../base/errors';
import { GraphBuilder, type Value } from '../onnx/graphBuilder';
import type { Architecture, Block } from './architecture';
import { Network, type Activation } from './network';
import { ParameterList, type ExpectedTensor } from './parameters';

/** The last feature map and the feature vector. */
export interface Features {
  readonly map: Activation;
  readonly vector: Activation;
  /** Whether the vector is the mean over the map's pixels. */
  readonly pooledLinearly: boolean;
}

/**
 * All layers up to the feature vector: the blocks in order, then the pooling. With `truncate` the blocks after
 * the one of that name are left out, and the vector is the global average pool of its output.
 * @throws OVR505 there is no such block
 */
export function buildFeatures(
  architecture: Architecture,
  network: Network,
  image: Activation,
  truncate: string | null = null,
): Features {
  let map = image;
  for (const block of blocksUntil(architecture, truncate)) map = block.build(network, map);
  if (truncate !== null) return { map, vector: network.globalAveragePool(map), pooledLinearly: true };
  return { map, vector: architecture.pool(network, map), pooledLinearly: architecture.pooling === 'linear' };
}

/** The blocks up to and with the one of that name; all of them without a name. @throws OVR505 */
export function blocksUntil(architecture: Architecture, truncate: string | null): readonly Block[] {
  if (truncate === null) return architecture.blocks;
  const names = architecture.blocks.map((block) => block.name);
  const at = names.indexOf(truncate);
  if (at >= 0) return architecture.blocks.slice(0, at + 1);
  throw new OverreadError({
    code: 'OVR505',
    message: `${architecture.name} has no block "${truncate}"`,
    expected: `one of ${names.join(', ')}`,
    fix: `Did you mean "${closest(truncate, names)}"? "overread models show ${architecture.name}" lists its blocks`,
  });
}

/** Every tensor that the architecture's state dict must have, the final linear layer last. */
export function expectedTensors(architecture: Architecture): readonly ExpectedTensor[] {
  const { list, network, image } = outline(architecture, architecture.preprocessing.size);
  const { vector } = buildFeatures(architecture, network, image);
  network.linear(vector, architecture.classifier, architecture.classes);
  return list.tensors;
}

/** The tensors that a stretch of a network learns or keeps. */
export interface BlockTensors {
  /** The block's name; `pool` for what stands between the last map and the last layer. */
  readonly name: string;
  readonly tensors: readonly ExpectedTensor[];
}

/** What each block takes from the state dict, in order; the last layer is left out. */
export function tensorsByBlock(architecture: Architecture): readonly BlockTensors[] {
  const { list, network, image } = outline(architecture, architecture.preprocessing.size);
  const found: BlockTensors[] = [];
  const take = (name: string, from: number) => found.push({ name, tensors: list.tensors.slice(from) });
  let map = image;
  for (const block of architecture.blocks) {
    const from = list.tensors.length;
    map = block.build(network, map);
    take(block.name, from);
  }
  const from = list.tensors.length;
  architecture.pool(network, map);
  take('pool', from);
  return found;
}

/** What is left of a network that is cut after a block, or of the whole one. */
export interface Cost {
  /** Length of the feature vector. */
  readonly featureSize: number;
  /** Channels, and height and width in pixels, of the last feature map. */
  readonly channels: number;
  readonly mapSize: number;
  /** Learnt numbers, without a last layer: BatchNorm's statistics do not count. */
  readonly parameters: number;
  /** Multiply-accumulate operations of one image in 10⁹, by the rules of `Network`. */
  readonly gmacs: number;
}

/** @param size side of the square input, px */
export function costOfFeatures(architecture: Architecture, size: number, truncate: string | null): Cost {
  const { list, network, image } = outline(architecture, size);
  const { map, vector } = buildFeatures(architecture, network, image, truncate);
  return {
    featureSize: vector.channels,
    channels: map.channels,
    mapSize: map.size,
    parameters: countParameters(list.tensors),
    gmacs: network.multiplyAccumulates / 1e9,
  };
}

/** Parameters and GMACs of the whole published network, its 1,000-class layer included: the figures of timm. */
export function costOfNetwork(
  architecture: Architecture,
  size: number,
): { readonly parameters: number; readonly gmacs: number } {
  const { list, network, image } = outline(architecture, size);
  const { vector } = buildFeatures(architecture, network, image);
  network.linear(vector, architecture.classifier, architecture.classes);
  return { parameters: countParameters(list.tensors), gmacs: network.multiplyAccumulates / 1e9 };
}

/** A network that only writes down what it would need. */
function outline(architecture: Architecture, size: number) {
  const list = new ParameterList();
  const graph = new GraphOutline(architecture.name);
  const network = new Network(graph, list);
  const value = graph.input('image', 'float32', ['N', 3, size, size]);
  return { list, network, image: { value, channels: 3, size } };
}

function countParameters(tensors: readonly ExpectedTensor[]): number {
  return tensors
    .filter(({ role }) => role !== 'normMean' && role !== 'normVariance')
    .reduce((sum, { shape }) => sum + shape.reduce((product, extent) => product * extent, 1), 0);
}

/**
 * A graph that is only walked to learn what it needs, never run. Takes the names of nodes and constants, and no data: constants become inputs of
 * the shape they would have.
 */
class GraphOutline extends GraphBuilder {
  override constant(_data: unknown, shape: readonly number[], name?: string): Value {
    return this.input(name ?? this.unusedName('constant'), 'float32', shape);
  }
}
