/**
 * From a file to pixels, as PIL's `exif_transpose(Image.open(file)).convert('RGB')` gives them: orientation
 * applied, no colour profile applied, alpha dropped, CMYK by PIL's formula. Grey stays one channel.
 */
import sharp, { type Metadata, type Sharp, type SharpOptions } from 'sharp';
import { OverreadError } from '../base/errors';
import type { DicomGrey, PlannedImage } from './dicomImage';
import type { DecodedImage } from './model';
import { describeContent, formatNames, imageFormat, type ImageFormat } from './format';
import type { JpegDecoder } from './jpegDecoder';
import { plainJpeg } from './jpegHeader';
import { bytesWhenDecoded, decodedMemory, refuseLarge, type DecodedSize } from './memory';
import { useImageFile } from './readFile';

/**
 * The most pixels an image may have: 2^28, a little over 16,384 × 16,384 (a chest X-ray has 10 to 20 million).
 * Checked on the header, before memory is taken.
 */
export const maxPixels = 2 ** 28;

/** The decoder whose pixels these are; part of the cache key. */
export const decoderVersion = `sharp ${sharp.versions.sharp}, libvips ${sharp.versions.vips}`;

export interface DecodeOptions {
  /** Instead of {@link maxPixels}. */
  readonly maxPixels?: number;
  /** What the grey of DICOM files becomes; default `window`. */
  readonly dicom?: DicomGrey;
  /**
   * Decodes ordinary JPEG files on this thread, to the same bits; else libvips does, on threads of its own. The pixels
   * are then valid while `use` has not waited for anything.
   */
  readonly jpeg?: JpegDecoder;
  /** Decodes DICOM files too that are left out of projects: localisers, images for processing. */
  readonly anyPurpose?: boolean;
}

/**
 * Decodes the file of an image, of the formats in `format.ts`; the first page or picture where there are several.
 *
 * @throws OVR300 missing; OVR301 empty, truncated, no image or of an unsupported kind; OVR302 too large;
 * OVR003 the file system refused. `place.file` is the path as given.
 */
export async function decodeImage(file: string, options?: DecodeOptions): Promise<DecodedImage> {
  return useImageFile(file, (bytes) => useDecoded(bytes, file, (image) => Promise.resolve(image), options));
}

/**
 * Decodes an image file's bytes and hands the image to `use`; until that ends it counts against the memory of the
 * process. `file` is named in errors only.
 *
 * @throws OVR301, OVR302 as {@link decodeImage}; what `use` throws
 */
export async function useDecoded<T>(
  bytes: Uint8Array,
  file: string,
  use: (image: DecodedImage) => Promise<T>,
  options?: DecodeOptions,
): Promise<T> {
  const here = options?.jpeg && (await decodeHere(bytes, options.jpeg, use));
  if (here) return here.result;
  const planned = await planImage(bytes, file, options);
  if (planned) return decodedMemory.hold(bytesWhenDecoded(planned), async () => use(await planned.decode()));
  const opened = await openDecoder(bytes, file, options);
  refuseLarge(file, opened.size);
  return decodedMemory.hold(bytesWhenDecoded(opened.size), async () =>
    use(await asUndecodable(opened, () => decodePixels(opened.input, opened.header, file))),
  );
}

/**
 * Width and height of an image as it is shown, from its header.
 * @throws OVR301, OVR302 as {@link decodeImage}
 */
export async function imageSize(
  bytes: Uint8Array,
  file: string,
): Promise<{ readonly width: number; readonly height: number }> {
  const planned = await planImage(bytes, file, undefined);
  if (planned) return { width: planned.width, height: planned.height };
  const { header } = await openDecoder(bytes, file, undefined);
  const { width, height, orientation = 1 } = header;
  // EXIF: from 5 on the image lies on its side.
  return orientation >= 5 ? { width: height, height: width } : { width, height };
}

/** Decodes on this thread what can be decoded here; undefined: nothing has happened. */
async function decodeHere<T>(
  bytes: Uint8Array,
  jpeg: JpegDecoder,
  use: (image: DecodedImage) => Promise<T>,
): Promise<{ readonly result: T } | undefined> {
  const header = plainJpeg(bytes);
  if (!header) return undefined;
  await jpeg.open();
  return decodedMemory.hold(bytesWhenDecoded({ ...header, bytesPerSample: 1 }), async () => {
    const image = jpeg.decode(bytes);
    return image && { result: await use(image) };
  });
}

/** The header of an image that libvips has none for; undefined for all others. @throws OVR301, OVR302, OVR306 */
async function planImage(
  bytes: Uint8Array,
  file: string,
  options: DecodeOptions | undefined,
): Promise<PlannedImage | undefined> {
  const format = imageFormat(bytes);
  const { plan } = format ?? {};
  if (!format || !plan) return undefined;
  const planned = await asUndecodable({ file, format }, () =>
    plan(bytes, file, options?.dicom ?? 'window', options?.anyPurpose === true),
  );
  const limit = options?.maxPixels ?? maxPixels;
  if (planned.width * planned.height > limit) throw tooManyPixels(file, planned, limit);
  refuseLarge(file, planned);
  return { ...planned, decode: () => asUndecodable({ file, format }, () => planned.decode()) };
}

