/**
 * ResNet (He, Zhang, Ren, Sun: Deep residual learning for image recognition, CVPR 2016), with the stride of a
 * bottleneck in its 3 × 3 convolution, as torchvision and timm have it.
 */
import type { Preprocessing } from '../images/model';
import type { Architecture, Block, PublishedWeights } from './architecture';
import type { Activation, Network } from './network';

const epsilon = 1e-5;

const imageNet = {
  channels: 3,
  mean: [0.485, 0.456, 0.406],
  std: [0.229, 0.224, 0.225],
  crop: 'timm',
} as const;

const preprocessing: Preprocessing = { ...imageNet, size: 224, cropPct: 0.875, interpolation: 'bilinear' };

interface Plan {
  readonly name: string;
  readonly title: string;
  /** Residual blocks of each stage. */
  readonly layers: readonly [number, number, number, number];
  readonly bottleneck: boolean;
  readonly tags: readonly (keyof typeof recipes)[];
}

/** timm's recipes; the first letter of `a1` to `a3` is its paper's (Wightman et al.: ResNet strikes back, 2021). */
const recipes = {
  tv_in1k: { licence: 'BSD-3-Clause', preprocessing },
  tv2_in1k: { licence: 'BSD-3-Clause', preprocessing: { ...preprocessing, size: 176 } },
  a1_in1k: { licence: 'Apache-2.0', preprocessing: bicubic(224, 0.95) },
  a2_in1k: { licence: 'Apache-2.0', preprocessing: bicubic(224, 0.95) },
  a3_in1k: { licence: 'Apache-2.0', preprocessing: bicubic(160, 0.95) },
  ra_in1k: { licence: 'Apache-2.0', preprocessing: bicubic(224, 0.875) },
  gluon_in1k: { licence: 'Apache-2.0', preprocessing: bicubic(224, 0.875) },
} as const satisfies Record<string, Pick<PublishedWeights, 'licence' | 'preprocessing'>>;

function bicubic(size: number, cropPct: number): Preprocessing {
  return { ...imageNet, size, cropPct, interpolation: 'bicubic' };
}

export const resnet18 = resnet({
  name: 'resnet18',
  title: 'ResNet-18',
  layers: [2, 2, 2, 2],
  bottleneck: false,
  tags: ['tv_in1k', 'a1_in1k', 'a2_in1k', 'a3_in1k', 'gluon_in1k'],
});

export const resnet34 = resnet({
  name: 'resnet34',
  title: 'ResNet-34',
  layers: [3, 4, 6, 3],
  bottleneck: false,
  tags: ['tv_in1k', 'a1_in1k', 'a2_in1k', 'a3_in1k', 'gluon_in1k'],
});

export const resnet50 = resnet({
  name: 'resnet50',
  title: 'ResNet-50',
  layers: [3, 4, 6, 3],
  bottleneck: true,
  tags: ['tv_in1k', 'a1_in1k', 'a2_in1k', 'a3_in1k', 'ra_in1k', 'gluon_in1k', 'tv2_in1k'],
});

export const resnet101 = resnet({
  name: 'resnet101',
  title: 'ResNet-101',
  layers: [3, 4, 23, 3],
  bottleneck: true,
  tags: ['tv_in1k', 'a1_in1k', 'a2_in1k', 'a3_in1k', 'gluon_in1k', 'tv2_in1k'],
});

function resnet({ name, title, layers, bottleneck, tags }: Plan): Architecture {
  const stages = layers.map((repeats, i) =>
    residualStage(`layer${i + 1}`, repeats, 64 * 2 ** i, i === 0 ? 1 : 2, bottleneck),
  );
  return {
    name,
    title,
    family: 'ResNet',
    reference: 'timm',
    featureSize: bottleneck ? 2048 : 512,
    classes: 1000,
    classifier: 'fc',
    initialisation: 'kaiming-normal-fan-out',
    preprocessing,
    // torchvision's come first: recipes with label smoothing and mixing of images gain accuracy on ImageNet and
    // lose it on fixed features (Kornblith, Shlens, Le: Do better ImageNet models transfer better?, CVPR 2019).
    weights: tags.map((tag) => ({
      tag,
      ...recipes[tag],
      trainedOn: 'ImageNet-1k',
      hubRepository: `timm/${name}.${tag}`,
    })),
    blocks: [{ name: 'stem', build: stem }, ...stages],
    pool: (network, map) => network.globalAveragePool(map),
    pooling: 'linear',
  };
}

function stem(network: Network, image: Activation): Activation {
  const norm = { name: 'bn1', epsilon };
  const options = { out: 64, kernel: 7, stride: 2, padding: 3, norm, activation: 'relu' } as const;
  return network.maxPool(network.conv(image, 'conv1', options), { kernel: 3, stride: 2, padding: 1 });
}

/** @param width channels inside a block; a bottleneck gives four times as many */
function residualStage(
  name: string,
  repeats: number,
  width: number,
  firstStride: number,
  bottleneck: boolean,
): Block {
  return {
    name,
    build: (network, input) => {
      let x = input;
      for (let repeat = 0; repeat < repeats; repeat++) {
        const stride = repeat === 0 ? firstStride : 1;
        x = residual(network, x, `${name}.${repeat}`, width, stride, bottleneck);
      }
      return x;
    },
  };
}

/** relu(branch(x) + x), with x projected where stride or channels change. */
function residual(
  network: Network,
  x: Activation,
  name: string,
  width: number,
  stride: number,
  bottleneck: boolean,
): Activation {
  const layer = (
    input: Activation,
    number: 1 | 2 | 3,
    kernel: 1 | 3,
    out: number,
    step: number,
    last: boolean,
  ) =>
    network.conv(input, `${name}.conv${number}`, {
      out,
      kernel,
      stride: step,
      padding: kernel === 3 ? 1 : 0,
      norm: { name: `${name}.bn${number}`, epsilon },
      ...(last ? {} : { activation: 'relu' }),
    });
  const out = bottleneck ? 4 * width : width;
  let branch: Activation;
  if (bottleneck) {
    branch = layer(x, 1, 1, width, 1, false);
    branch = layer(branch, 2, 3, width, stride, false);
    branch = layer(branch, 3, 1, out, 1, true);
  } else {
    branch = layer(x, 1, 3, width, stride, false);
    branch = layer(branch, 2, 3, out, 1, true);
  }
  const norm = { name: `${name}.downsample.1`, epsilon };
  const shortcut =
    stride === 1 && x.channels === out
      ? x
      : network.conv(x, `${name}.downsample.0`, { out, kernel: 1, stride, norm });
  return network.activate(network.add(branch, shortcut), 'relu');
}
