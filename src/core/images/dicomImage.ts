/** DICOM as an image like any other: see docs/dicom.md. */
import { OverreadError } from '../base/errors';
import { DicomPicture } from '../dicom/dicom';
import { DicomFault } from '../dicom/fault';
import type { GreyView } from '../dicom/model';
import { isDeflated, mostInflated } from '../dicom/parse';
import { splitFrame } from './frameReference';
import type { ImageArray } from './imageArray';
import { decodedMemory } from './memory';
import type { DecodedImage, GreyLevels } from './model';

/**
 * What becomes of a DICOM image's grey. `window`: 8 bit as the file's first window shows it (its VOI table before that, its
 * percentiles where it has neither). `full-range`: 8 bit from the lowest to the highest value that its stored bits can hold.
 * `values`: its values, with the windows that they are to be seen under.
 */
export type DicomGrey = 'window' | 'full-range' | 'values';

/** An image whose header was read. */
export interface PlannedImage {
  readonly width: number;
  readonly height: number;
  readonly channels: number;
  readonly bytesPerSample: number;
  /** @throws OVR301 */
  decode(): Promise<DecodedImage>;
}

/**
 * Reads the header of a DICOM file.
 * @param reference its path, with `#frame` where one is meant
 * @throws OVR301 cannot be decoded, OVR306 no picture
 */
export async function planDicom(
  bytes: Uint8Array,
  reference: string,
  grey: DicomGrey,
  anyPurpose = false,
): Promise<PlannedImage> {
  const picture = await openPicture(bytes, reference, anyPurpose);
  const { rows, columns, samplesPerPixel, bitsAllocated } = picture.pixels;
  return {
    width: columns,
    height: rows,
    channels: picture.isColour ? 3 : samplesPerPixel,
    // What is stored, what is made of it, and what had to be inflated for it.
    bytesPerSample: Math.ceil(bitsAllocated / 8) + 2 + Math.ceil(picture.copiedBytes / (rows * columns)),
    decode: () => saying(reference, picture.syntax, () => toImage(picture, grey)),
  };
}

/** Of deflated files, which tell their size when they are inflated, one or two are inflated at once. */
async function openPicture(bytes: Uint8Array, reference: string, anyPurpose: boolean): Promise<DicomPicture> {
  const open = () =>
    saying(reference, undefined, () =>
      DicomPicture.open(bytes, { frame: splitFrame(reference).frame, anyPurpose }),
    );
  return isDeflated(bytes) ? decodedMemory.hold(mostInflated, () => Promise.resolve().then(open)) : open();
}

/** The stored pixels of a frame, of files too that hold no image to be read. @throws OVR301, OVR306 without pixels */
export async function readStored(bytes: Uint8Array, reference: string): Promise<ImageArray> {
  const picture = await openPicture(bytes, reference, true);
  const { width, height, channels, data } = await saying(reference, picture.syntax, () => picture.decode());
  return { shape: channels === 3 ? [height, width, 3] : [height, width], data };
}

async function toImage(picture: DicomPicture, grey: DicomGrey): Promise<DecodedImage> {
  const aspect = picture.aspect;
  const shape = aspect === 1 ? {} : { aspect };
  if (picture.isColour) {
    const { width, height, rgb } = await picture.colour();
    return { width, height, channels: 3, bits: rgb instanceof Uint16Array ? 16 : 8, data: rgb, ...shape };
  }
  const { columns: width, rows: height } = picture.pixels;
  if (grey !== 'values') {
    return { width, height, channels: 1, bits: 8, data: await picture.eightBit(grey), ...shape };
  }
  const { samples, ...levels } = await picture.grey();
  const eight = levels.most <= 255;
  const data = eight ? Uint8Array.from(samples) : samples;
  return { width, height, channels: 1, bits: eight ? 8 : 16, data, levels: levelsOf(levels), ...shape };
}

function levelsOf({ most, slope, intercept, windows }: Omit<GreyView, 'samples'>): GreyLevels {
  return { most, slope, intercept, windows };
}

/** Runs `work`, whose faults are said of the file. */
function saying<T>(reference: string, syntax: string | undefined, work: () => T): T {
  try {
    const result = work();
    if (!(result instanceof Promise)) return result;
    return result.catch((error: unknown) => {
      throw asError(reference, syntax, error);
    }) as T;
  } catch (error) {
    throw asError(reference, syntax, error);
  }
}

function asError(reference: string, syntax: string | undefined, error: unknown): unknown {
  if (!(error instanceof DicomFault)) return error;
  if (error.kind === 'no picture') {
    return new OverreadError({
      code: 'OVR306',
      message: `The DICOM file holds no image to be read: ${error.message}`,
      place: { file: reference },
      expected: 'an image as it is presented to a reader',
      fix: 'Nothing: it is left out. Take its row out of the table to be rid of the message',
      cause: error,
    });
  }
  return new OverreadError({
    code: 'OVR301',
    message: `The DICOM image${syntax === undefined ? '' : ` (${syntax})`} cannot be decoded: ${error.message}`,
    place: { file: reference },
    expected: 'a complete DICOM image in a transfer syntax that docs/dicom.md names',
    fix: 'Replace the file, or take the row out of the table',
    cause: error,
  });
}
