/**
 * BMP: Windows' and OS/2's bitmaps of 1 to 32 bit, with palettes, colour masks and run lengths, as Pillow reads them.
 * libvips has no decoder for them, and of the packages that do none reads more than half of these (docs/dependencies.md).
 * The layout: Microsoft, "Bitmap Storage" (learn.microsoft.com/windows/win32/gdi/bitmap-storage).
 */
import sharp, { type Sharp } from 'sharp';
import { bytesWhenDecoded, decodedMemory, refuseLarge } from './memory';

/** Decodes a bitmap for libvips. @throws Error what is wrong with it; OVR302 too large */
export async function openBmp(bytes: Uint8Array, file: string): Promise<Sharp> {
  const header = readBmpHeader(bytes);
  const { width, height, channels } = header;
  // Run lengths of a few bytes can stand for any size.
  const size = { width, height, channels: channels + 1, bytesPerSample: 1 };
  refuseLarge(file, size);
  return decodedMemory.hold(bytesWhenDecoded(size), () =>
    Promise.resolve(
      sharp(decodeBmp(bytes, header), { raw: { width, height, channels }, limitInputPixels: false }),
    ),
  );
}

/** What the header of a bitmap says. */
interface BmpHeader {
  readonly width: number;
  readonly height: number;
  /** 1 where all colours of the palette are grey. */
  readonly channels: 1 | 3;
  readonly bits: Bits;
  readonly topDown: boolean;
  /** Of a palette index, or of one channel of colour. */
  readonly compression: Compression;
  /** Where the pixels begin, bytes. */
  readonly pixels: number;
  /** Red, green and blue of each colour. */
  readonly palette: Uint8Array;
  /** Of red, green and blue in a pixel of 16 or 32 bit. */
  readonly masks: readonly [number, number, number];
}

const depths = [1, 4, 8, 16, 24, 32] as const;
type Bits = (typeof depths)[number];
const compressions = ['none', 'run lengths 8', 'run lengths 4', 'masks'] as const;
type Compression = (typeof compressions)[number];

const fileHeader = 14;
/** OS/2's header, whose sizes have two bytes; Windows' begin at 40. */
const coreHeader = 12;
const infoHeader = 40;

/** @throws Error a bitmap that ends too early, or of a kind that is none of these */
function readBmpHeader(bytes: Uint8Array): BmpHeader {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.byteLength < fileHeader + coreHeader) throw new Error('it ends in its header');
  const size = view.getUint32(fileHeader, true);
  const isCore = size === coreHeader;
  if ((!isCore && size < infoHeader) || bytes.byteLength < fileHeader + size) {
    throw new Error(`its header has ${size} bytes`);
  }
  const width = isCore ? view.getUint16(18, true) : view.getInt32(18, true);
  const signedHeight = isCore ? view.getUint16(20, true) : view.getInt32(22, true);
  const bits = depths.find((depth) => depth === view.getUint16(isCore ? 24 : 28, true));
  const compression = compressions[isCore ? 0 : view.getUint32(30, true)];
  if (bits === undefined || compression === undefined)
    throw new Error('its depth or compression is not known');
  if (width <= 0 || signedHeight === 0) throw new Error(`it has ${width} × ${Math.abs(signedHeight)} pixels`);
  if (!fits(bits, compression)) throw new Error(`${bits} bit do not go with ${compression}`);
  const ownMasks = compression === 'masks' && size === infoHeader ? 12 : 0;
  const palette = readPalette(bytes, fileHeader + size + ownMasks, bits, isCore ? 3 : 4, view);
  return {
    ...{ width, height: Math.abs(signedHeight), bits, compression, palette },
    channels: bits <= 8 && isGrey(palette) ? 1 : 3,
    topDown: signedHeight < 0,
    pixels: view.getUint32(10, true),
    masks:
      compression === 'masks'
        ? readMasks(view)
        : bits === 16
          ? [0x7c00, 0x3e0, 0x1f]
          : [0xff0000, 0xff00, 0xff],
  };
}

function fits(bits: Bits, compression: Compression): boolean {
  if (compression === 'run lengths 8') return bits === 8;
  if (compression === 'run lengths 4') return bits === 4;
  return compression === 'none' || bits === 16 || bits === 32;
}

/** Behind the smallest of Windows' headers, in the larger ones: the same place. */
function readMasks(view: DataView): [number, number, number] {
  const at = fileHeader + infoHeader;
  if (view.byteLength < at + 12) throw new Error('it ends in its colour masks');
  return [view.getUint32(at, true), view.getUint32(at + 4, true), view.getUint32(at + 8, true)];
}

/** @param step bytes of each colour: blue, green, red, and perhaps one that says nothing */
function readPalette(bytes: Uint8Array, at: number, bits: Bits, step: 3 | 4, view: DataView): Uint8Array {
  if (bits > 8) return new Uint8Array(0);
  const said = step === 3 ? 0 : view.getUint32(46, true);
  const room = Math.floor((view.getUint32(10, true) - at) / step);
  const count = Math.max(0, Math.min(said === 0 ? 2 ** bits : said, 2 ** bits, room));
  if (bytes.byteLength < at + count * step) throw new Error('it ends in its palette');
  const palette = new Uint8Array(3 * count);
  for (let i = 0; i < count; i++) {
    for (let channel = 0; channel < 3; channel++)
      palette[3 * i + channel] = bytes[at + i * step + 2 - channel]!;
  }
  return palette;
}

