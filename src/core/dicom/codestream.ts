/** What a compressed frame says of itself before it is decoded. */

/** The frame header of a JPEG or JPEG-LS codestream (ITU-T T.81 B.2.2). */
export interface JpegHeader {
  /** 0 and 1 sequential DCT, 2 progressive DCT, 3 lossless, 55 JPEG-LS. */
  readonly process: number;
  readonly bits: number;
  readonly width: number;
  readonly height: number;
  readonly components: number;
  /** Components are called R, G and B. */
  readonly namedRgb: boolean;
  readonly jfif: boolean;
  /** The colour transform of an Adobe marker: 0 none, 1 YCbCr. */
  readonly adobe: number | undefined;
}

/** Reads the markers up to the frame header; undefined where there is none. */
export function jpegHeader(bytes: Uint8Array): JpegHeader | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let jfif = false;
  let adobe: number | undefined;
  let at = 2;
  while (at + 4 <= bytes.length) {
    if (bytes[at] !== 0xff) return undefined;
    const marker = bytes[at + 1] ?? 0;
    if (marker === 0xff) {
      at++;
      continue;
    }
    const length = view.getUint16(at + 2);
    const body = at + 4;
    if (marker === 0xe0 && length >= 7) jfif = startsWith(bytes, body, 'JFIF');
    if (marker === 0xee && length >= 14 && startsWith(bytes, body, 'Adobe')) adobe = bytes[body + 11];
    const isFrame =
      (marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker)) || marker === 0xf7;
    if (isFrame && body + 6 <= bytes.length) {
      const components = bytes[body + 5] ?? 0;
      const ids = Array.from({ length: components }, (_, i) => bytes[body + 6 + 3 * i]);
      return {
        process: marker - 0xc0,
        bits: bytes[body] ?? 0,
        height: view.getUint16(body + 1),
        width: view.getUint16(body + 3),
        components,
        namedRgb: ['82,71,66', '114,103,98'].includes(ids.join()),
        jfif,
        adobe,
      };
    }
    if (marker === 0xda || length < 2) return undefined;
    at = body - 2 + length;
  }
  return undefined;
}

function startsWith(bytes: Uint8Array, at: number, text: string): boolean {
  return String.fromCharCode(...bytes.subarray(at, at + text.length)) === text;
}

/**
 * The JPEG with an Adobe marker that says whether its colour is YCbCr, as the DICOM file does: decoders guess where the
 * codestream is silent.
 */
export function withColourTransform(bytes: Uint8Array, transform: 0 | 1): Uint8Array {
  const marker = [0xff, 0xee, 0, 14, 0x41, 0x64, 0x6f, 0x62, 0x65, 0, 100, 0, 0, 0, 0, transform];
  const marked = new Uint8Array(bytes.length + marker.length);
  marked.set(bytes.subarray(0, 2));
  marked.set(marker, 2);
  marked.set(bytes.subarray(2), 2 + marker.length);
  return marked;
}

/**
 * The size of a JPEG 2000 or HTJ2K codestream by its SIZ marker (ITU-T T.800 A.5.1), also within the boxes of a JP2 file;
 * undefined where there is none.
 */
export function jpeg2000Size(
  bytes: Uint8Array,
): { readonly width: number; readonly height: number; readonly components: number } | undefined {
  const start = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.length, 4096)).indexOf(
    startOfCodestream,
  );
  if (start < 0 || start + 42 > bytes.length) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset + start, bytes.length - start);
  return {
    width: view.getUint32(8) - view.getUint32(16),
    height: view.getUint32(12) - view.getUint32(20),
    components: view.getUint16(40),
  };
}

const startOfCodestream = Buffer.from([0xff, 0x4f, 0xff, 0x51]);
