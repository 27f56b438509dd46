/** The header of JPEG files that have nothing out of the ordinary. */

export interface PlainJpeg {
  readonly width: number;
  readonly height: number;
  readonly channels: 1 | 3;
}

const exif = 0xe1;
const adobe = 0xee;

/**
 * The size of a JPEG of 8 bit, grey or colour, whose header says nothing that would change its pixels: no EXIF (which may turn
 * it), no Adobe marker (which may say another colour space). undefined for all others.
 */
export function plainJpeg(bytes: Uint8Array): PlainJpeg | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < 4 || view.getUint16(0) !== 0xffd8) return undefined;
  for (let at = 2; at + 10 <= bytes.length;) {
    if (view.getUint8(at) !== 0xff) return undefined;
    const marker = view.getUint8(at + 1);
    if (marker === exif || marker === adobe) return undefined;
    // Baseline, extended or progressive, by Huffman codes.
    if (marker >= 0xc0 && marker <= 0xc2) return frameHeader(view, at + 4);
    // Tables, comments, applications' own.
    const known =
      marker === 0xc4 || marker === 0xdb || marker === 0xdd || marker === 0xfe || (marker & 0xf0) === 0xe0;
    if (!known) return undefined;
    at += 2 + Math.max(2, view.getUint16(at + 2));
  }
  return undefined;
}

/** @param at where its precision stands */
function frameHeader(view: DataView, at: number): PlainJpeg | undefined {
  const components = view.getUint8(at + 5);
  if (view.getUint8(at) !== 8 || (components !== 1 && components !== 3)) return undefined;
  const height = view.getUint16(at + 1);
  const width = view.getUint16(at + 3);
  return width > 0 && height > 0 ? { width, height, channels: components } : undefined;
}
