/**
 * The part of ONNX's protobuf schema (onnx.proto, IR version 10) that Overread writes and reads, as a
 * protobufjs descriptor. Written out here instead of compiled from the .proto file, so that nothing is
 * generated and the bundle carries no parser.
 */
import protobuf from 'protobufjs/light';

/** ONNX's TensorProto.DataType numbers, those in use. */
export const dataTypes = {
  float32: 1,
  uint8: 2,
  int32: 6,
  int64: 7,
  string: 8,
  bool: 9,
  float16: 10,
  float64: 11,
} as const;

export type ElementType = keyof typeof dataTypes;

/** ONNX's AttributeProto.AttributeType numbers, those in use. */
export const attributeTypes = { float: 1, int: 2, string: 3, ints: 7 } as const;

export interface TensorProto {
  name: string;
  dataType: number;
  dims: number[];
  rawData: Uint8Array;
}

export interface AttributeProto {
  name: string;
  type: number;
  f?: number;
  i?: number;
  s?: Uint8Array;
  floats?: number[];
  ints?: number[];
}

export interface NodeProto {
  name: string;
  opType: string;
  domain?: string;
  input: string[];
  output: string[];
  attribute: AttributeProto[];
}

export interface ValueInfoProto {
  name: string;
  type: { tensorType: { elemType: number; shape: { dim: ({ dimValue: number } | { dimParam: string })[] } } };
}

export interface ModelProto {
  irVersion: number;
  producerName: string;
  producerVersion?: string;
  opsetImport: { domain: string; version: number }[];
  metadataProps: { key: string; value: string }[];
  graph: {
    name: string;
    node: NodeProto[];
    initializer: TensorProto[];
    input: ValueInfoProto[];
    output: ValueInfoProto[];
  };
}

const one = (type: string, id: number) => ({ type, id });
const many = (type: string, id: number) => ({ rule: 'repeated', type, id });

const root = protobuf.Root.fromJSON({
  nested: {
    OperatorSetId: { fields: { domain: one('string', 1), version: one('int64', 2) } },
    StringStringEntry: { fields: { key: one('string', 1), value: one('string', 2) } },
    Tensor: {
      fields: {
        dims: many('int64', 1),
        dataType: one('int32', 2),
        floatData: many('float', 4),
        int32Data: many('int32', 5),
        int64Data: many('int64', 7),
        name: one('string', 8),
        rawData: one('bytes', 9),
      },
    },
    Attribute: {
      fields: {
        name: one('string', 1),
        f: one('float', 2),
        i: one('int64', 3),
        s: one('bytes', 4),
        t: one('Tensor', 5),
        floats: many('float', 7),
        ints: many('int64', 8),
        strings: many('bytes', 9),
        type: one('int32', 20),
      },
    },
    Node: {
      fields: {
        input: many('string', 1),
        output: many('string', 2),
        name: one('string', 3),
        opType: one('string', 4),
        attribute: many('Attribute', 5),
        domain: one('string', 7),
      },
    },
    Dimension: { fields: { dimValue: one('int64', 1), dimParam: one('string', 2) } },
    Shape: { fields: { dim: many('Dimension', 1) } },
    TensorType: { fields: { elemType: one('int32', 1), shape: one('Shape', 2) } },
    Type: { fields: { tensorType: one('TensorType', 1) } },
    ValueInfo: { fields: { name: one('string', 1), type: one('Type', 2) } },
    Graph: {
      fields: {
        node: many('Node', 1),
        name: one('string', 2),
        initializer: many('Tensor', 5),
        input: many('ValueInfo', 11),
        output: many('ValueInfo', 12),
        valueInfo: many('ValueInfo', 13),
      },
    },
    Model: {
      fields: {
        irVersion: one('int64', 1),
        producerName: one('string', 2),
        producerVersion: one('string', 3),
        graph: one('Graph', 7),
        opsetImport: many('OperatorSetId', 8),
        metadataProps: many('StringStringEntry', 14),
      },
    },
  },
});

const modelType = root.lookupType('Model');

/** Bytes that a model takes, and some more: all tensors, and a few hundred for what is said of each part. */
function roomFor({ graph }: ModelProto): number {
  const parts = graph.node.length + graph.initializer.length + graph.input.length + graph.output.length;
  return graph.initializer.reduce((sum, { rawData }) => sum + rawData.length, 512 * parts + 65_536);
}

/** The bytes of an .onnx file. */
export function encodeModel(model: ModelProto): Uint8Array {
  // The plain object already has the message's shape: no conversion, and room for all of it at once, so tensors are copied once
  // only. A writer that grows copies half a gigabyte of weights again and again, and once more at its end.
  const writer = protobuf.Writer.create();
  writer.buf = Buffer.allocUnsafe(roomFor(model));
  return modelType.encode(model, writer).finish(true);
}

/**
 * The model in the bytes of an .onnx file, 64-bit integers as numbers: the counterpart of `encodeModel`, by which what
 * was built is looked into. Throws protobufjs' error when they are none.
 * @public
 */
export function decodeModel(bytes: Uint8Array): ModelProto {
  const message = modelType.decode(bytes);
  return modelType.toObject(message, {
    longs: Number,
    arrays: true,
    defaults: true,
  }) as unknown as ModelProto;
}
