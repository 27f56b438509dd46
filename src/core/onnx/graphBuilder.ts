/** Builds an ONNX graph node by node: what networks, the training objective and `export` are written with. */
import {
  attributeTypes,
  dataTypes,
  encodeModel,
  type AttributeProto,
  type ElementType,
  type ModelProto,
  type NodeProto,
  type TensorProto,
  type ValueInfoProto,
} from './schema';
import { present } from '../base/present';
import { halfBits } from './half';

/**
 * Opset 17 (IR 8, 2022) is the newest that every execution provider and older ONNX readers take; nothing we
 * build needs a newer one. Note for `node`: in it ReduceSum and Squeeze take their axes as an input, while
 * ReduceMax, ReduceMean, ReduceLogSumExp take them as an attribute.
 */
export const opsetVersion = 17;
const irVersion = 8;

/** A value of the graph: the name of an input, an initialiser or a node's output. */
export type Value = string;

/** A number is an integer attribute, an array of numbers is `ints`; floats are marked with `float`. */
export type AttributeValue = number | string | readonly number[] | Float;

interface Float {
  readonly float: number;
}

/** Marks a floating-point attribute: JavaScript cannot tell 1 from 1.0, ONNX must. */
export function float(value: number): Float {
  return { float: value };
}

/** Sizes of a tensor; a string is a free size with that name (`N`). */
export type Shape = readonly (number | string)[];

type ConstantData = Float32Array | Float64Array | Int32Array | BigInt64Array | Uint8Array;

/**
 * A graph under construction. Values are plain strings; `node` takes any ONNX operator, the named methods are
 * the ones that read better. Nothing is checked here beyond names: ONNX Runtime checks shapes when it loads.
 */
export class GraphBuilder {
  private readonly inputs: ValueInfoProto[] = [];
  private readonly outputs: ValueInfoProto[] = [];
  private readonly nodes: NodeProto[] = [];
  private readonly initialisers: TensorProto[] = [];
  private readonly metadata: { key: string; value: string }[] = [];
  private readonly names = new Set<string>();
  private inHalf = false;

  /** @param name the graph's name, seen in ONNX viewers */
  constructor(private readonly name: string) {}

  /** Declares an input of the graph. */
  input(name: string, type: ElementType, shape: Shape): Value {
    this.inputs.push(valueInfo(this.claim(name), type, shape));
    return name;
  }

  /** Declares `value` an output of the graph, under its own name. */
  output(value: Value, type: ElementType, shape: Shape): void {
    if (!this.names.has(value)) throw new Error(`Graph output ${value} is no value of the graph`);
    this.outputs.push(valueInfo(value, type, shape));
  }

  /** Whether constants of single precision are kept in half: see `toHalf`. */
  get half(): boolean {
    return this.inHalf;
  }

  /**
   * Gives a value of single precision in half. From here to `toSingle` constants of single precision are kept in half as
   * well: what stands between computes in it.
   */
  toHalf(value: Value): Value {
    this.inHalf = true;
    return this.node('Cast', [value], { to: dataTypes.float16 });
  }

  /** Gives a value of half precision in single; so are constants kept from here on. */
  toSingle(value: Value): Value {
    this.inHalf = false;
    return this.node('Cast', [value], { to: dataTypes.float32 });
  }

  /**
   * A constant tensor (initialiser), row-major; the element type follows from the array's type, but for `half`. The data are
   * not copied before `toModel`. Throws when the length is not that of the shape.
   */
  constant(data: ConstantData, shape: readonly number[], name?: string): Value {
    const length = shape.reduce((product, size) => product * size, 1);
    if (length !== data.length) {
      throw new Error(`Constant ${name ?? ''} has ${data.length} elements for shape [${shape.join(', ')}]`);
    }
    const claimed = this.claim(name ?? this.unusedName('constant'));
    const kept = this.inHalf && data instanceof Float32Array ? halfBits(data) : data;
    this.initialisers.push({
      name: claimed,
      dataType: dataTypes[elementTypeOf(kept)],
      dims: [...shape],
      rawData: new Uint8Array(kept.buffer, kept.byteOffset, kept.byteLength),
    });
    return claimed;
  }

  /** A float32 scalar. */
  scalar(value: number, name?: string): Value {
    return this.constant(Float32Array.of(value), [], name);
  }

  /** A list of int64 numbers (axes, shapes). */
  int64s(values: readonly number[], name?: string): Value {
    return this.constant(BigInt64Array.from(values, BigInt), [values.length], name);
  }

  /**
   * Adds a node of any ONNX operator and gives its first output. An optional input that is left out is `''`.
   * @param outputs names of the outputs; one name is made up when absent
   */
  node(
    opType: string,
    inputs: readonly Value[],
    attributes: Readonly<Record<string, AttributeValue>> = {},
    outputs?: string | readonly string[],
  ): Value {
    for (const input of inputs) {
      if (input !== '' && !this.names.has(input)) throw new Error(`${opType} reads unknown value ${input}`);
    }
    const names = typeof outputs === 'string' ? [outputs] : [...(outputs ?? [this.unusedName(opType)])];
    const first = present(names[0], 'the output of a node');
    for (const name of names) this.claim(name);
    this.nodes.push({
      name: `${opType}:${first}`,
      opType,
      input: [...inputs],
      output: names,
      attribute: Object.entries(attributes).map(([name, value]) => attribute(name, value)),
    });
    return first;
  }