function isGrey(palette: Uint8Array): boolean {
  for (let i = 0; i < palette.length; i += 3) {
    if (palette[i] !== palette[i + 1] || palette[i] !== palette[i + 2]) return false;
  }
  return true;
}

/** The pixels, from the top, channels interleaved. @throws Error where there are too few of them */
function decodeBmp(bytes: Uint8Array, header: BmpHeader): Uint8Array {
  const { width, height, channels } = header;
  const data = new Uint8Array(width * height * channels);
  if (header.bits <= 8) fillFromPalette(data, header, indices(bytes, header));
  else fillFromColours(data, header, bytes);
  return data;
}

/** A colour of the palette for each pixel, from the top. */
function indices(bytes: Uint8Array, header: BmpHeader): Uint8Array {
  if (header.compression !== 'none') return expandRuns(bytes, header);
  const { width, height, bits, pixels } = header;
  const stride = rowBytes(header);
  refuseShort(bytes, pixels + stride * height);
  const found = new Uint8Array(width * height);
  const perByte = 8 / bits;
  const mask = 2 ** bits - 1;
  for (let y = 0; y < height; y++) {
    const from = pixels + stride * storedRow(header, y);
    for (let x = 0; x < width; x++) {
      const shift = bits * (perByte - 1 - (x % perByte));
      found[y * width + x] = (bytes[from + Math.floor(x / perByte)]! >> shift) & mask;
    }
  }
  return found;
}

/** Rows are filled up to four bytes. */
const rowBytes = ({ width, bits }: BmpHeader): number => 4 * Math.ceil((width * bits) / 32);

const storedRow = ({ height, topDown }: BmpHeader, y: number): number => (topDown ? y : height - 1 - y);

function refuseShort(bytes: Uint8Array, needed: number): void {
  if (bytes.byteLength < needed) throw new Error(`it ends after ${bytes.byteLength} of ${needed} bytes`);
}

/** Two bytes stand for 255 pixels at most; a picture with more than this for each byte is hardly there. */
const mostPerByte = 512;

/** Pairs of a count and a colour; a count of 0 is an end of line (0), of all (1), a step (2) or so many colours. */
function expandRuns(bytes: Uint8Array, header: BmpHeader): Uint8Array {
  const { width, height, pixels } = header;
  if (width * height > mostPerByte * bytes.byteLength) {
    throw new Error(
      `its ${bytes.byteLength} bytes of run lengths are too few for ${width} × ${height} pixels`,
    );
  }
  const found = new Uint8Array(width * height);
  const half = header.bits === 4;
  let [x, row, at] = [0, 0, pixels];
  const put = (colour: number): void => {
    if (x < width && row < height) found[storedRow(header, row) * width + x] = colour;
    x++;
  };
  const colourOf = (byte: number, k: number): number => (half ? (k % 2 === 0 ? byte >> 4 : byte & 15) : byte);
  for (;;) {
    refuseShort(bytes, at + 2);
    const [count, value] = [bytes[at]!, bytes[at + 1]!];
    at += 2;
    if (count > 0) for (let k = 0; k < count; k++) put(colourOf(value, k));
    else if (value === 0) [x, row] = [0, row + 1];
    else if (value === 1) return found;
    else if (value === 2) {
      refuseShort(bytes, at + 2);
      [x, row, at] = [x + bytes[at]!, row + bytes[at + 1]!, at + 2];
    } else {
      const used = half ? Math.ceil(value / 2) : value;
      refuseShort(bytes, at + used);
      for (let k = 0; k < value; k++) put(colourOf(bytes[at + (half ? k >> 1 : k)]!, k));
      at += used + (used % 2);
    }
  }
}

/** A colour that the palette lacks is black. */
function fillFromPalette(data: Uint8Array, { channels, palette }: BmpHeader, colours: Uint8Array): void {
  for (let i = 0; i < colours.length; i++) {
    for (let channel = 0; channel < channels; channel++) {
      data[i * channels + channel] = palette[3 * colours[i]! + channel] ?? 0;
    }
  }
}

function fillFromColours(data: Uint8Array, header: BmpHeader, bytes: Uint8Array): void {
  const { width, height, bits, pixels } = header;
  const stride = rowBytes(header);
  refuseShort(bytes, pixels + stride * height);
  const step = bits / 8;
  const [red, green, blue] = [levelOf(header.masks[0]), levelOf(header.masks[1]), levelOf(header.masks[2])];
  let to = 0;
  for (let y = 0; y < height; y++) {
    let from = pixels + stride * storedRow(header, y);
    for (let x = 0; x < width; x++, from += step) {
      let pixel = 0;
      for (let byte = step - 1; byte >= 0; byte--) pixel = pixel * 256 + bytes[from + byte]!;
      data[to++] = red(pixel);
      data[to++] = green(pixel);
      data[to++] = blue(pixel);
    }
  }
}

/** One channel of a pixel as 0 to 255, rounded down as Pillow does. */
function levelOf(mask: number): (pixel: number) => number {
  if (mask === 0) return () => 0;
  const lowest = 2 ** Math.floor(Math.log2((mask & -mask) >>> 0));
  const most = Math.floor(mask / lowest);
  return (pixel) => Math.floor((((Math.floor(pixel / lowest) & most) >>> 0) * 255) / most);
}
