/**
 * Feature vectors on disk: `.overread/features/<key>/`, a readable `key.json` beside append-only shards, one
 * shard for each process that wrote. Writers never share a file, so any number of them may run at once; readers
 * take every whole block that this user wrote and ignore the rest, so a kill at any point costs at most the
 * vectors that were not yet written, and features that came with the project are not believed.
 */
import { randomBytes } from 'node:crypto';
import type * as fs from 'node:fs/promises';
import type { CacheMac } from '../base/cacheMac';
import { asFileSystemError } from '../base/fileSystemErrors';
import type { ProjectFolder } from '../base/projectFolder';
import type { FeatureKey } from './cacheKey';
import { encodeBlock, mostRecords, type BlockSeal, type FeatureRecord } from './record';
import {
  headerOf,
  readBlock,
  readShard,
  shardExtension,
  shardNames,
  shardSizes,
  type RecordPlace,
} from './shards';

export type { RecordPlace } from './shards';

/** Records that are written before the disk is asked to keep them. */
const recordsPerSync = 256;

export class FeatureStore {
  /** Below the project's root, parts separated by `/`. */
  readonly place: string;
  private own: { readonly handle: fs.FileHandle; readonly dim: number } | undefined;
  private unsynced = 0;
  private appending: Promise<void> = Promise.resolve();

  constructor(
    private readonly folder: ProjectFolder,
    private readonly key: FeatureKey,
    private readonly mac: CacheMac,
  ) {
    this.place = `.overread/features/${key.folder}`;
  }

  /**
   * Gives every record that this user wrote to `visit`, each a view that is valid during the call; whole records of
   * others to `visitForeign`. Shards of another length than the first one's are skipped (a build with a defect wrote
   * them).
   * @throws OVR003
   */
  async load(
    visit: (record: FeatureRecord, place: RecordPlace) => void,
    visitForeign: (record: FeatureRecord, place: RecordPlace) => void = () => undefined,
  ): Promise<void> {
    let dim: number | undefined;
    const folder = this.folder.path(this.place);
    for (const shard of await shardNames(folder)) {
      await readShard(folder, shard, dim, (width) => this.seal(width), {
        own: (record, place) => {
          // A shard without a word of ours says nothing about the length.
          dim ??= place.dim;
          visit(record, place);
        },
        foreign: visitForeign,
      });
    }
  }

  /** What `load` would read: as long as it is the same, no feature came or went. @throws OVR003 */
  async state(): Promise<string> {
    return (await shardSizes(this.folder.path(this.place))).join('\n');
  }

  /** One record that `load` named, or undefined when it is gone (the cache may be deleted at any time). */
  async read(place: RecordPlace): Promise<Float32Array | undefined> {
    return readBlock(this.folder.path(this.place), place, this.seal(place.dim));
  }

  /**
   * Appends records to this process's shard. They survive a kill of the process when this resolves, and a loss
   * of power after the next {@link close} or 256 records.
   * @throws OVR003 the file system refused; OVR005 a link is in the way, or the workspace is not trusted
   */
  append(records: readonly FeatureRecord[]): Promise<void> {
    // One after another: two that begin at once would each make a shard.
    const appended = this.appending.then(() => this.write(records));
    this.appending = appended.catch(() => undefined);
    return appended;
  }

  /** Makes what was appended durable and lets go of the file. @throws OVR003 */
  async close(): Promise<void> {
    await this.appending;
    try {
      await this.sync();
    } finally {
      await this.own?.handle.close();
      this.own = undefined;
    }
  }

  private async write(records: readonly FeatureRecord[]): Promise<void> {
    const [first] = records;
    if (!first) return;
    try {
      this.own ??= await this.create(first.features.length);
      const seal = this.seal(this.own.dim);
      for (let start = 0; start < records.length; start += mostRecords) {
        await this.own.handle.appendFile(encodeBlock(records.slice(start, start + mostRecords), seal));
      }
      this.unsynced += records.length;
      if (this.unsynced >= recordsPerSync) await this.sync();
    } catch (error) {
      throw asFileSystemError(error, 'The feature cache cannot be written', this.folder.path(this.place));
    }
  }

  private async sync(): Promise<void> {
    if (this.unsynced > 0) await this.own?.handle.sync();
    this.unsynced = 0;
  }

  private async create(dim: number): Promise<{ handle: fs.FileHandle; dim: number }> {
    const key = `${JSON.stringify({ ...this.key.content, features: dim }, null, 2)}\n`;
    await this.folder.writeFile(`${this.place}/key.json`, key);
    const name = `${Date.now()}-${process.pid}-${randomBytes(4).toString('hex')}${shardExtension}`;
    // The name is new: whatever is there is not ours.
    const handle = await this.folder.openToAppend(`${this.place}/${name}`, () => false);
    await handle.appendFile(headerOf(dim));
    return { handle, dim };
  }

  private seal(dim: number): BlockSeal {
    return { mac: this.mac, key: this.key.folder, dim };
  }
}
