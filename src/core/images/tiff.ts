/** TIFF beyond what libvips makes of it: files of several pages, and samples that are no unsigned 8 or 16 bit. */
import sharp, { type Metadata, type Sharp, type SharpOptions } from 'sharp';
import { OverreadError } from '../base/errors';
import { bytesWhenDecoded, decodedMemory, refuseLarge } from './memory';
import { percentileRange, toSixteenBit, type NumberRange } from './numberRange';
import { tiffPages } from './tiffPages';

/** @throws OVR301 several pages, and none is named; OVR302; what libvips throws */
export async function openTiff(bytes: Uint8Array, options: SharpOptions, file: string): Promise<Sharp> {
  const pages = tiffPages(bytes);
  if (pages.length > 1) throw severalPages(file, pages.length);
  const [page] = pages;
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

function severalPages(file: string, count: number): OverreadError {
  return new OverreadError({
    code: 'OVR301',
    message: `The TIFF file has ${count} pages, and which of them is the image is not said`,
    place: { file },
    expected: 'a file of one page',
    fix: 'Store the page as a file of its own',
  });
}
