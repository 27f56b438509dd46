/** A third-party ONNX model as far as we look into it. Types only. */

export interface OnnxAttribute {
  readonly i?: number;
  readonly ints?: readonly number[];
}

export interface OnnxNode {
  /** NodeProto. */
  readonly bytes: Uint8Array;
  readonly name: string;
  readonly opType: string;
  /** `` for ONNX's own operators. */
  readonly domain: string;
  /** `''` for an optional input that is left out. */
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  /** Names that its subgraphs read, of values around them or their own. */
  readonly captured: readonly string[];
  /** Whether it has subgraphs (If, Loop, Scan). */
  readonly hasSubgraphs: boolean;
  /** Those with whole numbers. */
  readonly attributes: ReadonlyMap<string, OnnxAttribute>;
}

export interface OnnxInitialiser {
  /** TensorProto, or SparseTensorProto for `sparse`. */
  readonly bytes: Uint8Array;
  readonly name: string;
  readonly sparse: boolean;
  readonly dims: readonly number[];
}

/** An input or output as it is declared. */
export interface OnnxValue {
  /** ValueInfoProto. */
  readonly bytes: Uint8Array;
  readonly name: string;
  /** ONNX's TensorProto.DataType; null where it is no tensor. */
  readonly elementType: number | null;
  /** null for a free size; the whole is null where no shape is declared. */
  readonly shape: readonly (number | null)[] | null;
}

export interface OnnxGraph {
  readonly nodes: readonly OnnxNode[];
  readonly initialisers: readonly OnnxInitialiser[];
  /** Without those that only give initialisers their type (IR versions before 4). */
  readonly inputs: readonly OnnxValue[];
  readonly outputs: readonly OnnxValue[];
  /** value_info: ValueInfoProto by the value's name. */
  readonly valueInfo: readonly { readonly name: string; readonly bytes: Uint8Array }[];
  /** quantization_annotation: TensorAnnotation by the tensor's name. */
  readonly annotations: readonly { readonly name: string; readonly bytes: Uint8Array }[];
  /** Fields that are copied as they are: name, documentation, what newer versions add. */
  readonly rest: readonly Uint8Array[];
  /** Every name of a value, in subgraphs too. */
  readonly names: ReadonlySet<string>;
}

export interface OnnxModel {
  /** The file's name, for messages. */
  readonly file: string;
  readonly irVersion: number;
  /** Version of ONNX's own operators. */
  readonly opset: number;
  readonly graph: OnnxGraph;
  readonly metadata: readonly { readonly key: string; readonly bytes: Uint8Array }[];
  /** Fields that are copied as they are: opsets, functions, producer, what newer versions add. */
  readonly rest: readonly Uint8Array[];
}
