/** JPEG of 8 bits by libjpeg, as libvips has it: native code on its own threads. */
import sharp from 'sharp';
import type { DecodedCodestream } from './codec';
import { withColourTransform, type JpegHeader } from './codestream';
import { undecodable } from './fault';

/**
 * Decodes to grey or RGB. Whether colour is YCbCr the codestream says, by Adobe's marker, by the names of its components or by
 * being JFIF; where it is silent, the photometric interpretation does.
 * @throws DicomFault
 */
export async function decodeDct(
  bytes: Uint8Array,
  header: JpegHeader,
  photometric: string,
): Promise<DecodedCodestream> {
  if (header.components !== 1 && header.components !== 3)
    throw undecodable(`its JPEG has ${header.components} components`);
  const marked =
    header.components === 1 || header.adobe !== undefined
      ? bytes
      : withColourTransform(bytes, isYbr(header, photometric) ? 1 : 0);
  try {
    const { data, info } = await sharp(marked, { failOn: 'error', limitInputPixels: false, ignoreIcc: true })
      .toColourspace(header.components === 1 ? 'b-w' : 'srgb')
      .raw()
      .toBuffer({ resolveWithObject: true });
    const { width, height, channels } = info;
    return {
      width,
      height,
      components: channels,
      bits: 8,
      signed: false,
      byPlane: false,
      data: new Uint8Array(data.buffer, data.byteOffset, data.byteLength),
    };
  } catch (error) {
    const reason = error instanceof Error ? (error.message.split('\n', 1)[0] ?? '') : String(error);
    throw undecodable(`its JPEG is corrupt (${reason.trim()})`, error);
  }
}

function isYbr({ namedRgb, jfif }: JpegHeader, photometric: string): boolean {
  if (namedRgb) return false;
  return jfif || photometric.startsWith('YBR');
}
