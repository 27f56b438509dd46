/** Transfer syntaxes: how a file is encoded, and what decodes its frames (PS3.5 annex A, PS3.6 table A-1). */

/** What the frames are compressed with. `jpeg`: DCT or lossless, of which the frame's own header tells. */
export type Compression = 'none' | 'rle' | 'jpeg' | 'jpeg-ls' | 'jpeg-2000' | 'htj2k';

export interface TransferSyntax {
  readonly uid: string;
  readonly name: string;
  /** null: nothing here decodes it. */
  readonly compression: Compression | null;
}

const root = '1.2.840.10008.1.2';

export const implicitLittleEndian = root;
export const explicitLittleEndian = `${root}.1`;
export const deflatedLittleEndian = `${root}.1.99`;
export const explicitBigEndian = `${root}.2`;

/** By what follows the root of transfer syntaxes. */
const known: Readonly<Record<string, readonly [string, Compression | null]>> = {
  '': ['Implicit VR Little Endian', 'none'],
  '.1': ['Explicit VR Little Endian', 'none'],
  '.1.98': ['Encapsulated Uncompressed Explicit VR Little Endian', 'none'],
  '.1.99': ['Deflated Explicit VR Little Endian', 'none'],
  '.2': ['Explicit VR Big Endian', 'none'],
  '.4.50': ['JPEG Baseline', 'jpeg'],
  '.4.51': ['JPEG Extended', 'jpeg'],
  '.4.53': ['JPEG Spectral Selection, Processes 6 and 8', 'jpeg'],
  '.4.55': ['JPEG Full Progression, Processes 10 and 12', 'jpeg'],
  '.4.57': ['JPEG Lossless', 'jpeg'],
  '.4.70': ['JPEG Lossless, first-order prediction', 'jpeg'],
  '.4.80': ['JPEG-LS Lossless', 'jpeg-ls'],
  '.4.81': ['JPEG-LS Near-Lossless', 'jpeg-ls'],
  '.4.90': ['JPEG 2000 Lossless', 'jpeg-2000'],
  '.4.91': ['JPEG 2000', 'jpeg-2000'],
  '.4.92': ['JPEG 2000 Multi-component Lossless', null],
  '.4.93': ['JPEG 2000 Multi-component', null],
  '.4.94': ['JPIP Referenced', null],
  '.4.95': ['JPIP Referenced Deflate', null],
  '.4.100': ['MPEG2 Main Profile', null],
  '.4.101': ['MPEG2 High Profile', null],
  '.4.102': ['MPEG-4 AVC/H.264 High Profile', null],
  '.4.103': ['MPEG-4 AVC/H.264 BD-compatible', null],
  '.4.104': ['MPEG-4 AVC/H.264 for 2D video', null],
  '.4.105': ['MPEG-4 AVC/H.264 for 3D video', null],
  '.4.106': ['MPEG-4 AVC/H.264 Stereo', null],
  '.4.107': ['HEVC/H.265 Main Profile', null],
  '.4.108': ['HEVC/H.265 Main 10 Profile', null],
  '.4.110': ['JPEG XL Lossless', null],
  '.4.111': ['JPEG XL JPEG Recompression', null],
  '.4.112': ['JPEG XL', null],
  '.4.201': ['HTJ2K Lossless', 'htj2k'],
  '.4.202': ['HTJ2K Lossless RPCL', 'htj2k'],
  '.4.203': ['HTJ2K', 'htj2k'],
  '.4.204': ['JPIP HTJ2K Referenced', null],
  '.4.205': ['JPIP HTJ2K Referenced Deflate', null],
  '.5': ['RLE Lossless', 'rle'],
};

/** The transfer syntax of a UID; one that is not known has no decoder and its UID for a name. */
export function transferSyntaxOf(uid: string): TransferSyntax {
  const found = uid.startsWith(root) ? known[uid.slice(root.length)] : undefined;
  return found ? { uid, name: found[0], compression: found[1] } : { uid, name: 'unknown', compression: null };
}

/** "JPEG 2000 Lossless, 1.2.840.10008.1.2.4.90" */
export function nameTransferSyntax({ uid, name }: TransferSyntax): string {
  return name === 'unknown' ? `the unknown transfer syntax ${uid || '(none)'}` : `${name}, ${uid}`;
}
