/**
 * Portable anymaps: bitmaps, greymaps and pixmaps in text or bytes (P1 to P6), as Pillow reads them. Mammograms of
 * mini-MIAS come as such greymaps. The libvips that sharp brings has no decoder for them (docs/dependencies.md).
 * The layout: netpbm.sourceforge.net/doc/pgm.html and its neighbours.
 */
import sharp, { type Sharp } from 'sharp';
import { bytesWhenDecoded, decodedMemory, refuseLarge } from './memory';

/** Decodes an anymap for libvips. @throws Error what is wrong with it; OVR302 too large */
export async function openPnm(bytes: Uint8Array, file: string): Promise<Sharp> {
  const header = readPnmHeader(bytes);
  const { width, height, channels } = header;
  const bytesPerSample = isDeep(header) ? 2 : 1;
  const size = { width, height, channels: channels + 1, bytesPerSample };
  refuseLarge(file, size);
  return decodedMemory.hold(bytesWhenDecoded(size), () =>
    Promise.resolve(
      sharp(decodePnm(bytes, header), { raw: { width, height, channels }, limitInputPixels: false }),
    ),
  );
}

/** What the header says. */
interface PnmHeader {
  readonly width: number;
  readonly height: number;
  readonly channels: 1 | 3;
  /** The sample that is white; 1 in a bitmap, where ink is 1 and so everything is the other way round. */
  readonly white: number;
  readonly bitmap: boolean;
  /** Samples as decimal numbers. */
  readonly text: boolean;
  /** Where they begin, bytes. */
  readonly samples: number;
}

const space = (byte: number | undefined): boolean =>
  byte !== undefined && (byte === 0x20 || (byte >= 9 && byte <= 13));
const lineEnd = (byte: number | undefined): boolean => byte === 10 || byte === 13;
const hash = 0x23;
/** No number of a header is longer; a file that goes on with digits is no image. */
const longest = 10;

/** Whole numbers between white space and comments (from # to the end of the line). */
class Numbers {
  constructor(
    private readonly bytes: Uint8Array,
    /** Where it reads, bytes. */
    public at: number,
  ) {}

  /** @throws Error where there is none */
  next(what: string): number {
    this.skip();
    let [value, digits] = [0, 0];
    for (; digits <= longest; digits++, this.at++) {
      const digit = (this.bytes[this.at] ?? 0) - 0x30;
      if (digit < 0 || digit > 9) break;
      value = 10 * value + digit;
    }
    if (this.at >= this.bytes.length && digits === 0) throw new Error(`it ends before ${what}`);
    if (digits === 0 || digits > longest) throw new Error(`${what} is no whole number`);
    return value;
  }

  /** 0 or 1; in a bitmap of text nothing need stand between them. */
  nextBit(): number {
    this.skip();
    const bit = (this.bytes[this.at++] ?? 0) - 0x30;
    if (this.at > this.bytes.length) throw new Error('it ends before a sample');
    if (bit !== 0 && bit !== 1) throw new Error('a sample is not 0 or 1');
    return bit;
  }

  private skip(): void {
    for (;;) {
      if (space(this.bytes[this.at])) this.at++;
      else if (this.bytes[this.at] === hash)
        while (this.at < this.bytes.length && !lineEnd(this.bytes[this.at])) this.at++;
      else return;
    }
  }
}

/** @throws Error a header that ends too early or says what cannot be */
function readPnmHeader(bytes: Uint8Array): PnmHeader {
  const kind = (bytes[1] ?? 0) - 0x30;
  const numbers = new Numbers(bytes, 2);
  const [width, height] = [numbers.next('its width'), numbers.next('its height')];
  const bitmap = kind === 1 || kind === 4;
  const white = bitmap ? 1 : numbers.next('its largest sample');
  if (width === 0 || height === 0) throw new Error(`it has ${width} × ${height} pixels`);
  if (white < 1 || white > 65_535) throw new Error(`its largest sample is ${white}, not 1 to 65535`);
  return {
    ...{ width, height, white, bitmap },
    channels: kind === 3 || kind === 6 ? 3 : 1,
    text: kind <= 3,
    // One character of white space stands between the header and bytes.
    samples: numbers.at + 1,
  };
}

/** Grey of more than 8 bit keeps 16 of them; colour has 8, as Pillow has it. */
const isDeep = ({ white, channels }: PnmHeader): boolean => white > 255 && channels === 1;

/** The pixels from the top, white stretched to 255 or 65535. @throws Error where there are too few of them */
function decodePnm(bytes: Uint8Array, header: PnmHeader): Uint8Array | Uint16Array {
  const { width, height, channels, white, bitmap, text } = header;
  const count = width * height * channels;
  const deep = isDeep(header);
  // Of text, a sample and what parts it from the next; of a bitmap in text, the sample.
  const least = text ? (bitmap ? count : 2 * count - 1) : storedBytes(header);
  if (bytes.byteLength < header.samples + least) {
    throw new Error(`it ends after ${bytes.byteLength} of ${header.samples + least} bytes`);
  }
  const data = deep ? new Uint16Array(count) : new Uint8Array(count);
  const sample = sampleReader(bytes, header);
  const step = (deep ? 65_535 : 255) / white;
  for (let i = 0; i < count; i++) {
    const value = sample(i);
    if (value > white) throw new Error(`a sample is ${value}, above the largest (${white})`);
    data[i] = bitmap ? 255 * (1 - value) : roundHalfEven(value * step);
  }
  return data;
}

function storedBytes({ width, height, channels, white, bitmap }: PnmHeader): number {
  return bitmap ? Math.ceil(width / 8) * height : width * height * channels * (white > 255 ? 2 : 1);
}

/** Gives the samples, asked for in their order. */
function sampleReader(bytes: Uint8Array, header: PnmHeader): (i: number) => number {
  const { width, white, bitmap, text, samples } = header;
  if (text) {
    const numbers = new Numbers(bytes, samples);
    return bitmap ? () => numbers.nextBit() : () => numbers.next('a sample');
  }
  if (bitmap) {
    const stride = Math.ceil(width / 8);
    return (i) => {
      const [x, y] = [i % width, Math.floor(i / width)];
      return (bytes[samples + y * stride + (x >> 3)]! >> (7 - (x & 7))) & 1;
    };
  }
  if (white <= 255) return (i) => bytes[samples + i]!;
  return (i) => (bytes[samples + 2 * i]! << 8) | bytes[samples + 2 * i + 1]!;
}

/** As Python rounds. */
function roundHalfEven(value: number): number {
  const floor = Math.floor(value);
  const rest = value - floor;
  return rest > 0.5 || (rest === 0.5 && floor % 2 === 1) ? floor + 1 : floor;
}
