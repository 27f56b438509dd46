/** Look-up tables: of modality and VOI (PS3.3 C.11.1, C.11.2) and of palette colour (C.7.6.3.1.5, segmented C.7.9.2). */
import type { DataSet } from 'dicom-parser';
import { signedOf, unsignedOf, wordsOf } from './attributes';
import { undecodable } from './fault';

export interface LookupTable {
  /** The stored value of the first entry; values below take it, values above the last one. */
  readonly first: number;
  readonly entries: Uint16Array;
  /** Of each entry, 8 to 16. */
  readonly bits: number;
}

/** The entry of a value. */
export function lookUp({ first, entries }: LookupTable, value: number): number {
  return entries[Math.max(0, Math.min(entries.length - 1, value - first))] ?? 0;
}

/**
 * The table of an item of a Modality or VOI LUT Sequence.
 * @param signed whether the values that it is for may be negative
 */
export function readTable(item: DataSet, signed: boolean): LookupTable | undefined {
  const descriptor = readDescriptor(item, 'x00283002', signed);
  if (!descriptor) return undefined;
  const entries = readEntries(item, 'x00283006', descriptor);
  return entries && { first: descriptor.first, bits: descriptor.bits, entries };
}

/** The three tables of a palette, 8 bit for each colour. @throws DicomFault where one is missing */
export function readPalette(
  dataSet: DataSet,
  signed: boolean,
): readonly [LookupTable, LookupTable, LookupTable] {
  const colour = (name: string, descriptorTag: string, tag: string, segmentedTag: string): LookupTable => {
    const descriptor = readDescriptor(dataSet, descriptorTag, signed);
    if (!descriptor) throw undecodable(`its palette has no ${name}`);
    const segmented = wordsOf(dataSet, segmentedTag);
    const entries = segmented ? expand(segmented) : readEntries(dataSet, tag, descriptor);
    if (!entries || entries.length === 0) throw undecodable(`its palette has no ${name}`);
    return { first: descriptor.first, bits: descriptor.bits, entries };
  };
  return [
    colour('red', 'x00281101', 'x00281201', 'x00281221'),
    colour('green', 'x00281102', 'x00281202', 'x00281222'),
    colour('blue', 'x00281103', 'x00281203', 'x00281223'),
  ];
}

interface Descriptor {
  readonly count: number;
  readonly first: number;
  readonly bits: number;
}

function readDescriptor(dataSet: DataSet, tag: string, signed: boolean): Descriptor | undefined {
  const count = unsignedOf(dataSet, tag, 0);
  const first = signedOf(dataSet, tag, signed, 1);
  const bits = unsignedOf(dataSet, tag, 2);
  if (count === undefined || first === undefined || bits === undefined) return undefined;
  // 65,536 does not fit into its 16 bits. Some write 0 to 7 bits, or more than 16: all mean what they need.
  return { count: count === 0 ? 65_536 : count, first, bits: bits >= 8 && bits <= 16 ? bits : 16 };
}

function readEntries(dataSet: DataSet, tag: string, { count, bits }: Descriptor): Uint16Array | undefined {
  const element = dataSet.elements[tag];
  const words = wordsOf(dataSet, tag);
  if (!element || !words) return undefined;
  if (bits === 8 && element.length < 2 * count && element.length >= count) {
    // Two entries to a word.
    const bytes = dataSet.byteArray.subarray(element.dataOffset, element.dataOffset + count);
    return Uint16Array.from(bytes);
  }
  return words.subarray(0, count);
}

/** Segmented palettes: runs of values, ramps, and segments that are used again. */
function expand(words: Uint16Array): Uint16Array {
  const out: number[] = [];
  const most = 65_536;
  const read = (from: number, opcodes: number): void => {
    let at = from;
    for (let done = 0; done < opcodes && at + 1 < words.length && out.length < most; done++) {
      const [opcode, length] = [words[at] ?? 0, words[at + 1] ?? 0];
      if (opcode === 0) {
        out.push(...words.subarray(at + 2, at + 2 + length));
        at += 2 + length;
      } else if (opcode === 1) {
        const [start, end] = [out.at(-1) ?? 0, words[at + 2] ?? 0];
        for (let i = 1; i <= length; i++) out.push(Math.round(start + ((end - start) * i) / length));
        at += 3;
      } else if (opcode === 2 && opcodes === Infinity) {
        // An offset in bytes, low word first.
        read(((words[at + 2] ?? 0) + 65_536 * (words[at + 3] ?? 0)) / 2, length);
        at += 4;
      } else throw undecodable('its segmented palette is wrong');
    }
  };
  read(0, Infinity);
  return Uint16Array.from(out.slice(0, most));
}
