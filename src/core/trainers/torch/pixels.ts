/**
 * Pixels of a project's images as bytes in shards: decoded, resized and cropped as for inference, grey ones in one
 * channel. Python maps these files and knows no image format.
 */
import type * as fs from 'node:fs/promises';
import { OverreadError, throwIfCancelled } from '../../base/errors';
import type { WorkOptions } from '../../base/ports';
import { present } from '../../base/present';
import { useDecoded } from '../../images/decode';
import { hashImage } from '../../images/frameReference';
import { asGrey } from '../../images/grey';
import type { Preprocessing } from '../../images/model';
import { dicomInput, preprocessToBytes } from '../../images/preprocess';
import { useImageFile } from '../../images/readFile';
import { resolveImages } from '../../dataset/imagePath';
import type { RowFault } from '../../project/imageFaults';
import type { Project } from '../../project/project';

/** Bytes of a shard: few files, and none too large to copy to another machine. */
const shardBytes = 256 * 2 ** 20;
/** Images that are read and decoded at once, where their bytes allow it (images/memory.ts). */
const preparedAtOnce = 12;

/** A file of images, one after the other, each channels × size × size bytes. */
export interface PixelShard {
  readonly file: string;
  readonly channels: 1 | 3;
  readonly images: number;
}

/** Where the pixels of each sample are. */
export interface PixelShards {
  readonly shards: readonly PixelShard[];
  /** The number of the sample's shard, -1: it has no pixels. */
  readonly shard: Int32Array;
  /** Its place in the shard. */
  readonly place: Int32Array;
  /** Content hash of each image; '' where it was not read. */
  readonly contentHashes: readonly string[];
  readonly faults: readonly RowFault[];
}

/**
 * Writes the shards of all samples into a folder of the project.
 * @throws OVR003, OVR005 they cannot be written; OVR002 cancelled
 */
export async function writePixels(
  project: Project,
  folder: string,
  preprocessing: Preprocessing,
  work: WorkOptions,
): Promise<PixelShards> {
  const { samples } = project.dataset;
  const locations = await resolveImages(project.root, project.config, samples, work);
  const writer = new ShardWriter(project, folder, preprocessing.size, samples.length);
  const contentHashes = new Array<string>(samples.length).fill('');
  const faults: RowFault[] = [];
  let [next, done] = [0, 0];
  const prepare = async (i: number): Promise<void> => {
    const location = present(locations[i], 'the location of an image');
    const { row } = present(samples[i], 'the sample');
    if ('problem' in location) {
      faults.push({ row, problem: location.problem });
      return;
    }
    const { file } = location;
    try {
      await useImageFile(file, async (bytes) => {
        contentHashes[i] = hashImage(bytes, file);
        await useDecoded(
          bytes,
          file,
          async (image) => {
            const grey = asGrey(image);
            const channels = grey === null ? 3 : 1;
            await writer.add(i, channels, preprocessToBytes(grey ?? image, preprocessing, channels));
          },
          dicomInput(preprocessing),
        );
      });
    } catch (error) {
      if (!(error instanceof OverreadError) || !/^OVR30\d$/.test(error.code)) throw error;
      faults.push({
        row,
        problem: { ...error.toJSON(), place: { ...error.place, file }, severity: 'error' },
      });
    }
  };
  const worker = async (): Promise<void> => {
    for (let i = next++; i < samples.length; i = next++) {
      throwIfCancelled(work.signal);
      await prepare(i);
      work.onProgress?.({ stage: 'pixels', done: ++done, total: samples.length });
    }
  };
  try {
    const outcomes = await Promise.allSettled(Array.from({ length: preparedAtOnce }, worker));
    const failure = outcomes.find((outcome) => outcome.status === 'rejected');
    if (failure) throw failure.reason;
  } finally {
    await writer.close();
  }
  faults.sort((a, b) => a.row - b.row);
  const { shards, shard, place } = writer;
  return { shards, shard, place, contentHashes, faults };
}

interface OpenShard {
  readonly number: number;
  readonly handle: fs.FileHandle;
}

/** Appends images to the shard of their number of channels; one after the other. */
class ShardWriter {
  readonly shards: { file: string; channels: 1 | 3; images: number }[] = [];
  readonly shard: Int32Array;
  readonly place: Int32Array;
  private readonly open = new Map<1 | 3, OpenShard>();
  private turn: Promise<void> = Promise.resolve();

  constructor(
    private readonly project: Project,
    private readonly folder: string,
    private readonly size: number,
    samples: number,
  ) {
    this.shard = new Int32Array(samples).fill(-1);
    this.place = new Int32Array(samples).fill(-1);
  }

  async add(sample: number, channels: 1 | 3, bytes: Uint8Array): Promise<void> {
    const mine = this.turn.then(() => this.append(sample, channels, bytes));
    this.turn = mine.catch(() => undefined);
    await mine;
  }

  async close(): Promise<void> {
    await this.turn;
    for (const { handle } of this.open.values()) {
      await handle.sync();
      await handle.close();
    }
    this.open.clear();
  }

  private async append(sample: number, channels: 1 | 3, bytes: Uint8Array): Promise<void> {
    const { number, handle } = await this.shardFor(channels);
    await handle.appendFile(bytes);
    const shard = present(this.shards[number], 'the shard');
    this.shard[sample] = number;
    this.place[sample] = shard.images++;
  }

  private async shardFor(channels: 1 | 3): Promise<OpenShard> {
    const most = Math.max(1, Math.floor(shardBytes / (channels * this.size ** 2)));
    const current = this.open.get(channels);
    if (current && present(this.shards[current.number], 'the shard').images < most) return current;
    if (current) {
      await current.handle.sync();
      await current.handle.close();
    }
    const number = this.shards.length;
    const file = `pixels-${String(number).padStart(4, '0')}.bin`;
    const { folder } = this.project;
    // What a killed job left of one is not continued.
    await folder.removeFile(`${this.folder}/${file}`);
    const opened = {
      number,
      handle: await folder.openToAppend(`${this.folder}/${file}`, () => false),
    };
    this.shards.push({ file, channels, images: 0 });
    this.open.set(channels, opened);
    return opened;
  }
}
