/**
 * What EfficientNet, MobileNet V2 and V3 and MNASNet are made of: inverted residuals (Sandler et al.: MobileNetV2,
 * CVPR 2018) and squeeze-and-excitation (Hu et al., CVPR 2018), under timm's names.
 */
import type { Block } from './architecture';
import type { Activation, ConvOptions, Network, Nonlinearity } from './network';

/** What all layers of one network have in common. */
export interface MobileStyle {
  /** Of every BatchNorm: 1e-5 in PyTorch, 1e-3 in TensorFlow. */
  readonly epsilon: number;
  /** `same` pads as TensorFlow does; `symmetric` by half the kernel on every side. */
  readonly padding: 'symmetric' | 'same';
  readonly activation: Nonlinearity;
  /** How squeeze-and-excitation looks where a stage has it. */
  readonly squeeze?: Squeeze;
}

export interface Squeeze {
  /** Channels between the two convolutions, from the channels of the layer's input and of its widest part. */
  readonly channels: (input: number, width: number) => number;
  readonly activation: Nonlinearity;
  readonly gate: 'sigmoid' | 'hardSigmoid';
}

/** Like layers in a row; only the first has the stride. */
export interface Layers {
  readonly repeats: number;
  readonly kernel: number;
  readonly stride: number;
  /** Width of the depthwise convolution over the input's; 1: there is no expansion. */
  readonly expand: number;
  readonly out: number;
  readonly squeeze?: boolean;
  /** Instead of the network's. */
  readonly activation?: Nonlinearity;
}

/** timm's rule for widths: the nearest multiple of eight, but not more than a tenth below. */
export function roundChannels(channels: number): number {
  const rounded = Math.max(8, Math.floor((channels + 4) / 8) * 8);
  return rounded < 0.9 * channels ? rounded + 8 : rounded;
}

/** `stem`: a convolution that halves the image. */
export function stemBlock(style: MobileStyle, out: number): Block {
  const shape = { out, kernel: 3, stride: 2 };
  return {
    name: 'stem',
    build: (network, image) => convNorm(network, style, image, 'conv_stem', 'bn1', shape),
  };
}

/** `blocks.0`, `blocks.1` …, one a stage. */
export function stageBlocks(style: MobileStyle, stages: readonly (readonly Layers[])[]): readonly Block[] {
  return stages.map((stage, index) => ({
    name: `blocks.${index}`,
    build: (network, input) => {
      let x = input;
      let layer = 0;
      for (const layers of stage) {
        for (let repeat = 0; repeat < layers.repeats; repeat++) {
          const shape = { ...layers, stride: repeat === 0 ? layers.stride : 1 };
          x = residual(network, style, x, `blocks.${index}.${layer++}`, shape);
        }
      }
      return x;
    },
  }));
}

/** `head`: a pointwise convolution that widens the last map. */
export function headBlock(style: MobileStyle, out: number): Block {
  const shape = { out, kernel: 1 };
  return { name: 'head', build: (network, x) => convNorm(network, style, x, 'conv_head', 'bn2', shape) };
}

/** Convolution, BatchNorm and the network's activation. */
export function convNorm(
  network: Network,
  style: MobileStyle,
  x: Activation,
  name: string,
  norm: string,
  shape: { out: number; kernel: number; stride?: number; groups?: number; activation?: Nonlinearity },
): Activation {
  return network.conv(x, name, {
    activation: style.activation,
    ...shape,
    padding: padding(style, shape.kernel),
    norm: { name: norm, epsilon: style.epsilon },
  });
}

/** Widen, filter each channel, weigh the channels, narrow without activation; add the input where shapes allow. */
function residual(
  network: Network,
  style: MobileStyle,
  x: Activation,
  name: string,
  layers: Layers,
): Activation {
  const { kernel, stride, out, activation = style.activation } = layers;
  const expands = layers.expand !== 1;
  // timm numbers the BatchNorms from the first convolution on, and calls a lone pointwise one `conv_pw`.
  const [dwNorm, narrow, narrowNorm] = expands ? ['bn2', 'conv_pwl', 'bn3'] : ['bn1', 'conv_pw', 'bn2'];
  const width = roundChannels(x.channels * layers.expand);
  let y = x;
  if (expands)
    y = convNorm(network, style, y, `${name}.conv_pw`, `${name}.bn1`, { out: width, kernel: 1, activation });
  const filter = { out: width, kernel, stride, groups: width, activation };
  y = convNorm(network, style, y, `${name}.conv_dw`, `${name}.${dwNorm}`, filter);
  if (layers.squeeze === true && style.squeeze) {
    y = squeezeExcite(network, y, `${name}.se`, style.squeeze, style.squeeze.channels(x.channels, width));
  }
  const norm = { name: `${name}.${narrowNorm}`, epsilon: style.epsilon };
  y = network.conv(y, `${name}.${narrow}`, { out, kernel: 1, norm });
  return stride === 1 && x.channels === out ? network.add(y, x) : y;
}

/** Weighs each channel by what the means of all channels say. */
function squeezeExcite(
  network: Network,
  x: Activation,
  name: string,
  squeeze: Squeeze,
  channels: number,
): Activation {
  const pointwise = { kernel: 1, bias: true };
  const reduced = network.conv(network.spatialMean(x), `${name}.conv_reduce`, {
    ...pointwise,
    out: channels,
    activation: squeeze.activation,
  });
  const gate = network.conv(reduced, `${name}.conv_expand`, {
    ...pointwise,
    out: x.channels,
    activation: squeeze.gate,
  });
  return network.scale(x, gate);
}

function padding(style: MobileStyle, kernel: number): NonNullable<ConvOptions['padding']> {
  return style.padding === 'same' ? 'same' : (kernel - 1) / 2;
}
