/**
 * The formats of images that Overread reads, one row each, and what a file is, by its first bytes. Only these formats
 * are handed to a decoder: the rest (SVG, PDF, text named .png) is refused before any native code has seen it.
 */
import type { Sharp, SharpOptions } from 'sharp';
import { dicomStart } from '../dicom/sniff';
import type { DicomGrey, PlannedImage } from './dicomImage';

export interface ImageFormat {
  /** As people write it: "PNG". */
  readonly name: string;
  /** How file names end, in lower case; folders and tables are searched for them. */
  readonly extensions: readonly string[];
  readonly signatures: readonly Signature[];
  /** Its rows are decoded one by one, so that an image that is only to be shrunk is never whole in memory. */
  readonly rowByRow: boolean;
  /**
   * Opens the bytes: an image of libvips, of 8 or 16 bit, grey or RGB, decoded when it is asked for pixels. Whatever
   * it throws is reported as an image that cannot be decoded (OVR301). Default: libvips reads the format itself.
   * `file` is the path as it is written, for errors.
   */
  readonly open?: (bytes: Uint8Array, options: SharpOptions, file: string) => Promise<Sharp>;
  /** libvips does not read its header either. */
  readonly ownHeader?: boolean;
  /** Its file may begin as one of another format, so its signature is looked for before all others. */
  readonly looksLikeOthers?: boolean;
  /** Where the first bytes tell more than a signature can. */
  readonly recognises?: (bytes: Uint8Array) => boolean;
  /** Reads the header of what libvips has no image for, and decodes it when it is asked to. @throws OVR301, OVR306 */
  readonly plan?: (
    bytes: Uint8Array,
    file: string,
    grey: DicomGrey,
    anyPurpose: boolean,
  ) => Promise<PlannedImage>;
}

interface Signature {
  /** Offset in bytes. */
  readonly at: number;
  /** Latin-1. */
  readonly text: string;
}

/** The first row whose signature is there decides, unless a later one may look like it. */
export const imageFormats: readonly ImageFormat[] = [
  {
    name: 'JPEG',
    extensions: ['.jpg', '.jpeg'],
    signatures: [{ at: 0, text: '\xff\xd8\xff' }],
    rowByRow: true,
  },
  {
    name: 'PNG',
    extensions: ['.png'],
    signatures: [{ at: 0, text: '\x89PNG\r\n\x1a\n' }],
    rowByRow: true,
  },
  {
    name: 'TIFF',
    extensions: ['.tif', '.tiff'],
    signatures: ['II*\0', 'MM\0*', 'II+\0', 'MM\0+'].map((text) => ({ at: 0, text })),
    rowByRow: true,
    open: async (...wanted) => (await import('./tiff')).openTiff(...wanted),
  },
  { name: 'WebP', extensions: ['.webp'], signatures: [{ at: 8, text: 'WEBP' }], rowByRow: false },
  {
    name: 'GIF',
    extensions: ['.gif'],
    signatures: ['GIF87a', 'GIF89a'].map((text) => ({ at: 0, text })),
    rowByRow: false,
    open: async (bytes, options) => (await import('./gif')).openGif(bytes, options),
  },
  {
    name: 'BMP',
    extensions: ['.bmp'],
    signatures: [{ at: 0, text: 'BM' }],
    rowByRow: false,
    open: async (bytes, _options, file) => (await import('./bmp')).openBmp(bytes, file),
    ownHeader: true,
  },
  {
    name: 'PGM',
    extensions: ['.pgm', '.ppm', '.pbm', '.pnm'],
    signatures: ['1', '2', '3', '4', '5', '6'].flatMap((kind) =>
      [' ', '\t', '\n', '\r', '#'].map((next) => ({ at: 0, text: `P${kind}${next}` })),
    ),
    rowByRow: false,
    open: async (bytes, _options, file) => (await import('./pnm')).openPnm(bytes, file),
    ownHeader: true,
  },
  {
    name: 'DICOM',
    extensions: ['.dcm', '.dicom'],
    signatures: [{ at: 128, text: 'DICM' }],
    // The preamble may be the header of a TIFF file (PS3.10, 7.1): scanners of GE write one.
    looksLikeOthers: true,
    rowByRow: false,
    recognises: (bytes) => dicomStart(bytes) !== undefined,
    plan: async (...wanted) => (await import('./dicomImage')).planDicom(...wanted),
  },
];

/** "JPEG, PNG, TIFF, WebP, GIF, BMP, PGM or DICOM" */
export const formatNames = new Intl.ListFormat('en', { type: 'disjunction', style: 'long' })
  .format(imageFormats.map(({ name }) => name))
  .replace(/, or /, ' or ');

/** What people try too; named in the refusal. */
const recognised: readonly (Signature & { readonly name: string })[] = [
  { name: 'a HEIF or AVIF image', at: 4, text: 'ftyp' },
  { name: 'a JPEG 2000 image', at: 4, text: 'jP  ' },
  { name: 'a JPEG 2000 image', at: 0, text: '\xff\x4f\xff\x51' },
  { name: 'a PDF', at: 0, text: '%PDF' },
  { name: 'a zip archive', at: 0, text: 'PK\x03\x04' },
  { name: 'a gzip archive', at: 0, text: '\x1f\x8b' },
];

function startOf(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.byteLength, 256)).toString('latin1');
}

/** The format of an image file, or undefined when it is none that Overread decodes. */
export function imageFormat(bytes: Uint8Array): ImageFormat | undefined {
  const start = startOf(bytes);
  const signed = imageFormats.filter(({ signatures }) =>
    signatures.some(({ at, text }) => start.startsWith(text, at)),
  );
  return (
    signed.find(({ looksLikeOthers }) => looksLikeOthers) ??
    signed[0] ??
    imageFormats.find(({ recognises }) => recognises?.(bytes))
  );
}

/** What the bytes look like, for the message that refuses them: "text", "a PDF", "data of an unknown kind". */
export function describeContent(bytes: Uint8Array): string {
  const start = startOf(bytes);
  const known = recognised.find(({ at, text }) => start.startsWith(text, at));
  if (known) return known.name;
  if (/^\s*(\xef\xbb\xbf)?<(\?xml|svg|!doctype)/i.test(start)) return 'XML text';
  // Text: no control character but tab, line feed, form feed and carriage return.
  return [...bytes.subarray(0, 256)].every((byte) => byte >= 32 || (byte >= 9 && byte <= 13))
    ? 'text'
    : 'data of an unknown kind';
}
