/**
 * Cached feature vectors as bytes. A block is what one append wrote: the number of its records (uint32), the records
 * (content hash, 32 bytes; features, float32, little endian), a CRC-32 (4 bytes) and a keyed MAC (32 bytes). The MAC
 * is over the key of the features, their number and the block, and tells whether this user wrote it. The CRC tells
 * a block of another user from one that a crash left damaged.
 */
import { crc32 } from 'node:zlib';
import { macBytes, type CacheMac } from '../base/cacheMac';

const hashBytes = 32;
const countBytes = 4;
const crcBytes = 4;
const purpose = 'features';

/** Records of one block, at most: a count above it is no count. */
export const mostRecords = 4096;

/** Bytes at the start of a block that tell its length. */
export const blockHeadBytes = countBytes;

export interface FeatureRecord {
  /** SHA-256 of the image file, 64 hexadecimal digits. */
  readonly hash: string;
  /** A view: copy it to keep it. */
  readonly features: Float32Array;
}

/** What the MAC binds a block to, beside its bytes. */
export interface BlockSeal {
  readonly mac: CacheMac;
  /** The key of the features: the name of their folder, which has its hash. */
  readonly key: string;
  readonly dim: number;
}

/** Whose a block is; `damaged`: nobody's. */
export type BlockOrigin = 'own' | 'foreign' | 'damaged';

function recordBytes(dim: number): number {
  return hashBytes + 4 * dim;
}

/** Bytes of a block; a multiple of 4, so that features are aligned for Float32Array. */
export function blockBytes(records: number, dim: number): number {
  return countBytes + records * recordBytes(dim) + crcBytes + macBytes;
}

/** The number of records that a block says it has; undefined when that is none. */
export function recordsOfBlock(bytes: Buffer, start: number): number | undefined {
  const count = bytes.readUInt32LE(start);
  return count > 0 && count <= mostRecords ? count : undefined;
}

/** @param records at most `mostRecords`, each of `seal.dim` features */
export function encodeBlock(records: readonly FeatureRecord[], seal: BlockSeal): Uint8Array {
  const block = Buffer.alloc(blockBytes(records.length, seal.dim));
  block.writeUInt32LE(records.length);
  for (const [i, { hash, features }] of records.entries()) {
    const start = countBytes + i * recordBytes(seal.dim);
    block.write(hash, start, 'hex');
    Buffer.from(features.buffer, features.byteOffset, features.byteLength).copy(block, start + hashBytes);
  }
  const content = block.subarray(0, block.length - crcBytes - macBytes);
  block.writeUInt32LE(crc32(content), content.length);
  macOf(content, seal).copy(block, content.length + crcBytes);
  return block;
}

/** @param block one whole block */
export function originOf(block: Buffer, seal: BlockSeal): BlockOrigin {
  const content = block.subarray(0, block.length - crcBytes - macBytes);
  const mac = block.subarray(content.length + crcBytes);
  if (seal.mac.verify(mac, purpose, seal.key, String(seal.dim), content)) return 'own';
  return block.readUInt32LE(content.length) === crc32(content) ? 'foreign' : 'damaged';
}

/** The record of a block. @param block aligned to 4 bytes */
export function decodeRecord(block: Buffer, index: number, dim: number): FeatureRecord {
  const start = countBytes + index * recordBytes(dim);
  return {
    hash: block.toString('hex', start, start + hashBytes),
    features: new Float32Array(block.buffer, block.byteOffset + start + hashBytes, dim),
  };
}

function macOf(content: Uint8Array, { mac, key, dim }: BlockSeal): Buffer {
  return mac.of(purpose, key, String(dim), content);
}