  add(a: Value, b: Value, name?: string): Value {
    return this.node('Add', [a, b], {}, name);
  }

  sub(a: Value, b: Value, name?: string): Value {
    return this.node('Sub', [a, b], {}, name);
  }

  mul(a: Value, b: Value, name?: string): Value {
    return this.node('Mul', [a, b], {}, name);
  }

  div(a: Value, b: Value, name?: string): Value {
    return this.node('Div', [a, b], {}, name);
  }

  matmul(a: Value, b: Value, name?: string): Value {
    return this.node('MatMul', [a, b], {}, name);
  }

  transpose(a: Value, permutation: readonly number[], name?: string): Value {
    return this.node('Transpose', [a], { perm: permutation }, name);
  }

  relu(a: Value, name?: string): Value {
    return this.node('Relu', [a], {}, name);
  }

  sigmoid(a: Value, name?: string): Value {
    return this.node('Sigmoid', [a], {}, name);
  }

  softmax(a: Value, axis: number, name?: string): Value {
    return this.node('Softmax', [a], { axis }, name);
  }

  logSoftmax(a: Value, axis: number, name?: string): Value {
    return this.node('LogSoftmax', [a], { axis }, name);
  }

  /** Clips to [low, high]. */
  clip(a: Value, low: number, high: number, name?: string): Value {
    return this.node('Clip', [a, this.scalar(low), this.scalar(high)], {}, name);
  }

  /** Sum over `axes`, or over everything when they are absent. */
  reduceSum(a: Value, axes?: readonly number[], keepDims = false, name?: string): Value {
    const inputs = axes ? [a, this.int64s(axes)] : [a];
    return this.node('ReduceSum', inputs, { keepdims: keepDims ? 1 : 0 }, name);
  }

  concat(values: readonly Value[], axis: number, name?: string): Value {
    return this.node('Concat', values, { axis }, name);
  }

  /** a · bᵀ + bias: `b` is outputs × inputs, as torch.nn.Linear keeps its weight. */
  linear(a: Value, b: Value, bias: Value, name?: string): Value {
    return this.node('Gemm', [a, b, bias], { transB: 1 }, name);
  }

  /** Mean over height and width, N × C × H × W to N × C. */
  globalAveragePool(a: Value, name?: string): Value {
    return this.node('Flatten', [this.node('GlobalAveragePool', [a])], { axis: 1 }, name);
  }

  /** Adds an entry to the model's metadata, which readers get as strings. */
  describe(key: string, value: string): void {
    this.metadata.push({ key, value });
  }

  /** The bytes of the .onnx file. */
  toModel(): Uint8Array {
    const model: ModelProto = {
      irVersion,
      producerName: 'overread',
      opsetImport: [{ domain: '', version: opsetVersion }],
      metadataProps: this.metadata,
      graph: {
        name: this.name,
        node: this.nodes,
        initializer: this.initialisers,
        input: this.inputs,
        output: this.outputs,
      },
    };
    return encodeModel(model);
  }

  private claim(name: string): string {
    if (name === '' || this.names.has(name)) throw new Error(`Graph value "${name}" is named twice or empty`);
    this.names.add(name);
    return name;
  }

  protected unusedName(base: string): string {
    let number = this.names.size;
    while (this.names.has(`${base}_${number}`)) number++;
    return `${base}_${number}`;
  }
}

function valueInfo(name: string, type: ElementType, shape: Shape): ValueInfoProto {
  const dim = shape.map((size) => (typeof size === 'number' ? { dimValue: size } : { dimParam: size }));
  return { name, type: { tensorType: { elemType: dataTypes[type], shape: { dim } } } };
}

/** Sixteen bits are a number of half precision: nothing here is built of integers so short. */
function elementTypeOf(data: ConstantData | Uint16Array): ElementType {
  if (data instanceof Float32Array) return 'float32';
  if (data instanceof Uint16Array) return 'float16';
  if (data instanceof Float64Array) return 'float64';
  if (data instanceof Int32Array) return 'int32';
  return data instanceof BigInt64Array ? 'int64' : 'uint8';
}

function attribute(name: string, value: AttributeValue): AttributeProto {
  if (typeof value === 'string')
    return { name, type: attributeTypes.string, s: new TextEncoder().encode(value) };
  if (typeof value === 'number') return { name, type: attributeTypes.int, i: integer(name, value) };
  if ('float' in value) return { name, type: attributeTypes.float, f: value.float };
  return { name, type: attributeTypes.ints, ints: value.map((element) => integer(name, element)) };
}

function integer(name: string, value: number): number {
  if (!Number.isInteger(value)) throw new Error(`Attribute ${name} is ${value}: mark floats with float()`);
  return value;
}
