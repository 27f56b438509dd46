/** The bytes of one frame: a piece of native pixel data, or the fragments that belong to it (PS3.5 A.4). */
import { bytesOf } from './attributes';
import { floatElement } from './describePixels';
import { undecodable } from './fault';
import type { PixelDescription } from './model';
import type { DicomFile } from './parse';

interface Fragment {
  /** Of its item, from the first item after the basic offset table. */
  readonly offset: number;
  readonly bytes: Uint8Array;
}

interface Fragments {
  readonly basicOffsets: readonly number[];
  readonly fragments: readonly Fragment[];
}

/** Whether the pixel data is a sequence of fragments. */
export function isEncapsulated({ pixelData }: DicomFile): boolean {
  return pixelData?.hadUndefinedLength === true;
}

/**
 * The bytes of a native frame, and the first bit where a frame of single bits begins within a byte.
 * @throws DicomFault where the file ends before the frame does
 */
export function nativeFrame(
  file: DicomFile,
  pixels: PixelDescription,
  frame: number,
): { readonly bytes: Uint8Array; readonly firstBit: number } {
  const { dataSet, pixelData } = file;
  const element = pixels.float ? floatElement(dataSet) : pixelData;
  if (!element) throw undecodable('it has no pixel data');
  const perPixel = isSubsampled(pixels) ? 2 : pixels.samplesPerPixel;
  const bits = pixels.rows * pixels.columns * perPixel * pixels.bitsAllocated;
  const start = frame * bits;
  const [from, to] = [Math.floor(start / 8), Math.ceil((start + bits) / 8)];
  const there = Math.min(element.length, dataSet.byteArray.length - element.dataOffset);
  if (to > there) throw undecodable(`its pixel data ends after ${there} of ${to} bytes`);
  const bytes = dataSet.byteArray.subarray(element.dataOffset + from, element.dataOffset + to);
  const swapped = file.bigEndian && pixels.bitsAllocated <= 8 && element.vr === 'OW';
  return {
    bytes: swapped ? swapPairs(dataSet.byteArray, element.dataOffset, from, to) : bytes,
    firstBit: start % 8,
  };
}

/** Native YBR_FULL_422 and YBR_PARTIAL_422 have two samples a pixel: every second column has no colour of its own. */
export function isSubsampled({ photometric, samplesPerPixel }: PixelDescription): boolean {
  return samplesPerPixel === 3 && photometric.endsWith('_422');
}

/** Bytes that were written as words of the other byte order. */
function swapPairs(all: Uint8Array, start: number, from: number, to: number): Uint8Array {
  const bytes = new Uint8Array(to - from);
  for (let i = from; i < to; i++) bytes[i - from] = all[start + (i ^ 1)] ?? 0;
  return bytes;
}

/**
 * The bytes of a compressed frame.
 * @param frame from 0
 * @throws DicomFault where there is no such frame, or it cannot be told which fragments are its
 */
export function encapsulatedFrame(file: DicomFile, frames: number, frame: number): Uint8Array {
  const { basicOffsets, fragments } = readFragments(file);
  if (fragments.length === 0) throw undecodable('its pixel data is empty');
  if (frames === 1) return joined(fragments);
  const extended = extendedOffsets(file, frame);
  if (extended) {
    const first = fragments.findIndex(({ offset }) => offset === extended.offset);
    const bytes = first < 0 ? undefined : joined(fragments.slice(first));
    if (!bytes || bytes.length < extended.length) throw undecodable('its extended offset table is wrong');
    return bytes.subarray(0, extended.length);
  }
  if (basicOffsets.length >= frames) {
    const from = basicOffsets[frame] ?? 0;
    const to = basicOffsets[frame + 1] ?? Infinity;
    const own = fragments.filter(({ offset }) => offset >= from && offset < to);
    if (own.length === 0) throw undecodable('its offset table is wrong');
    return joined(own);
  }
  if (fragments.length === frames) return joined(fragments.slice(frame, frame + 1));
  const starts = fragments.flatMap(({ bytes }, i) => (beginsCodestream(bytes) ? [i] : []));
  const first = starts[frame];
  if (starts.length !== frames || first === undefined) {
    throw undecodable(`it cannot be told which of its ${fragments.length} fragments make frame ${frame + 1}`);
  }
  return joined(fragments.slice(first, starts[frame + 1]));
}

function readFragments({ dataSet, pixelData }: DicomFile): Fragments {
  const bytes = dataSet.byteArray;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const items: { at: number; bytes: Uint8Array }[] = [];
  let at = pixelData?.dataOffset ?? bytes.length;
  while (at + 8 <= bytes.length) {
    const [group, element, length] = [
      view.getUint16(at, true),
      view.getUint16(at + 2, true),
      view.getUint32(at + 4, true),
    ];
    if (group !== 0xfffe || element !== 0xe000) {
      if (group === 0xfffe && element === 0xe0dd) break;
      throw undecodable('its pixel data holds something else than fragments');
    }
    if (at + 8 + length > bytes.length) {
      throw undecodable(
        `its pixel data ends after ${bytes.length - at - 8} of the ${length} bytes of a fragment`,
      );
    }
    items.push({ at, bytes: bytes.subarray(at + 8, at + 8 + length) });
    at += 8 + length;
  }
  const [table, ...rest] = items;
  if (!table) throw undecodable('its pixel data is empty');
  const base = table.at + 8 + table.bytes.length;
  const tableView = new DataView(table.bytes.buffer, table.bytes.byteOffset, table.bytes.byteLength);
  return {
    basicOffsets: Array.from({ length: Math.floor(table.bytes.length / 4) }, (_, i) =>
      tableView.getUint32(4 * i, true),
    ),
    fragments: rest.map((item) => ({ offset: item.at - base, bytes: item.bytes })),
  };
}

/** Where a frame begins and how long it is by the Extended Offset Table (7FE0,0001) and its lengths. */
function extendedOffsets(
  { dataSet }: DicomFile,
  frame: number,
): { readonly offset: number; readonly length: number } | undefined {
  const [offsets, lengths] = [dataSet.elements['x7fe00001'], dataSet.elements['x7fe00002']];
  const number = (bytes: Uint8Array): number | undefined => {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    return 8 * frame + 8 <= bytes.length ? Number(view.getBigUint64(8 * frame, true)) : undefined;
  };
  if (!offsets || !lengths) return undefined;
  const [offset, length] = [number(bytesOf(dataSet, offsets)), number(bytesOf(dataSet, lengths))];
  return offset === undefined || length === undefined ? undefined : { offset, length };
}

/** Whether a fragment is the first of its frame: JPEG and JPEG-LS (FFD8 FF), JPEG 2000 (FF4F FF51). */
function beginsCodestream(bytes: Uint8Array): boolean {
  return (
    bytes[0] === 0xff &&
    ((bytes[1] === 0xd8 && bytes[2] === 0xff) || (bytes[1] === 0x4f && bytes[2] === 0xff))
  );
}

function joined(fragments: readonly Fragment[]): Uint8Array {
  const [first, ...more] = fragments;
  if (first && more.length === 0) return first.bytes;
  const whole = new Uint8Array(fragments.reduce((sum, { bytes }) => sum + bytes.length, 0));
  let at = 0;
  for (const { bytes } of fragments) {
    whole.set(bytes, at);
    at += bytes.length;
  }
  return whole;
}
