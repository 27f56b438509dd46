/** Reads the shards of a feature cache: block after block, telling this user's from those of others. */
import * as fs from 'node:fs/promises';
import * as path from 'node:path';
import { isErrnoException } from '../base/errnoException';
import { asFileSystemError } from '../base/fileSystemErrors';
import {
  blockBytes,
  blockHeadBytes,
  decodeRecord,
  originOf,
  recordsOfBlock,
  type BlockSeal,
  type FeatureRecord,
} from './record';

/** Where a record lies. */
export interface RecordPlace {
  readonly shard: string;
  /** Where its block starts, bytes from the start of the shard. */
  readonly start: number;
  /** Of the block. */
  readonly records: number;
  /** Its number within the block. */
  readonly index: number;
  readonly dim: number;
}

type Visit = (record: FeatureRecord, place: RecordPlace) => void;

export const shardExtension = '.shard';

const magic = 'OVRFEAT2';
/** The magic, the number of features (uint32), 4 bytes of zero. */
const headerBytes = 16;
/** A pipe in the place of a shard is not waited for. Windows has no such flag. */
const careful = fs.constants.O_RDONLY | fs.constants.O_NONBLOCK;
/** Bytes read at once, unless a block is larger. */
const readBytes = 8 * 2 ** 20;
/** A larger block is none of ours. */
const largestBlock = 256 * 2 ** 20;

/** The first bytes of a shard. */
export function headerOf(dim: number): Uint8Array {
  const header = Buffer.alloc(headerBytes);
  header.write(magic, 0, 'latin1');
  header.writeUInt32LE(dim, magic.length);
  return header;
}

/** Shard names, oldest first. @throws OVR003 */
export async function shardNames(folder: string): Promise<string[]> {
  try {
    return (await fs.readdir(folder)).filter((name) => name.endsWith(shardExtension)).sort();
  } catch (error) {
    if (isErrnoException(error) && error.code === 'ENOENT') return [];
    throw asFileSystemError(error, 'The feature cache cannot be read', folder);
  }
}

/** Name and bytes of each shard, oldest first: they are only ever appended to. @throws OVR003 */
export async function shardSizes(folder: string): Promise<string[]> {
  const sizes: string[] = [];
  for (const name of await shardNames(folder)) {
    const stat = await fs.stat(path.join(folder, name)).catch(() => undefined);
    sizes.push(`${name} ${stat?.size ?? 0}`);
  }
  return sizes;
}

/**
 * Gives the records of a shard, in their order; damaged blocks and a torn end are left out.
 * @param wanted the number of features, where it is known: a shard of another is skipped
 * @throws OVR003
 */
export async function readShard(
  folder: string,
  shard: string,
  wanted: number | undefined,
  sealOf: (dim: number) => BlockSeal,
  visit: { readonly own: Visit; readonly foreign: Visit },
): Promise<void> {
  const file = path.join(folder, shard);
  try {
    const handle = await fs.open(file, careful);
    try {
      const stat = await handle.stat();
      const dim = stat.isFile() ? await readHeader(handle) : undefined;
      if (dim === undefined || (wanted !== undefined && dim !== wanted)) return;
      const seal = sealOf(dim);
      await eachBlock(handle, stat.size, dim, (block, start, records) => {
        const origin = originOf(block, seal);
        if (origin === 'damaged') return;
        const give = origin === 'own' ? visit.own : visit.foreign;
        for (let index = 0; index < records; index++) {
          give(decodeRecord(block, index, dim), { shard, start, records, index, dim });
        }
      });
    } finally {
      await handle.close();
    }
  } catch (error) {
    throw asFileSystemError(error, 'The feature cache cannot be read', file);
  }
}

/** One record that was found before; undefined when it is gone or no longer this user's. */
export async function readBlock(
  folder: string,
  place: RecordPlace,
  seal: BlockSeal,
): Promise<Float32Array | undefined> {
  try {
    const handle = await fs.open(path.join(folder, place.shard), careful);
    try {
      const block = Buffer.alloc(blockBytes(place.records, place.dim));
      const { bytesRead } = await handle.read(block, 0, block.length, place.start);
      if (bytesRead < block.length || originOf(block, seal) !== 'own') return undefined;
      return decodeRecord(block, place.index, place.dim).features;
    } finally {
      await handle.close();
    }
  } catch (error) {
    if (isErrnoException(error)) return undefined;
    throw error;
  }
}

async function readHeader(handle: fs.FileHandle): Promise<number | undefined> {
  const header = Buffer.alloc(headerBytes);
  const { bytesRead } = await handle.read(header, 0, headerBytes, 0);
  if (bytesRead < headerBytes || header.toString('latin1', 0, magic.length) !== magic) return undefined;
  const dim = header.readUInt32LE(magic.length);
  return dim > 0 && dim < 2 ** 20 ? dim : undefined;
}

/** Gives the whole blocks of a shard of `size` bytes to `visit`; each is a view that is valid during the call. */
async function eachBlock(
  handle: fs.FileHandle,
  size: number,
  dim: number,
  visit: (block: Buffer, start: number, records: number) => void,
): Promise<void> {
  // A buffer of its own, aligned for Float32Array, which Node's pool does not promise.
  let buffer = Buffer.from(new ArrayBuffer(Math.min(readBytes, Math.max(size, 1))));
  for (let position = headerBytes; position + blockHeadBytes <= size;) {
    const { bytesRead } = await handle.read(buffer, 0, buffer.length, position);
    let at = 0;
    let needed = 0;
    while (at + blockHeadBytes <= bytesRead) {
      const records = recordsOfBlock(buffer, at);
      // What follows zeros or junk cannot be found again; a process wrote nothing after it.
      if (records === undefined) return;
      needed = blockBytes(records, dim);
      if (at + needed > bytesRead) break;
      visit(buffer.subarray(at, at + needed), position + at, records);
      at += needed;
    }
    position += at;
    if (at > 0) continue;
    // The block is torn, or larger than the buffer.
    if (position + needed > size || needed <= buffer.length || needed > largestBlock) return;
    buffer = Buffer.from(new ArrayBuffer(needed));
  }
}
