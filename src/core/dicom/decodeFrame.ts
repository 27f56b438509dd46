/** One frame of a file as it is stored. */
import type { CodecName, DecodedCodestream } from './codec';
import { codecThreads } from './codecThreads';
import { jpeg2000Size, jpegHeader } from './codestream';
import { rgbFromYbr } from './colour';
import { undecodable } from './fault';
import { encapsulatedFrame, isEncapsulated, isSubsampled, nativeFrame } from './frameBytes';
import { decodeDct } from './jpegDct';
import type { PixelDescription, Samples, StoredFrame } from './model';
import type { DicomFile } from './parse';
import { decodeRle } from './rle';
import { doubleColour, interleavePlanes, maskSamples, readFloats, readSamples } from './samples';
import { nameTransferSyntax } from './transferSyntax';

type Raw = Uint8Array | Uint16Array | Uint32Array;

/** Samples by pixel, and what is known of them after decoding. */
interface RawFrame {
  readonly raw: Raw;
  readonly photometric: string;
  /** Bits that the codestream itself has, where it says so. */
  readonly bits?: number;
}

/**
 * Decodes a frame.
 * @param frame from 0
 * @throws DicomFault
 */
export async function decodeFrame(
  file: DicomFile,
  pixels: PixelDescription,
  frame: number,
): Promise<StoredFrame> {
  const { rows: height, columns: width, samplesPerPixel: channels, signed } = pixels;
  if (pixels.float) {
    const { bytes } = nativeFrame(file, pixels, frame);
    const data = readFloats(bytes, pixels.bitsAllocated === 64, file.bigEndian);
    return { width, height, channels, data, bitsStored: pixels.bitsAllocated, signed: true };
  }
  const { raw, photometric, bits } = isEncapsulated(file)
    ? await decodeCompressed(file, pixels, frame)
    : readNative(file, pixels, frame);
  const count = width * height * channels;
  if (raw.length < count) throw undecodable(`a frame has ${raw.length} of ${count} samples`);
  const exact = raw.length === count ? raw : raw.subarray(0, count);
  const stored = bits === undefined ? pixels : { ...pixels, bitsStored: bits, highBit: bits - 1 };
  const data = maskSamples(exact, stored);
  if (channels === 3) makeRgb(data, photometric, stored.bitsStored);
  return { width, height, channels, data, bitsStored: stored.bitsStored, signed };
}

function readNative(file: DicomFile, pixels: PixelDescription, frame: number): RawFrame {
  const { photometric, samplesPerPixel, planar, bitsAllocated } = pixels;
  const { bytes, firstBit } = nativeFrame(file, pixels, frame);
  const raw = readSamples(bytes, bitsAllocated, file.bigEndian, firstBit);
  if (isSubsampled(pixels)) return { raw: doubleColour(raw), photometric };
  return { raw: samplesPerPixel === 3 && planar === 1 ? interleavePlanes(raw) : raw, photometric };
}

async function decodeCompressed(file: DicomFile, pixels: PixelDescription, frame: number): Promise<RawFrame> {
  const { compression } = file.syntax;
  const { photometric, rows, columns, samplesPerPixel, bitsAllocated } = pixels;
  if (compression === null) throw undecodable(`nothing here decodes ${nameTransferSyntax(file.syntax)}`);
  const bytes = encapsulatedFrame(file, pixels.frames, frame);
  if (compression === 'none') return { raw: readSamples(bytes, bitsAllocated, false), photometric };
  if (compression === 'rle') {
    const size = Math.max(1, bitsAllocated / 8);
    const native = decodeRle(bytes, rows * columns, samplesPerPixel, size);
    return { raw: readSamples(native, size === 1 ? 8 : size === 2 ? 16 : 32, false), photometric };
  }
  const decoded = await decodeCodestream(bytes, pixels, compression);
  checkSize(decoded, pixels);
  const raw = rawOf(decoded);
  // 8-bit JPEG comes as RGB, and JPEG 2000 undoes the transforms that it calls ICT and RCT.
  const isRgb =
    decoded.rgb || (['jpeg-2000', 'htj2k'].includes(compression) && /^YBR_(ICT|RCT)$/.test(photometric));
  return {
    raw: decoded.byPlane ? interleavePlanes(raw) : raw,
    photometric: isRgb ? 'RGB' : photometric,
    ...(compression === 'jpeg-2000' || compression === 'htj2k' ? { bits: decoded.bits } : {}),
  };
}

async function decodeCodestream(
  bytes: Uint8Array,
  pixels: PixelDescription,
  codec: CodecName,
): Promise<DecodedCodestream & { readonly rgb: boolean }> {
  const { rows: height, columns: width, samplesPerPixel: components, photometric } = pixels;
  let bits = pixels.bitsStored;
  const header = codec === 'jpeg' || codec === 'jpeg-ls' ? jpegHeader(bytes) : undefined;
  const size = header ?? jpeg2000Size(bytes);
  // Before a codec takes memory for what a damaged codestream says of itself.
  if (!size) throw undecodable(`a frame is no ${codec}`);
  checkSize(size, pixels);
  if (codec === 'jpeg' && header) {
    if (header.bits === 8 && header.process <= 2) {
      return { ...(await decodeDct(bytes, header, photometric)), rgb: true };
    }
    bits = header.bits;
  }
  return { ...(await codecThreads.decode({ codec, bytes, width, height, components, bits })), rgb: false };
}

/** The codestream's own size against that of the file, before it is taken for pixels. */
function checkSize(
  found: { readonly width: number; readonly height: number; readonly components: number },
  { rows, columns, samplesPerPixel }: PixelDescription,
): void {
  if (found.width === columns && found.height === rows && found.components === samplesPerPixel) return;
  const sizes = (width: number, height: number, samples: number) => `${width} × ${height} × ${samples}`;
  throw undecodable(
    `a frame is ${sizes(found.width, found.height, found.components)} where the file says ${sizes(columns, rows, samplesPerPixel)}`,
  );
}

function rawOf({ data, width, height, components, bits }: DecodedCodestream): Raw {
  const count = width * height * components;
  const size = bits > 16 ? 4 : bits > 8 ? 2 : 1;
  if (data.length < count * size) throw undecodable(`a frame has ${data.length} of ${count * size} bytes`);
  const exact = data.byteOffset === 0 ? data : data.slice();
  if (size === 1) return exact.subarray(0, count);
  return size === 2 ? new Uint16Array(exact.buffer, 0, count) : new Uint32Array(exact.buffer, 0, count);
}

function makeRgb(data: Samples, photometric: string, bits: number): void {
  if (!photometric.startsWith('YBR')) return;
  if (!(data instanceof Uint8Array) && !(data instanceof Uint16Array)) {
    throw undecodable(`it has ${photometric} of more than 16 bits, or with a sign`);
  }
  rgbFromYbr(data, photometric.startsWith('YBR_PARTIAL'), 2 ** bits - 1);
}
