/**
 * One cached feature vector as bytes: content hash (32), features (float32, little endian), CRC-32 of both (4).
 * Records have one size, so a file's torn tail is told by its length, and blocks that a crash left as zeros by
 * their check sum.
 */
import { crc32 } from 'node:zlib';

const hashBytes = 32;
const checkBytes = 4;

/** Bytes of a record of `dim` features; a multiple of 4, so that records are aligned for Float32Array. */
export function recordBytes(dim: number): number {
  return hashBytes + 4 * dim + checkBytes;
}

/** @param hash 64 hexadecimal digits */
export function encodeRecord(hash: string, features: Float32Array): Uint8Array {
  const record = Buffer.alloc(recordBytes(features.length));
  record.write(hash, 0, 'hex');
  Buffer.from(features.buffer, features.byteOffset, features.byteLength).copy(record, hashBytes);
  record.writeUInt32LE(checkSum(record), record.length - checkBytes);
  return record;
}

export interface FeatureRecord {
  readonly hash: string;
  /** A view: copy it to keep it. */
  readonly features: Float32Array;
}

/**
 * The record at `start`, or undefined when its check sum fails.
 *
 * @param bytes aligned to 4 bytes, as is `start`
 */
export function decodeRecord(bytes: Buffer, start: number, dim: number): FeatureRecord | undefined {
  const record = bytes.subarray(start, start + recordBytes(dim));
  if (record.readUInt32LE(record.length - checkBytes) !== checkSum(record)) return undefined;
  return {
    hash: record.toString('hex', 0, hashBytes),
    features: new Float32Array(record.buffer, record.byteOffset + hashBytes, dim),
  };
}

function checkSum(record: Buffer): number {
  return crc32(record.subarray(0, record.length - checkBytes));
}
