/** Whether bytes are DICOM, by their first 132. */

/** How a data set without file meta information is encoded. */
export type BareEncoding = 'explicit little endian' | 'explicit big endian' | 'implicit little endian';

export type DicomStart = 'part 10' | 'file meta without preamble' | BareEncoding;

/** Value representations that a first element (groups 0002, 0008) has. */
const firstRepresentations = new Set([
  'UL',
  'UI',
  'CS',
  'SH',
  'LO',
  'DA',
  'TM',
  'DT',
  'OB',
  'SQ',
  'PN',
  'US',
]);

/**
 * What the file begins with: the magic letters after a preamble, or, as many old files do, the first element of the
 * file meta information or of the data set itself. Undefined: it is no DICOM.
 */
export function dicomStart(bytes: Uint8Array): DicomStart | undefined {
  const text = (from: number, to: number) => String.fromCharCode(...bytes.subarray(from, to));
  if (bytes.length >= 132 && text(128, 132) === 'DICM') return 'part 10';
  if (bytes.length < 16) return undefined;
  const explicit = firstRepresentations.has(text(4, 6));
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const isFirst = (group: number, element: number, first: number) => group === first && element <= 0x0100;
  const [group, element] = [view.getUint16(0, true), view.getUint16(2, true)];
  if (isFirst(group, element, 2) && explicit) return 'file meta without preamble';
  if (isFirst(group, element, 8)) {
    if (explicit) return 'explicit little endian';
    // Implicit: a length stands where the representation would; texts of identifying elements are short.
    const length = view.getUint32(4, true);
    return length <= 1024 && 8 + length <= bytes.length ? 'implicit little endian' : undefined;
  }
  const big = isFirst(view.getUint16(0, false), view.getUint16(2, false), 8);
  return big && explicit ? 'explicit big endian' : undefined;
}
