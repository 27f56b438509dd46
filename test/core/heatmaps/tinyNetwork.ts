/** The tiny network of test/golden/heatmaps.py: two convolutions, then the mean, or the mean and a hidden layer. */
import { readFileSync } from 'node:fs';
import * as path from 'node:path';
import { openInference, type Inference } from '../../../src/core/inference/inference';
import type { LinearLayer } from '../../../src/core/heatmaps/model';
import { Network } from '../../../src/core/networks/network';
import { parametersOf } from '../../../src/core/networks/parameters';
import type { Backbone, Tensor } from '../../../src/core/networks/model';
import { GraphBuilder } from '../../../src/core/onnx/graphBuilder';
import { tensorGenerator } from '../../../src/core/weights/random';
import type { Head } from '../../../src/core/training/model';
import { tinyWeights } from '../features/tinyBackbone';

export interface GoldenHeatmaps {
  readonly seed: number;
  readonly size: number;
  readonly mean: readonly number[];
  readonly std: readonly number[];
  readonly deadChannel: number;
  readonly map: { channels: number; height: number; width: number; values: number[] };
  readonly linearLogits: readonly number[];
  readonly nonlinearLogits: readonly number[];
  readonly cam: readonly number[];
  readonly scoreCam: readonly number[];
  readonly scoreCamOfThree: readonly number[];
  readonly scoreCamLinear: readonly number[];
  readonly occlusion5: readonly number[];
  readonly occlusion11: readonly number[];
  readonly enlarged: { height: number; width: number; values: number[] };
}

export const golden = JSON.parse(
  readFileSync(path.join(__dirname, '..', '..', 'golden', 'values', 'heatmaps', 'tiny.json'), 'utf8'),
) as GoldenHeatmaps;

const shapes: Readonly<Record<string, readonly number[]>> = {
  'conv1.weight': [4, 3, 3, 3],
  'conv1.bias': [4],
  'conv2.weight': [6, 4, 3, 3],
  'conv2.bias': [6],
  'hidden.weight': [5, 6],
  'hidden.bias': [5],
  'linear_head.weight': [3, 6],
  'linear_head.bias': [3],
  'nonlinear_head.weight': [3, 5],
  'nonlinear_head.bias': [3],
};

function draw(name: string): Tensor {
  const shape = shapes[name]!;
  const random = tensorGenerator(name, golden.seed);
  const length = shape.reduce((product, extent) => product * extent, 1);
  const fanIn = length / shape[0]!;
  const scale = name.endsWith('bias') ? 0.2 : Math.sqrt(2 / fanIn);
  const data = Float32Array.from({ length }, () => scale * random.normal());
  if (name === 'conv2.weight') data.fill(0, golden.deadChannel * fanIn, (golden.deadChannel + 1) * fanIn);
  return { shape, data };
}

const state = new Map(Object.keys(shapes).map((name) => [name, draw(name)]));

export const preprocessing = {
  ...tinyWeights.preprocessing,
  size: golden.size,
  mean: golden.mean,
  std: golden.std,
};

/** Where the tiny network ends. */
export type Ending = 'linear' | 'nonlinear';

export function tinyNetwork(ending: Ending, crop: 'timm' | 'whole' = 'timm', cropPct = 1): Backbone {
  const { size } = golden;
  const graph = new GraphBuilder('tiny');
  const network = new Network(graph, parametersOf(state, 'tiny'));
  const image = { value: graph.input('image', 'float32', ['N', 3, size, size]), channels: 3, size };
  const options = { kernel: 3, stride: 2, padding: 1, bias: true } as const;
  const first = network.conv(image, 'conv1', { ...options, out: 4, activation: 'relu' });
  const map = network.conv(first, 'conv2', { ...options, out: 6, activation: 'hardSwish' });
  const pooled = network.globalAveragePool(map);
  const vector = ending === 'linear' ? pooled : network.linear(pooled, 'hidden', 5, 'hardSwish');
  graph.output(graph.node('Identity', [vector.value], {}, 'features'), 'float32', ['N', vector.channels]);
  graph.output(graph.node('Identity', [map.value], {}, 'map'), 'float32', ['N', 6, map.size, map.size]);
  return {
    weights: { ...tinyWeights, preprocessing: { ...preprocessing, crop, cropPct } },
    featureSize: vector.channels,
    channels: 3,
    map: { channels: 6, height: map.size, width: map.size, pooledLinearly: ending === 'linear' },
    onnx: graph.toModel(),
  };
}

export function tinyLayer(ending: Ending): LinearLayer & Pick<Head, 'weights' | 'bias'> {
  const weight = state.get(`${ending}_head.weight`)!;
  return {
    outputs: ['a', 'b', 'c'],
    dim: weight.shape[1]!,
    weights: weight.data,
    bias: state.get(`${ending}_head.bias`)!.data,
  };
}

export function tinyHead(ending: Ending): Head {
  return {
    ...tinyLayer(ending),
    task: 'multi-class',
    calibration: { kind: 'temperature', temperature: 2 },
    thresholds: [],
  };
}

/** The golden image, normalised: 3 × size × size. */
export function goldenImage(): Float32Array<ArrayBuffer> {
  const area = golden.size ** 2;
  const random = tensorGenerator('image', golden.seed);
  return Float32Array.from({ length: 3 * area }, (_, i) => {
    const channel = Math.floor(i / area);
    return (random.uniform() - golden.mean[channel]!) / golden.std[channel]!;
  });
}

export function openTiny(ending: Ending): Promise<Inference> {
  return openInference(tinyNetwork(ending), 'cpu');
}