const decoderOptions: SharpOptions = {
  // Truncated and corrupt data fail; a decoder's mere warnings do not, as with PIL.
  failOn: 'error',
  // The limit is checked on the header, so that the message can name the size.
  limitInputPixels: false,
  ignoreIcc: true,
  autoOrient: true,
};

/** An image whose header was read. */
export interface OpenedImage {
  readonly file: string;
  readonly format: ImageFormat;
  readonly input: Sharp;
  readonly header: Metadata;
  /** Decoded in full. */
  readonly size: DecodedSize;
}

/**
 * Opens the native decoder on an image file's bytes after what can be said without it: the kind of file and its
 * size in pixels. Orientation and colour profile are set as everywhere in Overread.
 *
 * @throws OVR301 for whatever fails in the decoder, OVR302 too large
 */
export async function openDecoder(
  bytes: Uint8Array,
  file: string,
  options: DecodeOptions | undefined,
): Promise<OpenedImage> {
  const limit = options?.maxPixels ?? maxPixels;
  if (bytes.byteLength === 0) throw undecodable(file, 'The image file is empty (0 bytes)');
  const format = imageFormat(bytes);
  if (format === undefined) throw undecodable(file, `The file holds ${describeContent(bytes)}, no image`);
  const input = await asUndecodable({ file, format }, () =>
    format.open ? format.open(bytes, decoderOptions, file) : Promise.resolve(sharp(bytes, decoderOptions)),
  );
  const header = await asUndecodable({ file, format }, () => input.metadata());
  const { width, height, channels, depth } = header;
  if (width * height > limit) throw tooManyPixels(file, header, limit);
  const bytesPerSample = bytesOf[depth] ?? 8;
  return { file, format, input, header, size: { width, height, channels, bytesPerSample } };
}

/** Bytes of the types that samples are stored in; of those that are none of these, the largest. */
const bytesOf: Partial<Record<string, number>> = {
  uchar: 1,
  char: 1,
  ushort: 2,
  short: 2,
  uint: 4,
  int: 4,
  float: 4,
};

/** What the native decoder says, in the user's words. @throws OVR301 */
export async function asUndecodable<T>(
  { file, format }: Pick<OpenedImage, 'file' | 'format'>,
  work: () => Promise<T>,
): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof OverreadError) throw error;
    const reason = error instanceof Error ? firstLine(error.message) : String(error);
    throw undecodable(file, `The ${format.name} image cannot be decoded (${reason})`, error);
  }
}

async function decodePixels(input: Sharp, header: Metadata, file: string): Promise<DecodedImage> {
  const depth = header.depth === 'ushort' ? 'ushort' : 'uchar';
  const bits = depth === 'ushort' ? 16 : 8;
  if (header.depth !== depth) throw undecodable(file, `The image stores samples of type ${header.depth}`);
  const cmyk = header.space === 'cmyk';
  const grey = header.space === 'b-w' || header.space === 'grey16';
  const space = cmyk ? 'cmyk' : grey ? (bits === 16 ? 'grey16' : 'b-w') : bits === 16 ? 'rgb16' : 'srgb';
  if (cmyk) input.pipelineColourspace('cmyk');
  else input.removeAlpha();
  const { data, info } = await input
    .toColourspace(space)
    .raw({ depth })
    .toBuffer({ resolveWithObject: true });

  const { width, height } = info;
  const channels = info.channels as number;
  if (cmyk && channels === 4 && bits === 8) {
    return { width, height, channels: 3, bits, data: rgbFromCmyk(data) };
  }
  if (channels !== 1 && channels !== 3) {
    throw undecodable(file, `The image has ${channels} channels of ${bits} bit (${header.space})`);
  }
  const pixels = bits === 16 ? new Uint16Array(data.buffer, data.byteOffset, data.byteLength / 2) : data;
  return { width, height, channels, bits, data: pixels };
}

/** PIL's conversion: no ink profile, R = (255 - C)(255 - K) / 255, rounded by its integer division. */
function rgbFromCmyk(cmyk: Uint8Array): Uint8Array {
  const rgb = new Uint8Array((cmyk.length / 4) * 3);
  for (let from = 0, to = 0; from < cmyk.length; from += 4) {
    const light = 255 - cmyk[from + 3]!;
    for (let ink = 0; ink < 3; ink++) {
      const product = cmyk[from + ink]! * light + 128;
      rgb[to++] = Math.max(0, light - (((product >> 8) + product) >> 8));
    }
  }
  return rgb;
}

function tooManyPixels(
  file: string,
  header: Pick<Metadata, 'width' | 'height'>,
  limit: number,
): OverreadError {
  return new OverreadError({
    code: 'OVR302',
    message: `The image has ${header.width} × ${header.height} pixels`,
    place: { file },
    expected: `at most ${limit} pixels in all`,
    fix: 'Store a smaller copy, or take the row out of the table',
  });
}

function undecodable(file: string, message: string, cause?: unknown): OverreadError {
  return new OverreadError({
    code: 'OVR301',
    message,
    place: { file },
    expected: `a complete ${formatNames} file of 8 or 16 bit`,
    fix: 'Replace the file, or take the row out of the table',
    ...(cause === undefined ? {} : { cause }),
  });
}

function firstLine(text: string): string {
  return (text.split('\n', 1)[0] ?? '').trim();
}
