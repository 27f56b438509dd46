/**
 * MobileNet V2 (Sandler et al.: MobileNetV2: inverted residuals and linear bottlenecks, CVPR 2018) and V3 (Howard et
 * al.: Searching for MobileNetV3, ICCV 2019), which pools before its last convolution to save work.
 */
import type { Architecture, PublishedWeights } from './architecture';
import { plusMinusOne, timmPreprocessing, timmWeights, unscaled } from './imagenet';
import {
  convNorm,
  headBlock,
  roundChannels,
  stageBlocks,
  stemBlock,
  type Layers,
  type MobileStyle,
} from './invertedResidual';

const imagenet = timmPreprocessing();

const v2: MobileStyle = { epsilon: 1e-5, padding: 'symmetric', activation: 'relu6' };

const v2Stages: readonly Layers[] = [
  { repeats: 1, kernel: 3, stride: 1, expand: 1, out: 16 },
  { repeats: 2, kernel: 3, stride: 2, expand: 6, out: 24 },
  { repeats: 3, kernel: 3, stride: 2, expand: 6, out: 32 },
  { repeats: 4, kernel: 3, stride: 2, expand: 6, out: 64 },
  { repeats: 3, kernel: 3, stride: 1, expand: 6, out: 96 },
  { repeats: 3, kernel: 3, stride: 2, expand: 6, out: 160 },
  { repeats: 1, kernel: 3, stride: 1, expand: 6, out: 320 },
];

export const mobilenetV2: Architecture = {
  name: 'mobilenetv2_100',
  title: 'MobileNet V2',
  family: 'MobileNet',
  reference: 'timm',
  featureSize: 1280,
  classes: 1000,
  classifier: 'classifier',
  initialisation: 'tensorflow-fan-out',
  preprocessing: imagenet,
  weights: [timmWeights('mobilenetv2_100', 'ra_in1k', imagenet)],
  blocks: [
    stemBlock(v2, 32),
    ...stageBlocks(
      v2,
      v2Stages.map((stage) => [stage]),
    ),
    headBlock(v2, 1280),
  ],
  pool: (network, map) => network.globalAveragePool(map),
  pooling: 'linear',
};

const v3: MobileStyle = {
  epsilon: 1e-5,
  padding: 'symmetric',
  activation: 'hardSwish',
  squeeze: { channels: (_, width) => roundChannels(width / 4), activation: 'relu', gate: 'hardSigmoid' },
};

const relu = { activation: 'relu' } as const;

export const mobilenetV3Small = mobilenetV3({
  name: 'mobilenetv3_small_100',
  title: 'MobileNet V3 small',
  stages: [
    [{ repeats: 1, kernel: 3, stride: 2, expand: 1, out: 16, squeeze: true, ...relu }],
    [
      { repeats: 1, kernel: 3, stride: 2, expand: 4.5, out: 24, ...relu },
      { repeats: 1, kernel: 3, stride: 1, expand: 3.67, out: 24, ...relu },
    ],
    [
      { repeats: 1, kernel: 5, stride: 2, expand: 4, out: 40, squeeze: true },
      { repeats: 2, kernel: 5, stride: 1, expand: 6, out: 40, squeeze: true },
    ],
    [{ repeats: 2, kernel: 5, stride: 1, expand: 3, out: 48, squeeze: true }],
    [{ repeats: 3, kernel: 5, stride: 2, expand: 6, out: 96, squeeze: true }],
  ],
  mapChannels: 576,
  featureSize: 1024,
  weights: [timmWeights('mobilenetv3_small_100', 'lamb_in1k', imagenet)],
});

export const mobilenetV3Large = mobilenetV3({
  name: 'mobilenetv3_large_100',
  title: 'MobileNet V3 large',
  stages: [
    [{ repeats: 1, kernel: 3, stride: 1, expand: 1, out: 16, ...relu }],
    [
      { repeats: 1, kernel: 3, stride: 2, expand: 4, out: 24, ...relu },
      { repeats: 1, kernel: 3, stride: 1, expand: 3, out: 24, ...relu },
    ],
    [{ repeats: 3, kernel: 5, stride: 2, expand: 3, out: 40, squeeze: true, ...relu }],
    [
      { repeats: 1, kernel: 3, stride: 2, expand: 6, out: 80 },
      { repeats: 1, kernel: 3, stride: 1, expand: 2.5, out: 80 },
      { repeats: 2, kernel: 3, stride: 1, expand: 2.3, out: 80 },
    ],
    [{ repeats: 2, kernel: 3, stride: 1, expand: 6, out: 112, squeeze: true }],
    [{ repeats: 3, kernel: 5, stride: 2, expand: 6, out: 160, squeeze: true }],
  ],
  mapChannels: 960,
  featureSize: 1280,
  weights: [
    timmWeights('mobilenetv3_large_100', 'ra_in1k', imagenet),
    timmWeights(
      'mobilenetv3_large_100',
      'ra4_e3600_r224_in1k',
      timmPreprocessing({ cropPct: 0.95, ...plusMinusOne }),
    ),
    timmWeights(
      'mobilenetv3_large_100',
      'miil_in21k_ft_in1k',
      timmPreprocessing({ interpolation: 'bilinear', ...unscaled }),
      { trainedOn: 'ImageNet-21k, ImageNet-1k' },
    ),
  ],
});

interface V3Plan {
  readonly name: string;
  readonly title: string;
  readonly stages: readonly (readonly Layers[])[];
  /** Channels of the last map, before pooling. */
  readonly mapChannels: number;
  readonly featureSize: number;
  readonly weights: readonly PublishedWeights[];
}

function mobilenetV3(plan: V3Plan): Architecture {
  const { name, title, stages, mapChannels, featureSize, weights } = plan;
  const last = `blocks.${stages.length}`;
  return {
    name,
    title,
    family: 'MobileNet',
    reference: 'timm',
    featureSize,
    classes: 1000,
    classifier: 'classifier',
    initialisation: 'tensorflow-fan-out',
    preprocessing: imagenet,
    weights,
    blocks: [
      stemBlock(v3, 16),
      ...stageBlocks(v3, stages),
      {
        name: last,
        build: (network, x) =>
          convNorm(network, v3, x, `${last}.0.conv`, `${last}.0.bn1`, { out: mapChannels, kernel: 1 }),
      },
    ],
    pool: (network, map) => {
      const options = { out: featureSize, kernel: 1, bias: true, activation: 'hardSwish' } as const;
      return network.flatten(network.conv(network.adaptiveAveragePool(map, 1), 'conv_head', options));
    },
    pooling: 'nonlinear',
  };
}
