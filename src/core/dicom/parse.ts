/** From bytes to data elements, by dicom-parser: as far as the pixel data, whose bytes are found and left alone. */
import * as zlib from 'node:zlib';
import { parseDicom, readPart10Header, type DataSet, type Element } from 'dicom-parser';
import { undecodable } from './fault';
import { dicomStart, type BareEncoding } from './sniff';
import {
  deflatedLittleEndian,
  explicitBigEndian,
  explicitLittleEndian,
  implicitLittleEndian,
  transferSyntaxOf,
  type TransferSyntax,
} from './transferSyntax';

export interface DicomFile {
  /** The elements, and the bytes that their offsets count in (inflated where the file is deflated). */
  readonly dataSet: DataSet;
  readonly syntax: TransferSyntax;
  readonly bigEndian: boolean;
  readonly pixelData: Element | undefined;
  /** The bytes ended within an element: what stands before it was read. */
  readonly cutShort: boolean;
}

const pixelDataTag = 'x7fe00010';
const offsetTableTag = 'x7fe00001';

/** A deflated file may inflate to this much: as an image file may have. */
export const mostInflated = 512 * 2 ** 20;

const bareSyntaxes: Readonly<Record<BareEncoding, string>> = {
  'explicit little endian': explicitLittleEndian,
  'explicit big endian': explicitBigEndian,
  'implicit little endian': implicitLittleEndian,
};

/**
 * Reads the elements before the pixel data, and where that is. Bytes that end early, as the first kilobytes of a file
 * do, give the elements that are whole.
 * @throws DicomFault where nothing can be read of it
 */
export function parseElements(file: Uint8Array): DicomFile {
  // Not as a Buffer, whose slices are no copies.
  const bytes = new Uint8Array(file.buffer, file.byteOffset, file.byteLength);
  const start = dicomStart(bytes);
  if (start === undefined) throw undecodable('it does not begin as a DICOM file does');
  if (start !== 'part 10' && start !== 'file meta without preamble') {
    const uid = bareSyntaxes[start];
    return fileOf(uid, readElements(bytes, { untilTag: pixelDataTag, TransferSyntaxUID: uid }));
  }
  // The parser knows no file meta information without the preamble.
  const whole = start === 'part 10' ? bytes : withPreamble(bytes);
  const meta = readMeta(whole);
  const readable = meta.uid === deflatedLittleEndian ? inflated(whole, meta) : whole;
  return fileOf(meta.uid, readDataSet(readable, meta.end));
}

function fileOf(uid: string, { dataSet, cutShort }: ReadElements): DicomFile {
  return {
    dataSet,
    syntax: transferSyntaxOf(uid),
    bigEndian: uid === explicitBigEndian,
    pixelData: dataSet.elements[pixelDataTag],
    cutShort,
  };
}

/** Whether a file must be inflated before its elements can be read. */
export function isDeflated(bytes: Uint8Array): boolean {
  try {
    return dicomStart(bytes) === 'part 10' && readMeta(bytes).uid === deflatedLittleEndian;
  } catch {
    return false;
  }
}

interface Meta {
  /** The transfer syntax, and where its text stands. */
  readonly uid: string;
  readonly uidOffset: number;
  /** Where the data set begins. */
  readonly end: number;
}

function readMeta(bytes: Uint8Array): Meta {
  try {
    const meta = readPart10Header(bytes);
    const element = meta.elements['x00020010'];
    if (!element) throw new Error('there is no transfer syntax');
    const end = Math.max(
      ...Object.values(meta.elements).map(({ dataOffset, length }) => dataOffset + length),
    );
    return { uid: meta.string('x00020010') ?? '', uidOffset: element.dataOffset, end };
  } catch (error) {
    throw undecodable(`its file meta information cannot be read (${reasonOf(error)})`, error);
  }
}

/** The elements of a whole file, by what its transfer syntax says of them, or by what they are. */
function readDataSet(bytes: Uint8Array, end: number): ReadElements {
  const options = { untilTag: pixelDataTag };
  const read = readElements(bytes, options);
  if (isImplicitAfterAll(read.dataSet)) {
    return readElements(bytes.subarray(end), { ...options, TransferSyntaxUID: implicitLittleEndian });
  }
  return read.dataSet.elements[offsetTableTag]?.vr === 'OV' ? readOffsetTables(bytes, options) : read;
}

