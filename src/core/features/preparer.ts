/** From an image's file to the grey levels that a network takes: what is heavy about it, on this thread or on others. */
import { isMainThread } from 'node:worker_threads';
import { useDecoded } from '../images/decode';
import { hashImage } from '../images/frameReference';
import { asGrey } from '../images/grey';
import type { DecodedImage, Preprocessing } from '../images/model';
import { dicomInput, preprocessToBytes } from '../images/preprocess';
import { useImageFile } from '../images/readFile';
import { Resampler } from '../images/resampler';

/** An image as the network takes it, before it is normalised. */
export interface PreparedImage {
  /** 1 for a grey image, also where the network has three. */
  readonly channels: 1 | 3;
  /** channels × size × size. */
  readonly levels: Uint8Array<ArrayBuffer>;
}

export interface Preparer {
  /** Images that are worth preparing at once. */
  readonly atOnce: number;
  /**
   * Reads a file, tells its content hash, and decodes it where the answer is yes.
   * @returns undefined where the answer is no
   * @throws OVR300 to OVR306, OVR003: faults of the image; what `wanted` throws
   */
  prepare(file: string, wanted: (hash: string) => Promise<boolean>): Promise<PreparedImage | undefined>;
  close(): Promise<void>;
}

/** Prepares on the calling thread; only the decoder has threads of its own. */
export class LocalPreparer implements Preparer {
  readonly atOnce = isMainThread ? 12 : 2;
  private readonly resampler = new Resampler();

  constructor(private readonly preprocessing: Preprocessing) {}

  prepare(file: string, wanted: (hash: string) => Promise<boolean>): Promise<PreparedImage | undefined> {
    return useImageFile(file, async (bytes) => {
      if (!(await wanted(hashImage(bytes, file)))) return undefined;
      const take = (image: DecodedImage): Promise<PreparedImage> => Promise.resolve(this.lay(image));
      return useDecoded(bytes, file, take, dicomInput(this.preprocessing));
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
