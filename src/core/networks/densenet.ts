/**
 * DenseNet (Huang, Liu, van der Maaten, Weinberger: Densely connected convolutional networks, CVPR 2017), the
 * network of CheXNet. Every layer sees the outputs of all layers before it in its block.
 */
import type { Preprocessing } from '../images/model';
import type { Architecture, Block } from './architecture';
import type { Activation, Network } from './network';

const epsilon = 1e-5;

const preprocessing: Preprocessing = {
  size: 224,
  cropPct: 0.875,
  interpolation: 'bicubic',
  channels: 3,
  mean: [0.485, 0.456, 0.406],
  std: [0.229, 0.224, 0.225],
  crop: 'timm',
};

interface Plan {
  readonly name: string;
  readonly title: string;
  /** Layers in each of the four dense blocks. */
  readonly layers: readonly [number, number, number, number];
  /** Channels that a layer adds. */
  readonly growth: number;
  /** Channels of the stem. */
  readonly stem: number;
  readonly featureSize: number;
  readonly tags: readonly string[];
}

export const densenet121 = densenet({
  name: 'densenet121',
  title: 'DenseNet-121',
  layers: [6, 12, 24, 16],
  growth: 32,
  stem: 64,
  featureSize: 1024,
  tags: ['tv_in1k', 'ra_in1k'],
});

export const densenet169 = densenet({
  name: 'densenet169',
  title: 'DenseNet-169',
  layers: [6, 12, 32, 32],
  growth: 32,
  stem: 64,
  featureSize: 1664,
  tags: ['tv_in1k'],
});

export const densenet201 = densenet({
  name: 'densenet201',
  title: 'DenseNet-201',
  layers: [6, 12, 48, 32],
  growth: 32,
  stem: 64,
  featureSize: 1920,
  tags: ['tv_in1k'],
});

function densenet(plan: Plan): Architecture {
  const [first, second, third, fourth] = plan.layers;
  return {
    name: plan.name,
    title: plan.title,
    family: 'DenseNet',
    reference: 'timm',
    featureSize: plan.featureSize,
    classes: 1000,
    classifier: 'classifier',
    initialisation: 'kaiming-normal-fan-in',
    preprocessing,
    // torchvision's come first: CheXNet started from them.
    weights: plan.tags.map((tag) => ({
      tag,
      preprocessing,
      trainedOn: 'ImageNet-1k',
      licence: 'Apache-2.0',
      hubRepository: `timm/${plan.name}.${tag}`,
    })),
    blocks: [
      { name: 'stem', build: (network, image) => stem(network, image, plan.stem) },
      denseBlock('denseblock1', first, plan.growth),
      transition('transition1'),
      denseBlock('denseblock2', second, plan.growth),
      transition('transition2'),
      denseBlock('denseblock3', third, plan.growth),
      transition('transition3'),
      denseBlock('denseblock4', fourth, plan.growth),
      { name: 'norm5', build: (network, x) => network.batchNorm(x, 'features.norm5', epsilon, 'relu') },
    ],
    pool: (network, map) => network.globalAveragePool(map),
    pooling: 'linear',
  };
}

function stem(network: Network, image: Activation, out: number): Activation {
  const norm = { name: 'features.norm0', epsilon };
  const options = { out, kernel: 7, stride: 2, padding: 3, norm, activation: 'relu' } as const;
  return network.maxPool(network.conv(image, 'features.conv0', options), {
    kernel: 3,
    stride: 2,
    padding: 1,
  });
}

function denseBlock(name: string, layers: number, growth: number): Block {
  return {
    name,
    build: (network, input) => {
      let x = input;
      for (let layer = 1; layer <= layers; layer++) {
        x = network.concat([x, denseLayer(network, x, `features.${name}.denselayer${layer}`, growth)]);
      }
      return x;
    },
  };
}

/** BatchNorm and ReLU come first; the 1 × 1 convolution narrows to four times the growth. */
function denseLayer(network: Network, x: Activation, name: string, growth: number): Activation {
  const normed = network.batchNorm(x, `${name}.norm1`, epsilon, 'relu');
  const norm = { name: `${name}.norm2`, epsilon };
  const narrow = network.conv(normed, `${name}.conv1`, {
    out: 4 * growth,
    kernel: 1,
    norm,
    activation: 'relu',
  });
  return network.conv(narrow, `${name}.conv2`, { out: growth, kernel: 3, padding: 1 });
}

/** Halves the channels and the size. */
function transition(name: string): Block {
  return {
    name,
    build: (network, x) => {
      const normed = network.batchNorm(x, `features.${name}.norm`, epsilon, 'relu');
      const halved = network.conv(normed, `features.${name}.conv`, { out: x.channels / 2, kernel: 1 });
      return network.averagePool(halved, { kernel: 2, stride: 2 });
    },
  };
}