interface ReadElements {
  readonly dataSet: DataSet;
  readonly cutShort: boolean;
}

function readElements(bytes: Uint8Array, options: Parameters<typeof parseDicom>[1]): ReadElements {
  try {
    return { dataSet: parseDicom(bytes, options), cutShort: false };
  } catch (error) {
    // The parser throws what it has read so far beside the reason.
    const partial = isPartial(error) ? error : undefined;
    if (partial && Object.keys(partial.dataSet.elements).length > 0) {
      return { dataSet: mergeMeta(bytes, partial.dataSet), cutShort: true };
    }
    const reason: unknown = partial ? partial.exception : error;
    throw undecodable(`its elements cannot be read (${reasonOf(reason)})`, error);
  }
}

/** Whether the data set has no value representations though its transfer syntax says so: some writers forget them. */
function isImplicitAfterAll({ elements }: DataSet): boolean {
  const first = Object.values(elements).find(({ tag }) => !tag.startsWith('x0002'));
  return first?.vr !== undefined && !/^[A-Z]{2}$/.test(first.vr);
}

/** What was read before the fault lacks the file meta information, which comes first in the file. */
function mergeMeta(bytes: Uint8Array, dataSet: DataSet): DataSet {
  if (dicomStart(bytes) !== 'part 10') return dataSet;
  return Object.assign(dataSet, { elements: { ...readPart10Header(bytes).elements, ...dataSet.elements } });
}

function isPartial(error: unknown): error is { readonly exception: unknown; readonly dataSet: DataSet } {
  return typeof error === 'object' && error !== null && 'dataSet' in error && 'exception' in error;
}

/** The parser's words without the name of its function. */
function reasonOf(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return text.replace(/^dicomParser[.:][\w.]*:?\s*/, '').slice(0, 200);
}

function withPreamble(bytes: Uint8Array): Uint8Array {
  const whole = new Uint8Array(132 + bytes.length);
  whole.set([0x44, 0x49, 0x43, 0x4d], 128);
  whole.set(bytes, 132);
  return whole;
}

/**
 * The file with its data set inflated, as much of it as there is where the bytes end early, and called Explicit VR Little
 * Endian, which it then is.
 */
function inflated(bytes: Uint8Array, { uid, uidOffset, end }: Meta): Uint8Array {
  const data = inflate(bytes.subarray(end));
  const whole = new Uint8Array(end + data.length);
  whole.set(bytes.subarray(0, end));
  whole.set(data, end);
  whole.fill(0, uidOffset + explicitLittleEndian.length, uidOffset + uid.length);
  return whole;
}

function inflate(deflated: Uint8Array): Uint8Array {
  try {
    return zlib.inflateRawSync(deflated, {
      maxOutputLength: mostInflated,
      finishFlush: zlib.constants.Z_SYNC_FLUSH,
    });
  } catch (error) {
    throw undecodable(`it cannot be inflated (${reasonOf(error)})`, error);
  }
}

/**
 * Reads on from the Extended Offset Table: its representation (OV) is younger than the parser, which takes its length for one
 * of 16 bits. What follows it are its lengths and the pixel data.
 */
function readOffsetTables(
  bytes: Uint8Array,
  options: NonNullable<Parameters<typeof parseDicom>[1]>,
): ReadElements {
  const read = readElements(bytes, { ...options, untilTag: offsetTableTag });
  const { dataSet } = read;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let at = (dataSet.elements[offsetTableTag]?.dataOffset ?? bytes.length) - 8;
  while (at + 12 <= bytes.length) {
    const hex = (offset: number) =>
      view
        .getUint16(at + offset, true)
        .toString(16)
        .padStart(4, '0');
    const tag = `x${hex(0)}${hex(2)}`;
    const vr = String.fromCharCode(...bytes.subarray(at + 4, at + 6));
    const length = view.getUint32(at + 8, true);
    const dataOffset = at + 12;
    dataSet.elements[tag] = { tag, vr, length, dataOffset, hadUndefinedLength: length === 0xffffffff };
    if (tag >= pixelDataTag) break;
    at = dataOffset + length;
  }
  return read;
}
