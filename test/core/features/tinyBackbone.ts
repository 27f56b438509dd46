/** A real network of one layer for tests: the mean of each channel in each cell of a 4 × 4 grid. */
import { GraphBuilder } from '../../../src/core/onnx/graphBuilder';
import type { Backbone, WeightsIdentity } from '../../../src/core/networks/model';

export const tinyWeights: WeightsIdentity = {
  architecture: 'tiny_grid',
  name: 'tiny_grid.test',
  sha256: 'a'.repeat(64),
  preprocessing: {
    size: 32,
    cropPct: 1,
    interpolation: 'bilinear',
    channels: 3,
    mean: [0, 0, 0],
    std: [1, 1, 1],
    crop: 'timm',
  },
  trainedOn: null,
  source: 'random',
  truncate: null,
};

/**
 * @param scale multiplies the features; Infinity makes a network that fails
 * @param channels of the input: 1 repeats them inside, as a network does that was folded for grey images
 */
export function tinyBackbone(weights = tinyWeights, scale = 1, channels: 1 | 3 = 3): Backbone {
  const { size } = weights.preprocessing;
  const graph = new GraphBuilder('tiny');
  const input = graph.input('image', 'float32', ['N', channels, size, size]);
  const image = channels === 3 ? input : graph.concat([input, input, input], 1);
  const cell = size / 4;
  const means = graph.node('AveragePool', [image], { kernel_shape: [cell, cell], strides: [cell, cell] });
  const flat = graph.node('Flatten', [means], { axis: 1 });
  graph.output(graph.mul(flat, graph.scalar(scale), 'features'), 'float32', ['N', 48]);
  return { weights, featureSize: 48, channels, map: null, onnx: graph.toModel() };
}
