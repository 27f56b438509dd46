/**
 * CoroDet (Hussain, Hasan, Rahman, Lee, Tamanna, Parvez: CoroDet: A deep learning based classification for
 * COVID-19 detection using chest X-ray images, Chaos, Solitons & Fractals 142, 2021,
 * doi 10.1016/j.chaos.2020.110495).
 *
 * The paper's, from its outline, which is all of it that we could read: 22 layers, of which nine convolutions, nine
 * max-poolings, one flatten and two dense layers, with Leaky ReLU (the 22nd, we take it); up to four classes. We know
 * of no published code or weights. Everything else is ours: every convolution is 3 × 3, followed by Leaky ReLU of
 * slope 0.01 and a pooling of 2 × 2; the widths; the 128 features; and the input of 512 pixels, the smallest that
 * nine halvings leave a pixel of.
 */
import type { Preprocessing } from '../images/model';
import type { Architecture, Block } from './architecture';
import type { Activation, Network } from './network';

const preprocessing: Preprocessing = {
  size: 512,
  cropPct: 1,
  interpolation: 'bilinear',
  channels: 3,
  mean: [0.5, 0.5, 0.5],
  std: [0.5, 0.5, 0.5],
  crop: 'timm',
};

const hidden = 128;

export const corodet: Architecture = {
  name: 'corodet',
  title: 'CoroDet',
  family: 'CoroDet',
  reference: 'Overread',
  featureSize: hidden,
  classes: 4,
  classifier: 'classifier.2',
  initialisation: 'pytorch',
  preprocessing,
  weights: [],
  blocks: [
    block(1, 16),
    block(2, 32),
    block(3, 32),
    block(4, 64),
    block(5, 64),
    block(6, 128),
    block(7, 128),
    block(8, 256),
    block(9, 256),
  ],
  pool: dense,
  pooling: 'nonlinear',
};

function block(number: number, out: number): Block {
  return {
    name: `block${number}`,
    build: (network, x) => {
      // Names of a torch.nn.Sequential of convolution, activation and pooling in turn.
      const name = `features.${3 * (number - 1)}`;
      const options = { out, kernel: 3, padding: 1, bias: true, activation: 'leakyRelu' } as const;
      return network.maxPool(network.conv(x, name, options), { kernel: 2, stride: 2 });
    },
  };
}

/** One pixel is left of the map; larger inputs, up to 1,023 pixels, leave one too. */
function dense(network: Network, map: Activation): Activation {
  return network.linear(network.flatten(map), 'classifier.0', hidden, 'leakyRelu');
}
