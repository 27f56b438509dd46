/**
 * Finds a classifier's last linear layer: from each output back over what turns logits into answers (softmax,
 * sigmoid, operating points, reshaping, labels) to the layer that every way from the image leads through. What it
 * takes is the feature vector.
 */
import type { Flow } from './flow';
import { readsOf } from './flow';
import type { OnnxGraph, OnnxModel, OnnxNode } from './model';
import { unsuitableModel } from './refusal';

/** Where the network is cut. */
export interface Cut {
  /** The value that the last linear layer takes. */
  readonly vector: string;
  readonly layer: OnnxNode;
  /** What may be the feature map whose mean is the vector; null where nothing is pooled right before it. */
  readonly map: string | null;
}

/** More outputs than any classifier has. */
const maxOutputs = 64;

/** Operators that compute features: a walk back from an output must not go through one. */
const layers = new Set(
  (
    'Conv ConvTranspose ConvInteger QLinearConv DeformConv Gemm MatMul MatMulInteger QLinearMatMul Einsum Attention ' +
    'MaxPool AveragePool LpPool GlobalAveragePool GlobalMaxPool GlobalLpPool MaxUnpool MaxRoiPool RoiAlign ' +
    'Resize Upsample GridSample AffineGrid DepthToSpace SpaceToDepth LSTM GRU RNN InstanceNormalization ' +
    'GroupNormalization LRN NonMaxSuppression'
  ).split(' '),
);

/**
 * @throws OVR506 no output comes from a linear layer, or they come from several on different vectors
 */
export function findLastLinear(model: OnnxModel, flow: Flow): Cut {
  const { outputs } = model.graph;
  if (outputs.length > maxOutputs) throw refuse(model, `it has ${outputs.length} outputs`);
  const heads: Head[] = [];
  const failures: string[] = [];
  for (const { name } of outputs) {
    const found = walkBack(model, flow, name);
    if (typeof found === 'string') failures.push(`"${name}": ${found}`);
    else heads.push(...[...found].map(([vector, layer]) => ({ output: name, vector, layer })));
  }
  const [first] = heads;
  if (!first) {
    const found =
      outputs.length === 0 ? 'it has no output' : `no linear layer was found (${failures.join('; ')})`;
    throw refuse(model, found);
  }
  if (heads.some(({ vector }) => vector !== first.vector)) {
    const listed = heads.map(({ output, layer }) => `"${output}" from ${describe(layer)}`);
    throw refuse(
      model,
      `its linear layers take different vectors (${[...new Set(listed)].slice(0, 6).join('; ')})`,
    );
  }
  return { vector: first.vector, layer: first.layer, map: pooledMap(model, flow, first.vector) };
}

interface Head {
  readonly output: string;
  readonly vector: string;
  readonly layer: OnnxNode;
}

/** The vectors that lead to an output through a linear layer, each with its layer; or why there are none. */
function walkBack({ graph }: OnnxModel, flow: Flow, output: string): ReadonlyMap<string, OnnxNode> | string {
  const { producer, fromImage } = flow;
  if (!fromImage.has(output)) return 'it does not depend on the image';
  const wanted = new Set([output]);
  const vectors = new Map<string, OnnxNode>();
  // From the last node on: whoever reads a value stands behind the node that gives it.
  for (const node of graph.nodes.slice(0, (producer.get(output) ?? -1) + 1).reverse()) {
    const mine = node.outputs.filter((name) => wanted.delete(name));
    if (mine.length === 0) continue;
    const vector = vectorOf(node, flow, graph);
    if (vector !== null) {
      wanted.delete(vector);
      vectors.set(vector, node);
      continue;
    }
    if (node.domain !== '' || node.hasSubgraphs || layers.has(node.opType)) {
      return `it comes from ${describe(node)}`;
    }
    for (const name of readsOf(node)) if (fromImage.has(name) && !vectors.has(name)) wanted.add(name);
  }
  // What no node gives is the image.
  return wanted.size > 0 ? 'it comes from the image without a linear layer' : vectors;
}

/** What a linear layer with constant weights takes; null for any other node. */
function vectorOf(node: OnnxNode, flow: Flow, graph: OnnxGraph): string | null {
  const [data = '', weight = ''] = node.inputs;
  if (node.domain !== '' || !flow.fromImage.has(data) || !flow.constant.has(weight)) return null;
  switch (node.opType) {
    case 'Gemm':
      return (node.attributes.get('transA')?.i ?? 0) === 0 ? data : null;
    case 'MatMul':
      return data;
    case 'MatMulInteger': {
      // 8-bit weights and activations: the vector is what was brought to 8 bit.
      const before = graph.nodes[flow.producer.get(data) ?? -1];
      return before?.opType === 'DynamicQuantizeLinear' ? (before.inputs[0] ?? null) : null;
    }
    case 'Conv': {
      const kernel =
        node.attributes.get('kernel_shape')?.ints ??
        graph.initialisers.find(({ name }) => name === weight)?.dims.slice(2);
      const pads = node.attributes.get('pads')?.ints ?? [];
      const single = kernel?.every((extent) => extent === 1) === true && pads.every((pad) => pad === 0);
      return single && (node.attributes.get('group')?.i ?? 1) === 1 ? data : null;
    }
    default:
      return null;
  }
}

/** What may stand between pooling and the last linear layer without changing a pooled vector's numbers. */
const passing = new Set([
  'Flatten',
  'Reshape',
  'Squeeze',
  'Unsqueeze',
  'Identity',
  'Dropout',
  'Cast',
  'Relu',
]);
const pooling = new Set(['GlobalAveragePool', 'ReduceMean', 'AveragePool']);

/** The map that is pooled into the vector. Whether the vector is its mean is for numbers to show. */
function pooledMap({ graph }: OnnxModel, { producer, fromImage }: Flow, vector: string): string | null {
  let value = vector;
  for (;;) {
    const node = graph.nodes[producer.get(value) ?? -1];
    const [data = ''] = node?.inputs ?? [];
    if (node?.domain !== '' || !fromImage.has(data)) return null;
    if (pooling.has(node.opType)) return data;
    if (!passing.has(node.opType)) return null;
    value = data;
  }
}

/** `Gemm "/fc/Gemm"`. */
export function describe({ opType, name, domain }: OnnxNode): string {
  return `${domain === '' ? '' : `${domain}.`}${opType}${name === '' ? '' : ` "${name}"`}`;
}

function refuse({ file }: OnnxModel, found: string) {
  return unsuitableModel(
    file,
    found,
    'a classifier: one vector of features, a linear layer with constant weights on it (Gemm, MatMul or a 1 x 1 Conv), then at most softmax, sigmoid and the like',
    'Export the classifier alone, with one head; docs/onnx-backbones.md shows how',
  );
}
