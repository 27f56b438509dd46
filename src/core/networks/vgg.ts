/**
 * VGG (Simonyan, Zisserman: Very deep convolutional networks for large-scale image recognition, ICLR 2015),
 * without BatchNorm. The first two fully connected layers are convolutions of 7 × 7 and 1 × 1, as in timm: larger
 * images give several vectors of 4,096, and their mean is the feature vector.
 */
import type { Preprocessing } from '../images/model';
import type { Architecture, Block } from './architecture';
import type { Activation, Network } from './network';

const preprocessing: Preprocessing = {
  size: 224,
  cropPct: 0.875,
  interpolation: 'bilinear',
  channels: 3,
  mean: [0.485, 0.456, 0.406],
  std: [0.229, 0.224, 0.225],
  crop: 'timm',
};

const hidden = 4096;
/** Side of the map that the first fully connected layer takes, px. */
const headSize = 7;

export const vgg11 = vgg('vgg11', 'VGG-11', [1, 1, 2, 2, 2]);
export const vgg16 = vgg('vgg16', 'VGG-16', [2, 2, 3, 3, 3]);
export const vgg19 = vgg('vgg19', 'VGG-19', [2, 2, 4, 4, 4]);

/** @param convolutions of each of the five blocks */
function vgg(
  name: string,
  title: string,
  convolutions: readonly [number, number, number, number, number],
): Architecture {
  // The state dict numbers convolutions, activations and poolings in one row.
  const firstOf = (block: number) =>
    convolutions.slice(0, block).reduce((sum, count) => sum + 2 * count + 1, 0);
  const block = (number: 1 | 2 | 3 | 4 | 5, count: number, width: number): Block =>
    convolutionBlock(`block${number}`, firstOf(number - 1), count, width);
  const [one, two, three, four, five] = convolutions;
  return {
    name,
    title,
    family: 'VGG',
    reference: 'timm',
    featureSize: hidden,
    classes: 1000,
    classifier: 'head.fc',
    initialisation: 'vgg',
    preprocessing,
    weights: [
      {
        tag: 'tv_in1k',
        preprocessing,
        trainedOn: 'ImageNet-1k',
        licence: 'BSD-3-Clause',
        hubRepository: `timm/${name}.tv_in1k`,
      },
    ],
    blocks: [
      block(1, one, 64),
      block(2, two, 128),
      block(3, three, 256),
      block(4, four, 512),
      block(5, five, 512),
    ],
    pool: fullyConnected,
    pooling: 'nonlinear',
  };
}

/** Convolutions of 3 × 3, then halved. */
function convolutionBlock(name: string, first: number, convolutions: number, out: number): Block {
  return {
    name,
    build: (network, input) => {
      let x = input;
      for (let i = 0; i < convolutions; i++) {
        const options = { out, kernel: 3, padding: 1, bias: true, activation: 'relu' } as const;
        x = network.conv(x, `features.${first + 2 * i}`, options);
      }
      return network.maxPool(x, { kernel: 2, stride: 2 });
    },
  };
}

/**
 * Maps smaller than 7 × 7 are widened by adaptive pooling. On one of 7 × 7 the convolutions are linear layers, and are written as
 * such: ONNX Runtime lays out the weights of a convolution anew when it opens one, for VGG-16 in 1.5 of 2.2 s, those of a linear
 * layer in 0.5.
 */
function fullyConnected(network: Network, map: Activation): Activation {
  const wide = map.size < headSize ? network.adaptiveAveragePool(map, headSize) : map;
  if (wide.size === headSize) {
    const first = network.linear(network.flatten(wide), 'pre_logits.fc1', hidden, 'relu', headSize);
    // The mean of one vector, which fvcore counts.
    network.multiplyAccumulates += hidden;
    return network.linear(first, 'pre_logits.fc2', hidden, 'relu', 1);
  }
  const options = { out: hidden, bias: true, activation: 'relu' } as const;
  const first = network.conv(wide, 'pre_logits.fc1', { ...options, kernel: headSize });
  return network.globalAveragePool(network.conv(first, 'pre_logits.fc2', { ...options, kernel: 1 }));
}
