/** TIFF beyond what libvips makes of it: files of several pages, and samples that are no unsigned 8 or 16 bit. */
import sharp, { type Metadata, type Sharp, type SharpOptions } from 'sharp';
import { OverreadError } from '../base/errors';
import { bytesWhenDecoded, decodedMemory, refuseLarge } from './memory';
import { splitFrame } from './frameReference';
import { percentileRange, toSixteenBit, type NumberRange } from './numberRange';
import { tiffPages } from './tiffPages';

/**
 * @param file with `#page` where one is meant, from 1
 * @throws OVR301 several pages, and none is named, or one that is not there; OVR302; what libvips throws
 */
export async function openTiff(bytes: Uint8Array, options: SharpOptions, file: string): Promise<Sharp> {
  const pages = tiffPages(bytes);
  const { frame: wanted } = splitFrame(file);
  if (wanted === undefined && pages.length > 1) throw whichPage(file, pages.length);
  const page = pages[(wanted ?? 1) - 1];
  if (wanted !== undefined && !page) throw noSuchPage(file, wanted, pages.length);
  const opened = sharp(bytes, { ...options, page: page?.index ?? 0 });
  const header = await opened.metadata();
  return isNumbers(header) ? asSixteenBit(opened, header, file, page?.range) : opened;
}

const typedArrays = { float: Float32Array, short: Uint16Array, int: Int32Array, uint: Uint32Array } as const;

function isNumbers({ depth }: Metadata): boolean {
  return Object.hasOwn(typedArrays, depth);
}

/** Signed 16 bit go through libvips as unsigned ones, moved by half their range: it has no grey of that type. */
const moved = 32_768;

/** The numbers stretched over 16 bit, between the tags' range or the percentiles. */
async function asSixteenBit(
  opened: Sharp,
  header: Metadata,
  file: string,
  range: NumberRange | undefined,
): Promise<Sharp> {
  const { width, height, space } = header;
  const depth = header.depth as keyof typeof typedArrays;
  const channels = space === 'b-w' || space === 'grey16' ? 1 : 3;
  // What is read, and what is made of it.
  const size = { width, height, channels, bytesPerSample: typedArrays[depth].BYTES_PER_ELEMENT + 2 };
  refuseLarge(file, size);
  return decodedMemory.hold(bytesWhenDecoded(size), async () => {
    const signed = depth === 'short';
    const { data, info } = await (signed ? opened.linear(1, moved) : opened)
      .removeAlpha()
      .pipelineColourspace(space)
      .toColourspace(space)
      .raw({ depth: signed ? 'ushort' : depth })
      .toBuffer({ resolveWithObject: true });
    const samples = new typedArrays[depth](
      data.buffer,
      data.byteOffset,
      data.byteLength / typedArrays[depth].BYTES_PER_ELEMENT,
    );
    const found = range ? shifted(range, signed ? moved : 0) : percentileRange(samples);
    return sharp(toSixteenBit(samples, found), {
      raw: { width: info.width, height: info.height, channels: info.channels },
      limitInputPixels: false,
    });
  });
}

const shifted = ({ low, high }: NumberRange, by: number): NumberRange => ({ low: low + by, high: high + by });

function whichPage(file: string, count: number): OverreadError {
  return new OverreadError({
    code: 'OVR301',
    message: `The TIFF file has ${count} pages, and which of them is the image is not said`,
    place: { file },
    expected: 'the page behind the path, from 1: scan.tif#1',
    fix: 'Write the page into the table, or store it as a file of its own',
  });
}

function noSuchPage(file: string, wanted: number, count: number): OverreadError {
  return new OverreadError({
    code: 'OVR301',
    message: `The TIFF file has no page ${wanted}`,
    place: { file },
    expected: count === 1 ? 'page 1, the only one' : `a page from 1 to ${count}`,
  });
}
