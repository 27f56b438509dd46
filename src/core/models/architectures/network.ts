/** The layers of image networks over the graph builder: named weights in, shapes tracked, BatchNorm folded. */
import { float, type GraphBuilder, type Value } from '../onnx/graphBuilder';
import { foldBatchNorm, type BatchNormTensors } from './foldBatchNorm';
import type { ExpectedTensor, Parameters } from './parameters';

/** A value on its way through the network: N × channels × size × size, or N × channels when size is 0. */
export interface Activation {
  readonly value: Value;
  readonly channels: number;
  readonly size: number;
}

export type Nonlinearity = 'relu' | 'relu6';

/** The BatchNorm after a layer: the name of its tensors and its epsilon. */
export interface Norm {
  readonly name: string;
  readonly epsilon: number;
}

export interface ConvOptions {
  readonly out: number;
  readonly kernel: number;
  readonly stride?: number;
  /** Pixels on every side; `same` pads as TensorFlow does, so that the output has ceil(size / stride) pixels. */
  readonly padding?: number | 'same';
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
}

/** Builds one network into a graph. Images are square, so one number is their size. */
export class Network {
  private relu6Limits: readonly [Value, Value] | undefined;

  constructor(
    readonly graph: GraphBuilder,
    private readonly parameters: Parameters,
  ) {}

  /** Convolution without bias unless asked for, then BatchNorm, then the activation. */
  conv(x: Activation, name: string, options: ConvOptions): Activation {
    const { out, kernel, stride = 1, padding = 0, groups = 1 } = options;
    const shape = [out, x.channels / groups, kernel, kernel];
    let weight = this.take(`${name}.weight`, shape, 'weight', groups);
    let bias = options.bias === true ? this.take(`${name}.bias`, [out], 'bias') : undefined;
    if (options.norm) {
      const norm = this.takeNorm(options.norm.name, out);
      if (this.parameters.real) ({ weight, bias } = foldBatchNorm(weight, bias, norm, options.norm.epsilon));
      else bias ??= norm.bias;
    }
    const inputs = [x.value, this.graph.constant(weight, shape, `${name}.weight`)];
    if (bias) inputs.push(this.graph.constant(bias, [out], `${name}.bias`));
    const [before, after] = pads(x.size, kernel, stride, padding);
    const size = Math.floor((x.size + before + after - kernel) / stride) + 1;
    const value = this.graph.node(
      'Conv',
      inputs,
      {
        kernel_shape: [kernel, kernel],
        strides: [stride, stride],
        pads: [before, before, after, after],
        group: groups,
      },
      name,
    );
    return this.activate({ value, channels: out, size }, options.activation);
  }

  /** BatchNorm that no convolution stands before, then the activation. */
  batchNorm(x: Activation, name: string, epsilon: number, activation?: Nonlinearity): Activation {
    const tensors = this.takeNorm(name, x.channels);
    const constant = (data: Float32Array, part: string) =>
      this.graph.constant(data, [x.channels], `${name}.${part}`);
    const inputs = [
      x.value,
      constant(tensors.weight, 'weight'),
      constant(tensors.bias, 'bias'),
      constant(tensors.mean, 'running_mean'),
      constant(tensors.variance, 'running_var'),
    ];
    const value = this.graph.node('BatchNormalization', inputs, { epsilon: float(epsilon) }, name);
    return this.activate({ ...x, value }, activation);
  }

  /** Fully connected layer on a feature vector. */
  linear(x: Activation, name: string, out: number, activation?: Nonlinearity): Activation {
    const shape = [out, x.channels];
    const weight = this.graph.constant(this.take(`${name}.weight`, shape, 'weight'), shape, `${name}.weight`);
    const bias = this.graph.constant(this.take(`${name}.bias`, [out], 'bias'), [out], `${name}.bias`);
    return this.activate(
      { value: this.graph.linear(x.value, weight, bias, name), channels: out, size: 0 },
      activation,
    );
  }

  maxPool(x: Activation, options: PoolOptions): Activation {
    return this.poolWith('MaxPool', x, options);
  }

  averagePool(x: Activation, options: PoolOptions): Activation {
    return this.poolWith('AveragePool', x, options);
  }

  /** Mean over all pixels: the feature vector of most networks. */
  globalAveragePool(x: Activation): Activation {
    return { value: this.graph.globalAveragePool(x.value), channels: x.channels, size: 0 };
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

  private activate(x: Activation, activation: Nonlinearity | undefined): Activation {
    if (activation === undefined) return x;
    if (activation === 'relu') return { ...x, value: this.graph.relu(x.value) };
    this.relu6Limits ??= [this.graph.scalar(0, 'relu6.low'), this.graph.scalar(6, 'relu6.high')];
    return { ...x, value: this.graph.node('Clip', [x.value, ...this.relu6Limits]) };
  }

  private poolWith(op: 'MaxPool' | 'AveragePool', x: Activation, options: PoolOptions): Activation {
    const { kernel, stride, padding = 0 } = options;
    const value = this.graph.node(op, [x.value], {
      kernel_shape: [kernel, kernel],
      strides: [stride, stride],
      pads: [padding, padding, padding, padding],
    });
    return { ...x, value, size: Math.floor((x.size + 2 * padding - kernel) / stride) + 1 };
  }

  private take(
    name: string,
    shape: readonly number[],
    role: ExpectedTensor['role'],
    groups = 1,
  ): Float32Array {
    return this.parameters.take({ name, shape, role, groups });
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

/** Padding before and after. TensorFlow's `same` puts the odd pixel after (timm: `pad_same`). */
function pads(size: number, kernel: number, stride: number, padding: number | 'same'): [number, number] {
  if (padding !== 'same') return [padding, padding];
  const total = Math.max(0, (Math.ceil(size / stride) - 1) * stride + kernel - size);
  return [Math.floor(total / 2), total - Math.floor(total / 2)];
}
