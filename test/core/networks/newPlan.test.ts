/**
 * The recipe of CONTRIBUTING for an architecture, at run time: a plan of a family that is there is all that graph, list of
 * tensors, costs, cuts and random weights need. MobileNet V2 at half width: timm's mobilenetv2_050.
 */
import { describe, expect, it } from 'vitest';
import { addImageInput } from '../../../src/core/backbones/imageInput';
import type { Architecture } from '../../../src/core/networks/architecture';
import {
  buildFeatures,
  costOfFeatures,
  costOfNetwork,
  expectedTensors,
} from '../../../src/core/networks/build';
import {
  headBlock,
  roundChannels,
  stageBlocks,
  stemBlock,
  type Layers,
  type MobileStyle,
} from '../../../src/core/networks/invertedResidual';
import { mobilenetV2 } from '../../../src/core/networks/mobilenet';
import { Network } from '../../../src/core/networks/network';
import { parametersOf } from '../../../src/core/networks/parameters';
import { GraphBuilder } from '../../../src/core/onnx/graphBuilder';
import { drawWeights } from '../../../src/core/weights/random';
import { drawGoldenImage, runModel } from './golden';

const style: MobileStyle = { epsilon: 1e-5, padding: 'symmetric', activation: 'relu6' };
/** Repeats, stride, expansion and width of MobileNet V2's stages (Sandler et al. 2018, table 2). */
const stages = [
  [1, 1, 1, 16],
  [2, 2, 6, 24],
  [3, 2, 6, 32],
  [4, 2, 6, 64],
  [3, 1, 6, 96],
  [3, 2, 6, 160],
  [1, 1, 6, 320],
].map(([repeats = 0, stride = 0, expand = 0, width = 0]): Layers => ({
  ...{ repeats, stride, expand, kernel: 3 },
  out: roundChannels(width / 2),
}));
const half: Architecture = {
  ...mobilenetV2,
  name: 'mobilenetv2_050',
  weights: [],
  blocks: [
    stemBlock(style, 16),
    ...stageBlocks(
      style,
      stages.map((stage) => [stage]),
    ),
    headBlock(style, 1280),
  ],
};
const { preprocessing } = half;

describe('an architecture that is not in the list', () => {
  it('costs what fvcore counts for timm’s network of that name', () => {
    const { parameters, gmacs } = costOfNetwork(half, preprocessing.size);
    expect(parameters).toBe(1_968_680);
    expect(Math.round(gmacs * 1e9)).toBe(104_474_784);
  });

  it.each([null, 'blocks.4'])('gives features with drawn weights, cut after %s', async (truncate) => {
    const weights = drawWeights(half, 3);
    expect([...weights.keys()]).toEqual(expectedTensors(half).map(({ name }) => name));
    const graph = new GraphBuilder(half.name);
    const network = new Network(graph, parametersOf(weights, half.name));
    const size = 96;
    const image = {
      value: addImageInput(graph, { ...preprocessing, size }, 3, false),
      channels: 3,
      size,
    };
    const { vector } = buildFeatures(half, network, image, truncate);
    graph.node('Identity', [vector.value], {}, 'features');
    graph.output('features', 'float32', ['N', vector.channels]);
    const { features } = await runModel(graph.toModel(), drawGoldenImage('x', size, 1), size);
    expect(features).toHaveLength(costOfFeatures(half, preprocessing.size, truncate).featureSize);
    expect(features!.every(Number.isFinite)).toBe(true);
    expect(new Set(features).size).toBeGreaterThan(10);
  });
});
