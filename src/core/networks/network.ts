/** The layers of image networks over the graph builder: named weights in, shapes tracked, BatchNorm folded. */
import type { Preprocessing } from '../images/model';
import { float, type GraphBuilder, type Value } from '../onnx/graphBuilder';
import { addActivation, type Nonlinearity } from './activation';
import { asAffine, foldBatchNorm, type BatchNormTensors } from './foldBatchNorm';
import { foldGrey } from './greyInput';
import type { ExpectedTensor, Parameters } from './parameters';

export type { Nonlinearity } from './activation';

/** A value on its way through the network: N × channels × size × size, or N × channels when size is 0. */
export interface Activation {
  readonly value: Value;
  readonly channels: number;
  readonly size: number;
  /** Set on an image of one channel that stands for three equal ones: the first convolution is folded. */
  readonly grey?: Pick<Preprocessing, 'mean' | 'std'>;
}

/** The BatchNorm after a layer: the name of its tensors and its epsilon. */
export interface Norm {
  readonly name: string;
  readonly epsilon: number;
}

/** One number for both directions, or [height, width]. */
export type Extent = number | readonly [number, number];

export interface ConvOptions {
  readonly out: number;
  readonly kernel: Extent;
  readonly stride?: number;
  /** Pixels on every side; `same` pads as TensorFlow does, so that the output has ceil(size / stride) pixels. */
  readonly padding?: Extent | 'same';
  readonly groups?: number;
  readonly bias?: boolean;
  /** Folded into the weights. */
  readonly norm?: Norm;
  readonly activation?: Nonlinearity;
}

export interface PoolOptions {
  readonly kernel: number;
  readonly stride: number;
  readonly padding?: number;
  /** Average pooling: whether padded zeros count. PyTorch's default is true. */
  readonly countPadding?: boolean;
}

/** Builds one network into a graph. Images are square, and every layer keeps them so. */
export class Network {
  /**
   * Multiply-accumulate operations of one image, by fvcore's rules, which timm publishes: convolutions and linear
   * layers, two for every number that a BatchNorm takes in, one for every number under adaptive pooling.
   */
  multiplyAccumulates = 0;

  constructor(
    readonly graph: GraphBuilder,
    private readonly parameters: Parameters,
  ) {}

  /** Convolution without bias unless asked for, then BatchNorm, then the activation. */
  conv(x: Activation, name: string, options: ConvOptions): Activation {
    const { out, stride = 1, groups = 1 } = options;
    const [height, width] = pair(options.kernel);
    let weight = this.take(`${name}.weight`, [out, x.channels / groups, height, width], 'weight', groups);
    let bias =
      options.bias === true
        ? this.take(`${name}.bias`, [out], 'bias', 1, (x.channels / groups) * height * width)
        : undefined;
    if (options.norm) {
      const norm = this.takeNorm(options.norm.name, out);
      if (this.parameters.real) ({ weight, bias } = foldBatchNorm(weight, bias, norm, options.norm.epsilon));
      else bias ??= norm.bias;
    }
    const rows = pads(x.size, height, stride, options.padding, 0);
    const columns = pads(x.size, width, stride, options.padding, 1);
    const size = Math.floor((x.size + rows[0] + rows[1] - height) / stride) + 1;
    this.multiplyAccumulates += out * size * size * (x.channels / groups) * height * width;
    if (options.norm) this.multiplyAccumulates += 2 * out * size * size;

    let input = { value: x.value, channels: x.channels / groups };
    if (x.grey) {
      const padded = Math.max(...rows, ...columns) > 0;
      const fold = foldGrey(weight, out, x.grey, padded);
      weight = fold.weight;
      if (fold.bias) bias = fold.bias.map((value, i) => value + (bias?.[i] ?? 0));
      input = { value: fold.channels === 2 ? this.withOnes(x) : x.value, channels: fold.channels };
    }
    const inputs = [
      input.value,
      this.graph.constant(weight, [out, input.channels, height, width], `${name}.weight`),
    ];
    if (bias) inputs.push(this.graph.constant(bias, [out], `${name}.bias`));
    const value = this.graph.node(
      'Conv',
      inputs,
      {
        kernel_shape: [height, width],
        strides: [stride, stride],
        pads: [rows[0], columns[0], rows[1], columns[1]],
        group: groups,
      },
      name,
    );
    return this.activate({ value, channels: out, size }, options.activation);
  }

