/** From an image's file to the grey levels that a network takes: what is heavy about it, on this thread or on others. */
import { isMainThread } from 'node:worker_threads';
import { stampFile, type FileStamp } from '../images/contentHashes';
import { useDecoded } from '../images/decode';
import { hashImage } from '../images/frameReference';
import { asGrey } from '../images/grey';
import type { DecodedImage, Preprocessing } from '../images/model';
import { dicomInput, preprocessToBytes } from '../images/preprocess';
import { JpegDecoder } from '../images/jpegDecoder';
import { useImageFile } from '../images/readFile';
import { Resampler } from '../images/resampler';

/** An image as the network takes it, before it is normalised. */
export interface PreparedImage {
  /** 1 for a grey image, also where the network has three. */
  readonly channels: 1 | 3;
  /** channels × size × size. */
  readonly levels: Uint8Array<ArrayBuffer>;
}

/**
 * Whether an image is wanted.
 * @param stamp of the file after it was read; null where it is gone
 */
export type Wanted = (hash: string, stamp: FileStamp | null) => Promise<boolean>;

export interface Preparer {
  /** Images that are worth preparing at once. */
  readonly atOnce: number;
  /**
   * Reads a file, tells its content hash, and decodes it where the answer is yes.
   * @returns undefined where the answer is no
   * @throws OVR300 to OVR306, OVR003: faults of the image; what `wanted` throws
   */
  prepare(file: string, wanted: Wanted): Promise<PreparedImage | undefined>;
  close(): Promise<void>;
}

/** Prepares on the calling thread; only libvips, which decodes what is no ordinary JPEG, has threads of its own. */
export class LocalPreparer implements Preparer {
  readonly atOnce = isMainThread ? 12 : 2;
  private readonly resampler = new Resampler();
  private readonly jpeg = new JpegDecoder();

  constructor(private readonly preprocessing: Preprocessing) {}

  prepare(file: string, wanted: Wanted): Promise<PreparedImage | undefined> {
    return useImageFile(file, async (bytes) => {
      if (!(await wanted(hashImage(bytes, file), await stampFile(file)))) return undefined;
      const take = (image: DecodedImage): Promise<PreparedImage> => Promise.resolve(this.lay(image));
      return useDecoded(bytes, file, take, { ...dicomInput(this.preprocessing), jpeg: this.jpeg });
    });
  }

  close(): Promise<void> {
    return Promise.resolve();
  }

  private lay(image: DecodedImage): PreparedImage {
    const grey = asGrey(image);
    const channels = grey === null ? this.preprocessing.channels : 1;
    return {
      channels,
      levels: preprocessToBytes(grey ?? image, this.preprocessing, channels, this.resampler),
    };
  }
}
