/**
 * Feature vectors on disk: `.overread/features/<key>/`, a readable `key.json` beside append-only shards, one
 * shard for each process that wrote. Writers never share a file, so any number of them may run at once; readers
 * take every whole record whose check sum holds and ignore the rest, so a kill at any point costs at most the
 * vectors that were not yet written.
 */
import { randomBytes } from 'node:crypto';
import * as fs from 'node:fs/promises';
import * as path from 'node:path';
import { isErrnoException, writeFileAtomic } from '../base/files';
import { OverreadError } from '../base/errors';
import { openPlainFile } from '../base/readPlain';
import type { FeatureKey } from './cacheKey';
import { decodeRecord, encodeRecord, recordBytes, type FeatureRecord } from './record';

/** Where a record lies. */
export interface RecordPlace {
  readonly shard: string;
  readonly start: number;
  readonly dim: number;
}

const magic = 'OVRFEAT1';
/** The magic, the number of features (uint32), 4 bytes of zero. */
const headerBytes = 16;
const extension = '.shard';
/** Bytes read at once. */
const blockBytes = 8 * 2 ** 20;
/** Records that are written before the disk is asked to keep them. */
const recordsPerSync = 256;

export class FeatureStore {
  private readonly folder: string;
  private own: { readonly name: string; readonly handle: fs.FileHandle } | undefined;
  private unsynced = 0;
  private appending: Promise<void> = Promise.resolve();

  constructor(
    root: string,
    private readonly key: FeatureKey,
  ) {
    this.folder = path.join(root, '.overread', 'features', key.folder);
  }

  /**
   * Gives every stored record to `visit`, each a view that is valid during the call. Shards of another length
   * than the first one's are skipped (a build with a defect wrote them).
   */
  async load(visit: (record: FeatureRecord, place: RecordPlace) => void): Promise<void> {
    let dim: number | undefined;
    for (const shard of await this.shards()) {
      const handle = await openPlainFile(path.join(this.folder, shard));
      try {
        const found = await readHeader(handle);
        if (found === undefined || (dim !== undefined && found !== dim)) continue;
        dim = found;
        await readRecords(handle, found, (record, start) => visit(record, { shard, start, dim: found }));
      } finally {
        await handle.close();
      }
    }
  }

  /** One record that `load` named, or undefined when it is gone (the cache may be deleted at any time). */
  async read(place: RecordPlace): Promise<Float32Array | undefined> {
    try {
      const handle = await openPlainFile(path.join(this.folder, place.shard));
      try {
        const bytes = Buffer.alloc(recordBytes(place.dim));
        await handle.read(bytes, 0, bytes.length, place.start);
        return decodeRecord(bytes, 0, place.dim)?.features;
      } finally {
        await handle.close();
      }
    } catch (error) {
      if (isErrnoException(error)) return undefined;
      throw error;
    }
  }

  /**
   * Appends records to this process's shard. They survive a kill of the process when this resolves, and a loss
   * of power after the next {@link close} or 256 records. @throws OVR600
   */
  append(records: readonly FeatureRecord[]): Promise<void> {
    // One after another: two that begin at once would each make a shard.
    const appended = this.appending.then(() => this.write(records));
    this.appending = appended.catch(() => undefined);
    return appended;
  }

  /** Makes what was appended durable and lets go of the file. */
  async close(): Promise<void> {
    await this.appending;
    await this.sync();
    await this.own?.handle.close();
    this.own = undefined;
  }

  private async write(records: readonly FeatureRecord[]): Promise<void> {
    if (records.length === 0) return;
    try {
      this.own ??= await this.create(records[0]!.features.length);
      const block = Buffer.concat(records.map(({ hash, features }) => encodeRecord(hash, features)));
      await this.own.handle.appendFile(block);
      this.unsynced += records.length;
      if (this.unsynced >= recordsPerSync) await this.sync();
    } catch (error) {
      throw new OverreadError({
        code: 'OVR600',
        message: `The feature cache cannot be written (${error instanceof Error ? error.message : String(error)})`,
        place: { file: this.folder },
        fix: 'Free disk space or mend the permissions of .overread, then run again: what was computed is kept',
        cause: error,
      });
    }
  }

  private async sync(): Promise<void> {
    if (this.unsynced > 0) await this.own?.handle.sync();
    this.unsynced = 0;
  }

  private async create(dim: number): Promise<{ name: string; handle: fs.FileHandle }> {
    await fs.mkdir(this.folder, { recursive: true });
    await writeFileAtomic(
      path.join(this.folder, 'key.json'),
      `${JSON.stringify({ ...this.key.content, features: dim }, null, 2)}\n`,
    );
    const name = `${Date.now()}-${process.pid}-${randomBytes(4).toString('hex')}${extension}`;
    const handle = await fs.open(path.join(this.folder, name), 'ax');
    const header = Buffer.alloc(headerBytes);
    header.write(magic, 0, 'latin1');
    header.writeUInt32LE(dim, magic.length);
    await handle.appendFile(header);
    return { name, handle };
  }

  /** Shard names, oldest first. */
  private async shards(): Promise<string[]> {
    try {
      const entries = await fs.readdir(this.folder, { withFileTypes: true });
      return entries
        .filter((entry) => entry.isFile() && entry.name.endsWith(extension))
        .map(({ name }) => name)
        .sort();
    } catch (error) {
      if (isErrnoException(error) && error.code === 'ENOENT') return [];
      throw error;
    }
  }
}

async function readHeader(handle: fs.FileHandle): Promise<number | undefined> {
  const header = Buffer.alloc(headerBytes);
  const { bytesRead } = await handle.read(header, 0, headerBytes, 0);
  if (bytesRead < headerBytes || header.toString('latin1', 0, magic.length) !== magic) return undefined;
  const dim = header.readUInt32LE(magic.length);
  return dim > 0 && dim < 2 ** 20 ? dim : undefined;
}

async function readRecords(
  handle: fs.FileHandle,
  dim: number,
  visit: (record: FeatureRecord, start: number) => void,
): Promise<void> {
  const size = recordBytes(dim);
  const records = Math.floor(((await handle.stat()).size - headerBytes) / size);
  if (records <= 0) return;
  const block = Buffer.from(
    new ArrayBuffer(Math.min(records, Math.max(1, Math.floor(blockBytes / size))) * size),
  );
  for (let position = headerBytes; ;) {
    const { bytesRead } = await handle.read(block, 0, block.length, position);
    for (let start = 0; start + size <= bytesRead; start += size) {
      const record = decodeRecord(block, start, dim);
      if (record) visit(record, position + start);
    }
    const whole = Math.floor(bytesRead / size) * size;
    if (whole === 0) return;
    position += whole;
  }
}