  /** BatchNorm that no convolution stands before, then the activation. */
  batchNorm(x: Activation, name: string, epsilon: number, activation?: Nonlinearity): Activation {
    const taken = this.takeNorm(name, x.channels);
    const tensors = this.graph.half && this.parameters.real ? asAffine(taken, epsilon) : taken;
    const constant = (data: Float32Array, part: string) =>
      this.graph.constant(data, [x.channels], `${name}.${part}`);
    const inputs = [
      x.value,
      constant(tensors.weight, 'weight'),
      constant(tensors.bias, 'bias'),
      constant(tensors.mean, 'running_mean'),
      constant(tensors.variance, 'running_var'),
    ];
    this.multiplyAccumulates += 2 * x.channels * x.size ** 2;
    const value = this.graph.node('BatchNormalization', inputs, { epsilon: float(epsilon) }, name);
    return this.activate({ value, channels: x.channels, size: x.size }, activation);
  }

  /**
   * Fully connected layer on a feature vector.
   * @param kernel the weights are named as those of a convolution of kernel × kernel over the whole map that was flattened: the
   *   same numbers in the same order
   */
  linear(x: Activation, name: string, out: number, activation?: Nonlinearity, kernel?: number): Activation {
    const shape = [out, x.channels];
    const stored = kernel === undefined ? shape : [out, x.channels / kernel ** 2, kernel, kernel];
    const taken = this.take(`${name}.weight`, stored, 'weight');
    const weight = this.graph.constant(taken, shape, `${name}.weight`);
    const bias = this.take(`${name}.bias`, [out], 'bias', 1, x.channels);
    this.multiplyAccumulates += out * x.channels;
    const constant = this.graph.constant(bias, [out], `${name}.bias`);
    return this.activate(
      { value: this.graph.linear(x.value, weight, constant, name), channels: out, size: 0 },
      activation,
    );
  }

  activate(x: Activation, activation: Nonlinearity | undefined): Activation {
    return activation === undefined ? x : { ...x, value: addActivation(this.graph, x.value, activation) };
  }

  maxPool(x: Activation, options: PoolOptions): Activation {
    return this.poolWith('MaxPool', x, options, {});
  }

  averagePool(x: Activation, options: PoolOptions): Activation {
    return this.poolWith('AveragePool', x, options, {
      count_include_pad: options.countPadding === false ? 0 : 1,
    });
  }

  /** Mean over all pixels, N × channels: the feature vector of most networks. */
  globalAveragePool(x: Activation): Activation {
    this.multiplyAccumulates += x.channels * x.size ** 2;
    return { value: this.graph.globalAveragePool(x.value), channels: x.channels, size: 0 };
  }

  /**
   * Mean over all pixels that stays a map of 1 × 1: the squeeze of squeeze-and-excitation. Not GlobalAveragePool:
   * in ONNX Runtime's blocked layout that adds up 12,544 numbers one by one, which put EfficientNet-B0 1.0e-4 off
   * the reference; with ReduceMean it was 1.6e-5, and 3 % faster.
   */
  spatialMean(x: Activation): Activation {
    const value = this.graph.node('ReduceMean', [x.value], { axes: [2, 3], keepdims: 1 });
    return { value, channels: x.channels, size: 1 };
  }

  /**
   * PyTorch's adaptive average pooling to `size` × `size`: bin i averages the pixels from floor(i · n / size) to
   * ceil((i + 1) · n / size).
   */
  adaptiveAveragePool(x: Activation, size: number): Activation {
    this.multiplyAccumulates += x.channels * x.size ** 2;
    if (x.size === size) return x;
    if (size === 1) return { ...x, value: this.graph.node('GlobalAveragePool', [x.value]), size };
    const bins = adaptiveBins(x.size, size);
    const down = this.graph.constant(bins, [size, x.size]);
    const across = this.graph.transpose(down, [1, 0]);
    return { ...x, value: this.graph.matmul(this.graph.matmul(down, x.value), across), size };
  }

