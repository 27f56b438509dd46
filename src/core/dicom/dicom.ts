/** A DICOM file as a picture: what it is, and each of its frames, stored or as grey and colour to be shown. */
import type { DataSet } from 'dicom-parser';
import { numbersOf, unsignedOf } from './attributes';
import { decodeFrame } from './decodeFrame';
import { describePixels } from './describePixels';
import { readAspect, readDisplay } from './display';
import { DicomFault, undecodable } from './fault';
import { renderGrey, viewGrey } from './greyView';
import { lookUp, readPalette } from './lookupTable';
import type { GreyView, PixelDescription, StoredFrame } from './model';
import { whyNoPicture } from './notPictures';
import { parseElements, type DicomFile } from './parse';
import { nameTransferSyntax } from './transferSyntax';

/** RGB of 8 or 16 bit, interleaved. */
export interface ColourView {
  readonly width: number;
  readonly height: number;
  readonly rgb: Uint8Array | Uint16Array;
}

export interface OpenOptions {
  /** From 1, as DICOM counts. Default: the representative frame that the file names, else the middle one. */
  readonly frame?: number | undefined;
  /** Opens localisers, images for processing and maps too. */
  readonly anyPurpose?: boolean;
}

/** A file whose elements were read; its pixels are decoded when they are asked for. */
export class DicomPicture {
  private constructor(
    private readonly file: DicomFile,
    readonly pixels: PixelDescription,
    /** From 0. */
    private readonly frame: number,
    /** Bytes of the file that were copied, since it was inflated or lacked its preamble; 0 where it is read in place. */
    readonly copiedBytes: number,
  ) {}

  /** @throws DicomFault where it is no picture, or cannot be read as one */
  static open(bytes: Uint8Array, options: OpenOptions = {}): DicomPicture {
    const file = parseElements(bytes);
    const why = options.anyPurpose === true ? undefined : whyNoPicture(file.dataSet);
    if (why !== undefined) throw new DicomFault('no picture', why);
    const pixels = describePixels(file);
    if (pixels.samplesPerPixel === 1 && !/^(MONOCHROME[12]|PALETTE COLOR)$/.test(pixels.photometric)) {
      throw undecodable(`it has one sample per pixel of ${pixels.photometric}`);
    }
    if (pixels.samplesPerPixel === 3 && !/^(RGB|YBR_.*)$/.test(pixels.photometric)) {
      throw undecodable(`it has three samples per pixel of ${pixels.photometric}`);
    }
    const { byteArray } = file.dataSet;
    const copied = byteArray.buffer === bytes.buffer ? 0 : byteArray.length;
    return new DicomPicture(file, pixels, chooseFrame(file, pixels.frames, options.frame), copied);
  }

  /** "JPEG 2000 Lossless, 1.2.840.10008.1.2.4.90" */
  get syntax(): string {
    return nameTransferSyntax(this.file.syntax);
  }

  /** The height of a pixel over its width. */
  get aspect(): number {
    return readAspect(this.file.dataSet, this.frame);
  }

  /** Whether it is shown in colour. */
  get isColour(): boolean {
    return this.pixels.samplesPerPixel === 3 || this.pixels.photometric === 'PALETTE COLOR';
  }

  /** The frame as stored. @throws DicomFault */
  decode(): Promise<StoredFrame> {
    return decodeFrame(this.file, this.pixels, this.frame);
  }

  /** A grey frame for viewing. @throws DicomFault */
  async grey(): Promise<GreyView> {
    return viewGrey(await this.decode(), readDisplay(this.file.dataSet, this.pixels, this.frame));
  }

  /** A grey frame in 8 bit, under its first window or over its full range. @throws DicomFault */
  async eightBit(how: 'window' | 'full-range'): Promise<Uint8Array> {
    return renderGrey(await this.decode(), readDisplay(this.file.dataSet, this.pixels, this.frame), how);
  }

  /** A colour frame for viewing: palettes in their colours. @throws DicomFault */
  async colour(): Promise<ColourView> {
    const { width, height, channels, data, bitsStored } = await this.decode();
    if (channels === 1)
      return { width, height, rgb: paint(data, readPalette(this.file.dataSet, this.pixels.signed)) };
    if (data instanceof Uint8Array || data instanceof Uint16Array) return { width, height, rgb: data };
    if (!(data instanceof Uint32Array)) throw undecodable('it has colour with a sign');
    const shift = bitsStored - 8;
    return { width, height, rgb: Uint8Array.from(data, (value) => value >>> shift) };
  }
}

/** The frame that stands for the file, from 0: the one that it calls representative, else the middle one. */
export function firstShown(dataSet: DataSet, frames: number): number {
  const representative = unsignedOf(dataSet, 'x00286010') ?? numbersOf(dataSet, 'x00286010')[0];
  const isFrame = representative !== undefined && representative >= 1 && representative <= frames;
  return isFrame ? representative - 1 : Math.floor((frames - 1) / 2);
}

function chooseFrame({ dataSet }: DicomFile, frames: number, asked: number | undefined): number {
  if (asked === undefined) return firstShown(dataSet, frames);
  if (asked >= 1 && asked <= frames) return asked - 1;
  throw undecodable(`it has ${frames === 1 ? 'one frame' : `${frames} frames`} and no frame ${asked}`);
}

/** Indices in their colours, 8 bit. */
function paint(indices: StoredFrame['data'], palette: ReturnType<typeof readPalette>): Uint8Array {
  const rgb = new Uint8Array(3 * indices.length);
  for (const [channel, table] of palette.entries()) {
    // Tables of 16 bits whose entries are all below 256 were written as if they had 8.
    const shift = table.bits > 8 && table.entries.some((entry) => entry > 255) ? table.bits - 8 : 0;
    for (let i = 0; i < indices.length; i++) rgb[3 * i + channel] = lookUp(table, indices[i]!) >> shift;
  }
  return rgb;
}
