/** Pixels for the detail view: as stored, upright, so that window and level act on real values. */
import sharp from 'sharp';
import { useDecoded, type DecodeOptions } from './decode';
import type { DecodedImage, ViewPixels } from './model';
import { useImageFile } from './readFile';
import { windowForScreen } from './window';

/** The longest side that is sent to a page, px: above most radiographs, below the texture limit of browsers. */
export const maxViewSide = 4096;

/**
 * Decodes an image for viewing. Grey keeps its 8 or 16 bit; colour of 16 bit is windowed to 8. Images with a
 * side above `maxSide` are shrunk (area averages), which the size tells.
 *
 * @throws OVR300, OVR301, OVR302, OVR003
 */
export function readPixels(
  file: string,
  maxSide = maxViewSide,
  options?: DecodeOptions,
): Promise<ViewPixels> {
  return useImageFile(file, (bytes) =>
    useDecoded(bytes, file, (image) => toView(image, maxSide), { dicom: 'values', ...options }),
  );
}

async function toView(image: DecodedImage, maxSide: number): Promise<ViewPixels> {
  const seen = image.channels === 3 ? windowForScreen(image) : image;
  const { width, height, channels, bits, data } = await shrink(seen, maxSide);
  // A copy of its own: what is sent may be transferred.
  const copy = new Uint8Array(data.byteLength);
  copy.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
  const { aspect, levels } = image;
  return {
    width,
    height,
    channels,
    bits,
    data: copy.buffer,
    ...(aspect === undefined ? {} : { aspect }),
    ...(levels === undefined ? {} : { levels }),
  };
}

async function shrink(image: DecodedImage, maxSide: number): Promise<DecodedImage> {
  const { width, height, channels, bits } = image;
  if (Math.max(width, height) <= maxSide) return image;
  const space = channels === 3 ? 'srgb' : bits === 16 ? 'grey16' : 'b-w';
  const depth = bits === 16 ? 'ushort' : 'uchar';
  const { data, info } = await sharp(image.data, {
    raw: { width, height, channels },
    limitInputPixels: false,
  })
    .resize({ width: maxSide, height: maxSide, fit: 'inside', kernel: 'linear' })
    .toColourspace(space)
    .raw({ depth })
    .toBuffer({ resolveWithObject: true });
  const pixels = bits === 16 ? new Uint16Array(data.buffer, data.byteOffset, data.byteLength / 2) : data;
  return { width: info.width, height: info.height, channels, bits, data: pixels };
}
