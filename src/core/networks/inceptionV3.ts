/**
 * Inception V3 (Szegedy, Vanhoucke, Ioffe, Shlens, Wojna: Rethinking the Inception architecture for computer vision,
 * CVPR 2016), without its auxiliary classifier, which only training uses. Blocks are named as in TensorFlow and timm.
 */
import type { Architecture, Block } from './architecture';
import { plusMinusOne, timmPreprocessing, timmWeights } from './imagenet';
import { halve, halvingPool, inceptionConv, inceptionConvs, keep, point } from './inceptionLayers';
import type { Activation, Network } from './network';

const name = 'inception_v3';
const preprocessing = timmPreprocessing({ size: 299, ...plusMinusOne });

export const inceptionV3: Architecture = {
  name,
  title: 'Inception V3',
  family: 'Inception',
  reference: 'timm',
  featureSize: 2048,
  classes: 1000,
  classifier: 'fc',
  initialisation: 'truncated-normal',
  preprocessing,
  weights: [
    timmWeights(name, 'tv_in1k', preprocessing),
    timmWeights(name, 'tf_in1k', preprocessing),
    timmWeights(name, 'tf_adv_in1k', preprocessing, {
      trainedOn: 'ImageNet-1k, adversarial examples included',
    }),
    timmWeights(name, 'gluon_in1k', timmPreprocessing({ size: 299 })),
  ],
  blocks: [
    { name: 'stem', build: stem },
    blockA('Mixed_5b', 32),
    blockA('Mixed_5c', 64),
    blockA('Mixed_5d', 64),
    { name: 'Mixed_6a', build: halvingB },
    blockC('Mixed_6b', 128),
    blockC('Mixed_6c', 160),
    blockC('Mixed_6d', 160),
    blockC('Mixed_6e', 192),
    { name: 'Mixed_7a', build: halvingD },
    blockE('Mixed_7b'),
    blockE('Mixed_7c'),
  ],
  pool: (network, map) => network.globalAveragePool(map),
  pooling: 'linear',
};

function stem(network: Network, image: Activation): Activation {
  const wide = inceptionConvs(network, image, [
    ['Conv2d_1a_3x3', halve(32)],
    ['Conv2d_2a_3x3', { out: 32, kernel: 3 }],
    ['Conv2d_2b_3x3', keep(64, 3, 3)],
  ]);
  const wider = inceptionConvs(network, halvingPool(network, wide), [
    ['Conv2d_3b_1x1', point(80)],
    ['Conv2d_4a_3x3', { out: 192, kernel: 3 }],
  ]);
  return halvingPool(network, wider);
}

/** 5 × 5 beside two of 3 × 3. */
function blockA(block: string, pooled: number): Block {
  return {
    name: block,
    build: (network, x) =>
      network.concat([
        inceptionConv(network, x, `${block}.branch1x1`, point(64)),
        inceptionConvs(network, x, [
          [`${block}.branch5x5_1`, point(48)],
          [`${block}.branch5x5_2`, keep(64, 5, 5)],
        ]),
        inceptionConvs(network, x, [
          [`${block}.branch3x3dbl_1`, point(64)],
          [`${block}.branch3x3dbl_2`, keep(96, 3, 3)],
          [`${block}.branch3x3dbl_3`, keep(96, 3, 3)],
        ]),
        pooledBranch(network, x, block, pooled),
      ]),
  };
}

/** From 35 × 35 to 17 × 17 at the usual size. */
function halvingB(network: Network, x: Activation): Activation {
  return network.concat([
    inceptionConv(network, x, 'Mixed_6a.branch3x3', halve(384)),
    inceptionConvs(network, x, [
      ['Mixed_6a.branch3x3dbl_1', point(64)],
      ['Mixed_6a.branch3x3dbl_2', keep(96, 3, 3)],
      ['Mixed_6a.branch3x3dbl_3', halve(96)],
    ]),
    halvingPool(network, x),
  ]);
}

/** 7 × 7 as 1 × 7 and 7 × 1, once and twice. */
function blockC(block: string, narrow: number): Block {
  return {
    name: block,
    build: (network, x) =>
      network.concat([
        inceptionConv(network, x, `${block}.branch1x1`, point(192)),
        inceptionConvs(network, x, [
          [`${block}.branch7x7_1`, point(narrow)],
          [`${block}.branch7x7_2`, keep(narrow, 1, 7)],
          [`${block}.branch7x7_3`, keep(192, 7, 1)],
        ]),
        inceptionConvs(network, x, [
          [`${block}.branch7x7dbl_1`, point(narrow)],
          [`${block}.branch7x7dbl_2`, keep(narrow, 7, 1)],
          [`${block}.branch7x7dbl_3`, keep(narrow, 1, 7)],
          [`${block}.branch7x7dbl_4`, keep(narrow, 7, 1)],
          [`${block}.branch7x7dbl_5`, keep(192, 1, 7)],
        ]),
        pooledBranch(network, x, block, 192),
      ]),
  };
}

/** From 17 × 17 to 8 × 8 at the usual size. */
function halvingD(network: Network, x: Activation): Activation {
  return network.concat([
    inceptionConvs(network, x, [
      ['Mixed_7a.branch3x3_1', point(192)],
      ['Mixed_7a.branch3x3_2', halve(320)],
    ]),
    inceptionConvs(network, x, [
      ['Mixed_7a.branch7x7x3_1', point(192)],
      ['Mixed_7a.branch7x7x3_2', keep(192, 1, 7)],
      ['Mixed_7a.branch7x7x3_3', keep(192, 7, 1)],
      ['Mixed_7a.branch7x7x3_4', halve(192)],
    ]),
    halvingPool(network, x),
  ]);
}

/** 1 × 3 and 3 × 1 side by side. */
function blockE(block: string): Block {
  return {
    name: block,
    build: (network, x) => {
      const narrow = inceptionConv(network, x, `${block}.branch3x3_1`, point(384));
      const deep = inceptionConvs(network, x, [
        [`${block}.branch3x3dbl_1`, point(448)],
        [`${block}.branch3x3dbl_2`, keep(384, 3, 3)],
      ]);
      return network.concat([
        inceptionConv(network, x, `${block}.branch1x1`, point(320)),
        inceptionConv(network, narrow, `${block}.branch3x3_2a`, keep(384, 1, 3)),
        inceptionConv(network, narrow, `${block}.branch3x3_2b`, keep(384, 3, 1)),
        inceptionConv(network, deep, `${block}.branch3x3dbl_3a`, keep(384, 1, 3)),
        inceptionConv(network, deep, `${block}.branch3x3dbl_3b`, keep(384, 3, 1)),
        pooledBranch(network, x, block, 192),
      ]);
    },
  };
}

function pooledBranch(network: Network, x: Activation, block: string, out: number): Activation {
  const pooled = network.averagePool(x, { kernel: 3, stride: 1, padding: 1 });
  return inceptionConv(network, pooled, `${block}.branch_pool`, point(out));
}
