/**
 * What a file is, by its first bytes. Only the four formats that Overread decodes are handed to the native
 * decoder: the rest (SVG, PDF, text named .png) is refused before any native code has seen it.
 */

export type ImageFormat = 'jpeg' | 'png' | 'tiff' | 'webp';

interface Signature<Name> {
  readonly name: Name;
  readonly at: number;
  /** Latin-1. */
  readonly text: string;
}

const supported: readonly Signature<ImageFormat>[] = [
  { name: 'jpeg', at: 0, text: '\xff\xd8\xff' },
  { name: 'png', at: 0, text: '\x89PNG\r\n\x1a\n' },
  { name: 'tiff', at: 0, text: 'II*\0' },
  { name: 'tiff', at: 0, text: 'MM\0*' },
  { name: 'tiff', at: 0, text: 'II+\0' },
  { name: 'tiff', at: 0, text: 'MM\0+' },
  { name: 'webp', at: 8, text: 'WEBP' },
];

const recognised: readonly Signature<string>[] = [
  { name: 'a GIF', at: 0, text: 'GIF8' },
  { name: 'a BMP', at: 0, text: 'BM' },
  { name: 'a DICOM file', at: 128, text: 'DICM' },
  { name: 'a HEIF or AVIF image', at: 4, text: 'ftyp' },
  { name: 'a JPEG 2000 image', at: 4, text: 'jP  ' },
  { name: 'a JPEG 2000 image', at: 0, text: '\xff\x4f\xff\x51' },
  { name: 'a PDF', at: 0, text: '%PDF' },
  { name: 'a zip archive', at: 0, text: 'PK\x03\x04' },
  { name: 'a gzip archive', at: 0, text: '\x1f\x8b' },
];

function find<Name>(bytes: Uint8Array, signatures: readonly Signature<Name>[]): Name | undefined {
  const start = startOf(bytes);
  return signatures.find(({ at, text }) => start.startsWith(text, at))?.name;
}

function startOf(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.byteLength, 256)).toString('latin1');
}

/** The format of an image file, or undefined when it is none that Overread decodes. */
export function imageFormat(bytes: Uint8Array): ImageFormat | undefined {
  return find(bytes, supported);
}

/** What the bytes look like, for the message that refuses them: "text", "a GIF", "data of an unknown kind". */
export function describeContent(bytes: Uint8Array): string {
  const known = find(bytes, recognised);
  if (known !== undefined) return known;
  const start = startOf(bytes);
  if (/^\s*(\xef\xbb\xbf)?<(\?xml|svg|!doctype)/i.test(start)) return 'XML text';
  // Text: no control character but tab, line feed, form feed and carriage return.
  return [...bytes.subarray(0, 256)].every((byte) => byte >= 32 || (byte >= 9 && byte <= 13))
    ? 'text'
    : 'data of an unknown kind';
}
