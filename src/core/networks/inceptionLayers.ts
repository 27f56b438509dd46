/** What Inception V3 and V4 are made of: convolutions with BatchNorm and ReLU, run side by side and joined. */
import type { Activation, Extent, Network } from './network';

/** TensorFlow's, since the weights come from there. */
const epsilon = 1e-3;

export interface InceptionConv {
  readonly out: number;
  /** [height, width] */
  readonly kernel: Extent;
  readonly stride?: number;
  /** `keep`: the output has the size of the input; else no padding. */
  readonly size?: 'keep';
}

/** Convolution, BatchNorm, ReLU under timm's `NAME.conv` and `NAME.bn`. */
export function inceptionConv(
  network: Network,
  x: Activation,
  name: string,
  { out, kernel, stride = 1, size }: InceptionConv,
): Activation {
  const half = (extent: number) => (size === 'keep' ? (extent - 1) / 2 : 0);
  const padding: Extent = typeof kernel === 'number' ? half(kernel) : [half(kernel[0]), half(kernel[1])];
  const norm = { name: `${name}.bn`, epsilon };
  return network.conv(x, `${name}.conv`, { out, kernel, stride, padding, norm, activation: 'relu' });
}

/** Convolutions one after another, each under its own name. */
export function inceptionConvs(
  network: Network,
  x: Activation,
  convs: readonly (readonly [name: string, conv: InceptionConv])[],
): Activation {
  let y = x;
  for (const [name, conv] of convs) y = inceptionConv(network, y, name, conv);
  return y;
}

/** 1 × 1 to `out` channels. */
export function point(out: number): InceptionConv {
  return { out, kernel: 1 };
}

/** Height × width; the map keeps its size. */
export function keep(out: number, height: number, width: number): InceptionConv {
  return { out, kernel: [height, width], size: 'keep' };
}

/** 3 × 3 with stride 2 and no padding: the map is halved. */
export function halve(out: number): InceptionConv {
  return { out, kernel: 3, stride: 2 };
}

/** The largest of 3 × 3 with stride 2 and no padding. */
export function halvingPool(network: Network, x: Activation): Activation {
  return network.maxPool(x, { kernel: 3, stride: 2 });
}
