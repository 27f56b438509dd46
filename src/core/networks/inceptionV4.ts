/**
 * Inception V4 (Szegedy, Ioffe, Vanhoucke, Alemi: Inception-v4, Inception-ResNet and the impact of residual connections
 * on learning, AAAI 2017). Blocks are named as in TensorFlow; timm's tensors count them, `features.0` to `features.21`.
 */
import type { Architecture, Block } from './architecture';
import { plusMinusOne, timmPreprocessing, timmWeights } from './imagenet';
import {
  halve,
  halvingPool,
  inceptionConv,
  inceptionConvs,
  keep,
  point,
  type InceptionConv,
} from './inceptionLayers';
import type { Activation, Network } from './network';

const preprocessing = timmPreprocessing({ size: 299, ...plusMinusOne });

export const inceptionV4: Architecture = {
  name: 'inception_v4',
  title: 'Inception V4',
  family: 'Inception',
  reference: 'timm',
  featureSize: 1536,
  classes: 1000,
  classifier: 'last_linear',
  initialisation: 'pytorch',
  preprocessing,
  weights: [timmWeights('inception_v4', 'tf_in1k', preprocessing)],
  blocks: [
    { name: 'stem', build: stem },
    { name: 'Mixed_3a', build: mixed3a },
    { name: 'Mixed_4a', build: mixed4a },
    { name: 'Mixed_5a', build: mixed5a },
    ...['Mixed_5b', 'Mixed_5c', 'Mixed_5d', 'Mixed_5e'].map((name, i) => blockA(name, `features.${6 + i}`)),
    { name: 'Mixed_6a', build: halvingA },
    ...['Mixed_6b', 'Mixed_6c', 'Mixed_6d', 'Mixed_6e', 'Mixed_6f', 'Mixed_6g', 'Mixed_6h'].map((name, i) =>
      blockB(name, `features.${11 + i}`),
    ),
    { name: 'Mixed_7a', build: halvingB },
    ...['Mixed_7b', 'Mixed_7c', 'Mixed_7d'].map((name, i) => blockC(name, `features.${19 + i}`)),
  ],
  pool: (network, map) => network.globalAveragePool(map),
  pooling: 'linear',
};

function stem(network: Network, image: Activation): Activation {
  return inceptionConvs(network, image, [
    ['features.0', halve(32)],
    ['features.1', { out: 32, kernel: 3 }],
    ['features.2', keep(64, 3, 3)],
  ]);
}

function mixed3a(network: Network, x: Activation): Activation {
  return network.concat([halvingPool(network, x), inceptionConv(network, x, 'features.3.conv', halve(96))]);
}

function mixed4a(network: Network, x: Activation): Activation {
  const narrow = { out: 96, kernel: 3 };
  return network.concat([
    branch(network, x, 'features.4.branch0', [point(64), narrow]),
    branch(network, x, 'features.4.branch1', [point(64), keep(64, 1, 7), keep(64, 7, 1), narrow]),
  ]);
}

function mixed5a(network: Network, x: Activation): Activation {
  return network.concat([inceptionConv(network, x, 'features.5.conv', halve(192)), halvingPool(network, x)]);
}

/** 3 × 3 once and twice. */
function blockA(name: string, tensors: string): Block {
  return {
    name,
    build: (network, x) =>
      network.concat([
        inceptionConv(network, x, `${tensors}.branch0`, point(96)),
        branch(network, x, `${tensors}.branch1`, [point(64), keep(96, 3, 3)]),
        branch(network, x, `${tensors}.branch2`, [point(64), keep(96, 3, 3), keep(96, 3, 3)]),
        pooledBranch(network, x, tensors, 96),
      ]),
  };
}

/** From 35 × 35 to 17 × 17 at the usual size. */
function halvingA(network: Network, x: Activation): Activation {
  return network.concat([
    inceptionConv(network, x, 'features.10.branch0', halve(384)),
    branch(network, x, 'features.10.branch1', [point(192), keep(224, 3, 3), halve(256)]),
    halvingPool(network, x),
  ]);
}

/** 7 × 7 as 1 × 7 and 7 × 1, once and twice. */
function blockB(name: string, tensors: string): Block {
  const once = [point(192), keep(224, 1, 7), keep(256, 7, 1)];
  const twice = [point(192), keep(192, 7, 1), keep(224, 1, 7), keep(224, 7, 1), keep(256, 1, 7)];
  return {
    name,
    build: (network, x) =>
      network.concat([
        inceptionConv(network, x, `${tensors}.branch0`, point(384)),
        branch(network, x, `${tensors}.branch1`, once),
        branch(network, x, `${tensors}.branch2`, twice),
        pooledBranch(network, x, tensors, 128),
      ]),
  };
}

/** From 17 × 17 to 8 × 8 at the usual size. */
function halvingB(network: Network, x: Activation): Activation {
  const wide = [point(256), keep(256, 1, 7), keep(320, 7, 1), halve(320)];
  return network.concat([
    branch(network, x, 'features.18.branch0', [point(192), halve(192)]),
    branch(network, x, 'features.18.branch1', wide),
    halvingPool(network, x),
  ]);
}

/** 1 × 3 and 3 × 1 side by side. */
function blockC(name: string, tensors: string): Block {
  return {
    name,
    build: (network, x) => {
      const narrow = inceptionConv(network, x, `${tensors}.branch1_0`, point(384));
      const deep = inceptionConvs(network, x, [
        [`${tensors}.branch2_0`, point(384)],
        [`${tensors}.branch2_1`, keep(448, 3, 1)],
        [`${tensors}.branch2_2`, keep(512, 1, 3)],
      ]);
      return network.concat([
        inceptionConv(network, x, `${tensors}.branch0`, point(256)),
        inceptionConv(network, narrow, `${tensors}.branch1_1a`, keep(256, 1, 3)),
        inceptionConv(network, narrow, `${tensors}.branch1_1b`, keep(256, 3, 1)),
        inceptionConv(network, deep, `${tensors}.branch2_3a`, keep(256, 1, 3)),
        inceptionConv(network, deep, `${tensors}.branch2_3b`, keep(256, 3, 1)),
        pooledBranch(network, x, tensors, 256),
      ]);
    },
  };
}

/** Convolutions named `NAME.0`, `NAME.1` … */
function branch(network: Network, x: Activation, name: string, convs: readonly InceptionConv[]): Activation {
  return inceptionConvs(
    network,
    x,
    convs.map((conv, i) => [`${name}.${i}`, conv]),
  );
}

/** Padded zeros do not count in the mean, unlike in V3. */
function pooledBranch(network: Network, x: Activation, tensors: string, out: number): Activation {
  const pooled = network.averagePool(x, { kernel: 3, stride: 1, padding: 1, countPadding: false });
  return inceptionConv(network, pooled, `${tensors}.branch3.1`, point(out));
}
