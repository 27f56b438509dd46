/** From bytes to data elements, by dicom-parser: as far as the pixel data, whose bytes are found and left alone. */
import * as zlib from 'node:zlib';
import { parseDicom, readPart10Header, type DataSet, type Element } from 'dicom-parser';
import { undecodable } from './fault';
import { dicomStart, type BareEncoding } from './sniff';
import {
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

/** A deflated file may inflate to this much: as an image file may have. */
const mostInflated = 512 * 2 ** 20;

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
  // The parser knows no file meta information without the preamble.
  const whole = start === 'file meta without preamble' ? withPreamble(bytes) : bytes;
  const bare =
    start === 'part 10' || start === 'file meta without preamble' ? undefined : bareSyntaxes[start];
  const options = {
    untilTag: pixelDataTag,
    inflater: (all: Uint8Array, position: number) => inflated(all, position),
    ...(bare === undefined ? {} : { TransferSyntaxUID: bare }),
  };
  const read = readElements(whole, options);
  const uid = bare ?? read.dataSet.string('x00020010') ?? '';
  const { dataSet, cutShort } = isImplicitAfterAll(read.dataSet) ? readImplicit(whole, read.dataSet) : read;
  return {
    dataSet,
    syntax: transferSyntaxOf(uid),
    bigEndian: uid === explicitBigEndian,
    pixelData: dataSet.elements[pixelDataTag],
    cutShort,
  };
}

function readElements(
  bytes: Uint8Array,
  options: Parameters<typeof parseDicom>[1],
): { readonly dataSet: DataSet; readonly cutShort: boolean } {
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

function readImplicit(bytes: Uint8Array, { elements }: DataSet): ReturnType<typeof readElements> {
  const meta = Object.values(elements).filter(({ tag }) => tag.startsWith('x0002'));
  const start = Math.max(0, ...meta.map(({ dataOffset, length }) => dataOffset + length));
  return readElements(bytes.subarray(start), {
    untilTag: pixelDataTag,
    TransferSyntaxUID: implicitLittleEndian,
  });
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

/** The file with what was deflated in it; as much as there is, where the bytes end early. */
function inflated(all: Uint8Array, position: number): Uint8Array {
  const rest = zlib.inflateRawSync(all.subarray(position), {
    maxOutputLength: mostInflated,
    finishFlush: zlib.constants.Z_SYNC_FLUSH,
  });
  const whole = new Uint8Array(position + rest.length);
  whole.set(all.subarray(0, position));
  whole.set(rest, position);
  return whole;
}
