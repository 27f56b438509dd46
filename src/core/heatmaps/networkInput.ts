/** An image as a network sees it, with what is needed to lay a map over the image. */
import { useDecoded } from '../images/decode';
import type { DecodedImage, Preprocessing } from '../images/model';
import { dicomInput, preprocess } from '../images/preprocess';
import { hashImageFile, useImageFile } from '../images/readFile';

export interface NetworkInput {
  /** Of the whole image, px. */
  readonly width: number;
  readonly height: number;
  /** channels × size × size. */
  readonly image: Float32Array;
}

/** An image that was found, and is decoded when it must be. */
export interface InputSource {
  /** What tells its content: equal for equal bytes. */
  readonly key: string;
  /** @throws OVR301, OVR302 */
  load(preprocessing: Preprocessing, channels: 1 | 3): Promise<NetworkInput>;
}

/** Finds an image: here, by its path, or in another process. @throws OVR300, OVR304, OVR003 */
export type FindInput = (image: string) => Promise<InputSource>;

/** Reads a file in this process. @param file absolute path */
export async function readInput(file: string): Promise<InputSource> {
  const key = await hashImageFile(file);
  return {
    key,
    // Read again, not kept: many may wait for the network, and their files count against the memory of all.
    load: (preprocessing, channels) =>
      useImageFile(file, (bytes) => {
        const take = (decoded: DecodedImage): Promise<NetworkInput> => {
          const { width, height } = decoded;
          const image = preprocess(decoded, preprocessing, undefined, channels);
          return Promise.resolve({ width, height, image });
        };
        return useDecoded(bytes, file, take, dicomInput(preprocessing));
      }),
  };
}
