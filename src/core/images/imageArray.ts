/** An image as numbers for other programs: as it is stored, as it is shown, or as the network gets it. */
import { useDecoded } from './decode';
import { imageFormat } from './format';
import type { DecodedImage, Preprocessing } from './model';
import { dicomInput, preprocess } from './preprocess';
import { useImageFile } from './readFile';
import { windowForScreen } from './window';

export type ArraySamples =
  Uint8Array | Int8Array | Uint16Array | Int16Array | Uint32Array | Int32Array | Float32Array | Float64Array;

export interface ImageArray {
  /** Rows × columns (× 3), of the network's input channels × size × size. Row-major. */
  readonly shape: readonly number[];
  readonly data: ArraySamples;
}

export type ArrayKind = 'stored' | 'shown' | 'input';

/**
 * Reads an image as an array.
 *
 * `stored`: what was decoded, before anything that is for display; of DICOM the stored pixels, also of files that projects
 * leave out. `shown`: 8 bit as tiles show it. `input`: float32, resized, cropped and normalised.
 *
 * @param reference the path of the file, of DICOM with `#frame` where one is meant
 * @param preprocessing of the network; used by `input`
 * @throws OVR300 to OVR304, OVR306, OVR003
 */
export function readArray(
  reference: string,
  kind: ArrayKind,
  preprocessing: Preprocessing,
): Promise<ImageArray> {
  return useImageFile(reference, async (bytes) => {
    if (kind === 'stored' && imageFormat(bytes)?.name === 'DICOM') {
      const { readStored } = await import('./dicomImage');
      return readStored(bytes, reference);
    }
    const options = kind === 'input' ? dicomInput(preprocessing) : { anyPurpose: true };
    return useDecoded(
      bytes,
      reference,
      (image) => Promise.resolve(toArray(image, kind, preprocessing)),
      options,
    );
  });
}

function toArray(image: DecodedImage, kind: ArrayKind, preprocessing: Preprocessing): ImageArray {
  if (kind === 'input') {
    const { channels, size } = preprocessing;
    return { shape: [channels, size, size], data: preprocess(image, preprocessing) };
  }
  const { width, height, channels, data } = kind === 'shown' ? windowForScreen(image) : image;
  return { shape: channels === 3 ? [height, width, 3] : [height, width], data };
}

/**
 * The network's input as a picture: its grey levels before they are normalised, 0 to 255.
 * @returns size × size, × 3 for a network of three channels
 */
export function levelsOfInput({ data, shape }: ImageArray, { mean, std }: Preprocessing): ImageArray {
  const [channels = 1, height = 0, width = 0] = shape;
  const area = height * width;
  const levels = new Uint8Array(channels * area);
  for (let channel = 0; channel < channels; channel++) {
    const [scale, shift] = [std[channel] ?? 1, mean[channel] ?? 0];
    for (let i = 0; i < area; i++) {
      levels[i * channels + channel] = Math.round(255 * (data[channel * area + i]! * scale + shift));
    }
  }
  return { shape: channels === 3 ? [height, width, 3] : [height, width], data: levels };
}
