/**
 * AlexNet as torchvision has it: the single column of Krizhevsky (One weird trick for parallelizing convolutional
 * neural networks, 2014), without local response normalisation.
 */
import type { Preprocessing } from '../images/model';
import type { Architecture, Block } from './architecture';
import type { Activation, ConvOptions, Network } from './network';

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

export const alexnet: Architecture = {
  name: 'alexnet',
  title: 'AlexNet',
  family: 'AlexNet',
  reference: 'torchvision',
  featureSize: hidden,
  classes: 1000,
  classifier: 'classifier.6',
  initialisation: 'pytorch',
  preprocessing,
  weights: [],
  weightsElsewhere: {
    url: 'https://download.pytorch.org/models/alexnet-owt-7be5be79.pth',
    sha256Start: '7be5be79',
    trainedOn: 'ImageNet-1k',
    licence: 'BSD-3-Clause',
  },
  blocks: [
    block('block1', 'features.0', { out: 64, kernel: 11, stride: 4, padding: 2 }, 'pooled'),
    block('block2', 'features.3', { out: 192, kernel: 5, padding: 2 }, 'pooled'),
    block('block3', 'features.6', { out: 384, kernel: 3, padding: 1 }),
    block('block4', 'features.8', { out: 256, kernel: 3, padding: 1 }),
    block('block5', 'features.10', { out: 256, kernel: 3, padding: 1 }, 'pooled'),
  ],
  pool: fullyConnected,
  pooling: 'nonlinear',
};

function block(name: string, convolution: string, options: ConvOptions, pooled?: 'pooled'): Block {
  return {
    name,
    build: (network, x) => {
      const map = network.conv(x, convolution, { ...options, bias: true, activation: 'relu' });
      return pooled === undefined ? map : network.maxPool(map, { kernel: 3, stride: 2 });
    },
  };
}

/** The map is pooled to 6 × 6, whatever the size of the image. */
function fullyConnected(network: Network, map: Activation): Activation {
  const flat = network.flatten(network.adaptiveAveragePool(map, 6));
  const first = network.linear(flat, 'classifier.1', hidden, 'relu');
  return network.linear(first, 'classifier.4', hidden, 'relu');
}
