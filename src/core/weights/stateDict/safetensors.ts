/**
 * The safetensors format (github.com/huggingface/safetensors): eight bytes with the header's length, a JSON
 * header of names, types, shapes and offsets, then the bytes. The npm packages that read it pull in a tensor
 * library or do not check offsets; the whole format fits into this file.
 */
import type { StateDict, Tensor } from '../../networks/model';
import { elementBytes, isFloat, isStoredType, toFloat32, type StoredType } from './elements';
import { refuseWeights } from './refusal';

/** The reference implementation's cap on the header, bytes. */
const maxHeaderBytes = 100_000_000;

interface Entry {
  readonly name: string;
  readonly type: StoredType;
  readonly shape: readonly number[];
  readonly begin: number;
  readonly end: number;
}

/** The float tensors of a safetensors file as float32, and its metadata. */
export interface SafetensorsContent {
  readonly tensors: StateDict;
  readonly metadata: ReadonlyMap<string, string>;
}

/**
 * Reads the content of a safetensors file; integer tensors are left out.
 * @param file name for messages
 * @throws OVR502 when lengths, offsets, types or shapes do not fit together
 */
export function readSafetensors(bytes: Uint8Array, file: string): SafetensorsContent {
  if (bytes.byteLength < 8) throw refuseWeights(file, `${bytes.byteLength} bytes are no safetensors file`);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const length = Number(view.getBigUint64(0, true));
  if (length > maxHeaderBytes || length > bytes.byteLength - 8) {
    throw refuseWeights(file, `its header claims ${length} bytes of a file of ${bytes.byteLength}`);
  }
  const header = parseHeader(bytes.subarray(8, 8 + length), file);
  const data = bytes.subarray(8 + length);
  const entries: Entry[] = [];
  let metadata = new Map<string, string>();
  for (const [name, value] of Object.entries(header)) {
    if (name === '__metadata__') metadata = readMetadata(value, file);
    else entries.push(readEntry(name, value, file));
  }
  checkLayout(entries, data.byteLength, file);
  const tensors = new Map<string, Tensor>();
  for (const { name, type, shape, begin, end } of entries) {
    if (isFloat(type)) tensors.set(name, { shape, data: toFloat32(data.subarray(begin, end), type) });
  }
  return { tensors, metadata };
}

/** The bytes of a safetensors file with float32 tensors, in the order given. */
export function writeSafetensors(
  tensors: StateDict,
  metadata: Readonly<Record<string, string>> = {},
): Uint8Array {
  const header: Record<string, unknown> = { __metadata__: metadata };
  let offset = 0;
  for (const [name, { shape, data }] of tensors) {
    header[name] = { dtype: 'F32', shape, data_offsets: [offset, offset + data.byteLength] };
    offset += data.byteLength;
  }
  const text = new TextEncoder().encode(JSON.stringify(header));
  // Padded with spaces to whole eights, as the reference implementation does, so that the data are aligned.
  const headerBytes = Math.ceil(text.byteLength / 8) * 8;
  const bytes = new Uint8Array(8 + headerBytes + offset).fill(0x20, 8, 8 + headerBytes);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(headerBytes), true);
  bytes.set(text, 8);
  let position = 8 + headerBytes;
  for (const { data } of tensors.values()) {
    bytes.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), position);
    position += data.byteLength;
  }
  return bytes;
}

function parseHeader(bytes: Uint8Array, file: string): Record<string, unknown> {
  let parsed: unknown;
  try {
    parsed = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (error) {
    throw refuseWeights(file, 'its safetensors header is no JSON', undefined, error);
  }
  if (!isRecord(parsed)) throw refuseWeights(file, 'its safetensors header is no JSON object');
  return parsed;
}

function readMetadata(value: unknown, file: string): Map<string, string> {
  const metadata = new Map<string, string>();
  if (!isRecord(value)) throw refuseWeights(file, '__metadata__ is no object');
  for (const [key, text] of Object.entries(value)) {
    if (typeof text !== 'string') throw refuseWeights(file, `metadata ${JSON.stringify(key)} is no text`);
    metadata.set(key, text);
  }
  return metadata;
}

function readEntry(name: string, value: unknown, file: string): Entry {
  const where = `tensor ${JSON.stringify(name)}`;
  if (!isRecord(value)) throw refuseWeights(file, `${where} is described by no object`);
  const { dtype, shape, data_offsets: offsets } = value;
  if (typeof dtype !== 'string' || !isStoredType(dtype)) {
    const found = typeof dtype === 'string' ? `type ${dtype}` : 'no type';
    throw refuseWeights(file, `${where} has ${found}`, `one of ${Object.keys(elementBytes).join(', ')}`);
  }
  if (!isSizes(shape)) throw refuseWeights(file, `${where} has no shape of whole numbers`);
  if (!isSizes(offsets) || offsets.length !== 2) throw refuseWeights(file, `${where} has no pair of offsets`);
  const [begin, end] = offsets as [number, number];
  const expected = shape.reduce((product, size) => product * size, elementBytes[dtype]);
  if (end - begin !== expected) {
    throw refuseWeights(
      file,
      `${where} has ${end - begin} bytes for shape [${shape.join(', ')}]`,
      `${expected} bytes`,
    );
  }
  return { name, type: dtype, shape, begin, end };
}

/** The tensors fill the data without holes or overlap: what the format demands, so that nothing is read twice. */
function checkLayout(entries: readonly Entry[], available: number, file: string): void {
  let position = 0;
  for (const entry of entries.toSorted((a, b) => a.begin - b.begin || a.end - b.end)) {
    if (entry.begin !== position) {
      const fault = entry.begin < position ? 'overlaps the tensor before it' : 'leaves a hole before it';
      throw refuseWeights(file, `tensor ${JSON.stringify(entry.name)} ${fault}`);
    }
    position = entry.end;
  }
  if (position !== available) {
    throw refuseWeights(
      file,
      `it has ${available} bytes of tensors`,
      `${position} bytes, as its header says`,
    );
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return value !== null && typeof value === 'object' && !Array.isArray(value);
}

function isSizes(value: unknown): value is number[] {
  return (
    Array.isArray(value) &&
    value.length <= 32 &&
    value.every((size) => Number.isSafeInteger(size) && size >= 0)
  );
}