  /** N × channels × size × size to N × (channels · size · size), channel first as torch.flatten does. */
  flatten(x: Activation): Activation {
    const value = this.graph.node('Flatten', [x.value], { axis: 1 });
    return { value, channels: x.channels * x.size ** 2, size: 0 };
  }

  /** Joins feature maps of one size along the channels. */
  concat(maps: readonly [Activation, ...Activation[]]): Activation {
    if (maps.length === 1) return maps[0];
    const value = this.graph.concat(
      maps.map((map) => map.value),
      1,
    );
    return { value, channels: maps.reduce((sum, map) => sum + map.channels, 0), size: maps[0].size };
  }

  add(a: Activation, b: Activation): Activation {
    return { ...a, value: this.graph.add(a.value, b.value) };
  }

  /** Multiplies each channel of `x` by its number in `gate`, N × channels × 1 × 1. */
  scale(x: Activation, gate: Activation): Activation {
    return { ...x, value: this.graph.mul(x.value, gate.value) };
  }

  private withOnes(x: Activation): Value {
    const { graph } = this;
    const shape = graph.node('Shape', [x.value]);
    const ones = graph.node('Expand', [graph.constant(Float32Array.of(1), [1, 1, 1, 1], 'one'), shape]);
    return graph.concat([x.value, ones], 1, 'image.with_ones');
  }

  private poolWith(
    op: 'MaxPool' | 'AveragePool',
    x: Activation,
    options: PoolOptions,
    attributes: Readonly<Record<string, number>>,
  ): Activation {
    const { kernel, stride, padding = 0 } = options;
    const value = this.graph.node(op, [x.value], {
      kernel_shape: [kernel, kernel],
      strides: [stride, stride],
      pads: [padding, padding, padding, padding],
      ...attributes,
    });
    return { ...x, value, size: Math.floor((x.size + 2 * padding - kernel) / stride) + 1 };
  }

  private take(
    name: string,
    shape: readonly number[],
    role: ExpectedTensor['role'],
    groups = 1,
    fanIn = shape.slice(1).reduce((product, extent) => product * extent, 1),
  ): Float32Array {
    return this.parameters.take({ name, shape, role, groups, fanIn });
  }

  private takeNorm(name: string, channels: number): BatchNormTensors {
    return {
      weight: this.take(`${name}.weight`, [channels], 'normWeight'),
      bias: this.take(`${name}.bias`, [channels], 'normBias'),
      mean: this.take(`${name}.running_mean`, [channels], 'normMean'),
      variance: this.take(`${name}.running_var`, [channels], 'normVariance'),
    };
  }
}

function pair(extent: Extent): readonly [number, number] {
  return typeof extent === 'number' ? [extent, extent] : extent;
}

/** Padding before and after. TensorFlow's `same` puts the odd pixel after (timm: `pad_same`). */
function pads(
  size: number,
  kernel: number,
  stride: number,
  padding: ConvOptions['padding'] = 0,
  axis: 0 | 1,
): readonly [number, number] {
  if (padding !== 'same') {
    const each = pair(padding)[axis];
    return [each, each];
  }
  const total = Math.max(0, (Math.ceil(size / stride) - 1) * stride + kernel - size);
  return [Math.floor(total / 2), total - Math.floor(total / 2)];
}

/** The matrix that averages `from` pixels into `to` bins, row-major to × from. */
function adaptiveBins(from: number, to: number): Float32Array {
  const bins = new Float32Array(to * from);
  for (let bin = 0; bin < to; bin++) {
    const start = Math.floor((bin * from) / to);
    const end = Math.ceil(((bin + 1) * from) / to);
    bins.fill(1 / (end - start), bin * from + start, bin * from + end);
  }
  return bins;
}
