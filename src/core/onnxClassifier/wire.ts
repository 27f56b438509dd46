/**
 * Protocol buffers field by field, so that what we do not know in a third-party model is copied as it is. A field
 * keeps its own bytes; nothing is allocated but for views of the file.
 */
import protobuf from 'protobufjs/light';

/** The bytes are no message. */
export class WireError extends Error {}

/** A tensor's numbers lie in another file, where they are not looked for. */
export class ExternalDataError extends WireError {}

export interface Field {
  readonly id: number;
  /** The field with its tag, for copying. */
  readonly bytes: Uint8Array;
  /** A whole number, or the content of a length-delimited field; undefined for fixed-width fields. */
  readonly value: number | Uint8Array | undefined;
}

const wireTypes = { varint: 0, fixed64: 1, delimited: 2, fixed32: 5 } as const;

/** How many more fields a file may have. A graph of a thousand nodes has some thirty thousand. */
export interface Budget {
  fields: number;
}

/** Beyond this a file is no image classifier, and would cost memory many times its size. */
export const fileBudget = 2_000_000;

/** The fields of a message in their order. @throws WireError when it breaks off, is none, or has too many */
export function* readFields(message: Uint8Array, budget?: Budget): Generator<Field> {
  const reader = protobuf.Reader.create(message);
  while (reader.pos < reader.len) {
    if (budget && --budget.fields < 0) throw new WireError('it has too many parts');
    const start = reader.pos;
    let id: number;
    let value: number | Uint8Array | undefined;
    try {
      const tag = reader.uint32();
      id = tag >>> 3;
      const type = tag & 7;
      if (type === wireTypes.varint) value = Number(reader.int64());
      else if (type === wireTypes.delimited) value = reader.bytes();
      // Groups (3, 4) are not in ONNX; skipping them would recurse as deep as the file says.
      else if (type === wireTypes.fixed64 || type === wireTypes.fixed32) reader.skipType(type);
      else throw new WireError(`field of type ${type} at byte ${start}`);
    } catch (error) {
      if (error instanceof WireError) throw error;
      throw new WireError(`it breaks off in the field at byte ${start}`, { cause: error });
    }
    if (id === 0) throw new WireError(`field number 0 at byte ${start}`);
    yield { id, bytes: message.subarray(start, reader.pos), value };
  }
}

/** The content of a field that must hold bytes. @throws WireError */
export function contentOf(field: Field): Uint8Array {
  if (field.value instanceof Uint8Array) return field.value;
  throw new WireError(`field ${field.id} holds no bytes`);
}

const decoder = new TextDecoder('utf-8', { fatal: true });

/** The text of a field. @throws WireError when it is no UTF-8 */
export function textOf(field: Field): string {
  try {
    return decoder.decode(contentOf(field));
  } catch (error) {
    if (error instanceof WireError) throw error;
    throw new WireError(`field ${field.id} is no UTF-8 text`, { cause: error });
  }
}

/** The number of a field. @throws WireError */
export function numberOf(field: Field): number {
  if (typeof field.value === 'number') return field.value;
  throw new WireError(`field ${field.id} is no number`);
}

/** The numbers of a repeated field, one of them or packed into bytes; at most `limit`. @throws WireError */
export function numbersOf(field: Field, limit = 64): number[] {
  if (typeof field.value === 'number') return [field.value];
  const content = contentOf(field);
  const reader = protobuf.Reader.create(content);
  const numbers: number[] = [];
  try {
    while (reader.pos < reader.len && numbers.length < limit) numbers.push(Number(reader.int64()));
  } catch (error) {
    throw new WireError(`field ${field.id} breaks off`, { cause: error });
  }
  return numbers;
}

/** Pieces of a message that are written one after the other; large ones are views, copied once at the end. */
export type Pieces = readonly Uint8Array[];

/** A length-delimited field. */
export function delimited(id: number, content: Pieces): Pieces {
  const length = content.reduce((sum, piece) => sum + piece.length, 0);
  const head = protobuf.Writer.create()
    .uint32((id << 3) | wireTypes.delimited)
    .uint32(length);
  return [head.finish(), ...content];
}

export function textField(id: number, text: string): Pieces {
  return delimited(id, [new TextEncoder().encode(text)]);
}

/** A whole number, not negative. */
export function numberField(id: number, value: number): Pieces {
  return [
    protobuf.Writer.create()
      .uint32((id << 3) | wireTypes.varint)
      .uint64(value)
      .finish(),
  ];
}

export function joinPieces(pieces: Pieces): Uint8Array {
  return Buffer.concat(pieces);
}
