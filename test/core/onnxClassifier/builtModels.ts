/** Tiny classifiers, built node by node: a convolution, pooling, and whatever ending a test wants. */
import { SplitMix32 } from '../../../src/core/base/random';
import { GraphBuilder, type Value } from '../../../src/core/onnx/graphBuilder';
import { decodeModel, encodeModel, type ModelProto } from '../../../src/core/onnx/schema';

export const side = 16;
export const featureCount = 6;

/** Drawn weights. */
export function drawn(count: number, seed: number): Float32Array<ArrayBuffer> {
  const random = new SplitMix32(seed);
  return Float32Array.from({ length: count }, () => 0.4 * random.normal());
}

export interface Start {
  readonly graph: GraphBuilder;
  /** N × 6 × 8 × 8. */
  readonly map: Value;
}

/** An input and a convolution with ReLU. */
export function start(channels: number, batch: number | string = 'N'): Start {
  const graph = new GraphBuilder('test');
  const image = graph.input('x', 'float32', [batch, channels, side, side]);
  const weight = graph.constant(
    drawn(featureCount * channels * 9, 1),
    [featureCount, channels, 3, 3],
    'conv.weight',
  );
  const attributes = { kernel_shape: [3, 3], strides: [2, 2], pads: [1, 1, 1, 1] };
  const conv = graph.node('Conv', [image, weight], attributes);
  return { graph, map: graph.relu(conv, 'map.of.test') };
}

/** N × 6. */
export function pooled({ graph, map }: Start): Value {
  return graph.globalAveragePool(map);
}

/** A last layer of `outputs` on a vector of `inputs`. */
export function gemm(
  graph: GraphBuilder,
  vector: Value,
  outputs = 3,
  inputs = featureCount,
  name = 'fc',
): Value {
  const weight = graph.constant(drawn(outputs * inputs, 2), [outputs, inputs], `${name}.weight`);
  return graph.linear(vector, weight, graph.constant(drawn(outputs, 3), [outputs], `${name}.bias`), name);
}

/** The usual classifier, with `end` on its logits. */
export function classifier(
  end: (graph: GraphBuilder, logits: Value) => Value = (_, logits) => logits,
  channels = 3,
): GraphBuilder {
  const begun = start(channels);
  const { graph } = begun;
  graph.output(end(graph, gemm(graph, pooled(begun))), 'float32', ['N', 3]);
  return graph;
}

/** The bytes after a change to the model as data. */
export function changed(graph: GraphBuilder, change: (model: ModelProto) => void): Uint8Array {
  const model = decodeModel(graph.toModel());
  change(model);
  return encodeModel(model);
}
