/**
 * Values of elements as the picture needs them: of one frame, where functional groups of the frame come before those
 * that all frames share, and these before the data set (PS3.3 C.7.6.16).
 */
import type { DataSet, Element } from 'dicom-parser';

const perFrameGroups = 'x52009230';
const sharedGroups = 'x52009229';

/** The sequences of functional groups that say how a frame is to be shown. */
export const macros = {
  pixelMeasures: 'x00289110',
  voi: 'x00289132',
  pixelValues: 'x00289145',
} as const;

/**
 * The data set that has this element for a frame: an item of a functional group, or the data set itself.
 * @param frame from 0
 */
export function dataSetFor(dataSet: DataSet, frame: number, macro: string, tag: string): DataSet | undefined {
  const inGroups = (groups: DataSet | undefined) => groups && itemOf(groups, macro, 0);
  const candidates = [
    inGroups(itemOf(dataSet, perFrameGroups, frame)),
    inGroups(itemOf(dataSet, sharedGroups, 0)),
    dataSet,
  ];
  return candidates.find((one) => one && hasValue(one, tag));
}

/** An item of a sequence. */
export function itemOf(dataSet: DataSet, tag: string, item: number): DataSet | undefined {
  return dataSet.elements[tag]?.items?.[item]?.dataSet;
}

/** All items of a sequence. */
export function itemsOf(dataSet: DataSet, tag: string): DataSet[] {
  return (dataSet.elements[tag]?.items ?? []).flatMap((item) => item.dataSet ?? []);
}

function hasValue(dataSet: DataSet, tag: string): boolean {
  const element = dataSet.elements[tag];
  return element !== undefined && (element.length > 0 || element.items !== undefined);
}

/** An element whose bytes are all there: damaged lengths lead out of the file. */
function wholeElement(dataSet: DataSet, tag: string): Element | undefined {
  const element = dataSet.elements[tag];
  const isWhole = element && element.dataOffset + element.length <= dataSet.byteArray.length;
  return isWhole ? element : undefined;
}

/** A text without the spaces around it; '' where there is none. */
export function textOf(dataSet: DataSet, tag: string): string {
  return wholeElement(dataSet, tag) ? (dataSet.string(tag) ?? '').trim() : '';
}

/** The texts of an element with several. */
export function textsOf(dataSet: DataSet, tag: string): string[] {
  const text = textOf(dataSet, tag);
  return text === '' ? [] : text.split('\\').map((one) => one.trim());
}

/** The numbers of an element of decimal or integer strings; what is no number is left out. */
export function numbersOf(dataSet: DataSet, tag: string): number[] {
  return textsOf(dataSet, tag).flatMap((text) => {
    const value = Number.parseFloat(text);
    return Number.isFinite(value) ? [value] : [];
  });
}

/** An unsigned 16-bit number; undefined where there is none. */
export function unsignedOf(dataSet: DataSet, tag: string, index = 0): number | undefined {
  const element = wholeElement(dataSet, tag);
  return element && element.length >= 2 * (index + 1) ? dataSet.uint16(tag, index) : undefined;
}

/** A 16-bit number whose sign is that of the pixels ("US or SS"). */
export function signedOf(dataSet: DataSet, tag: string, signed: boolean, index = 0): number | undefined {
  const value = unsignedOf(dataSet, tag, index);
  return value !== undefined && signed && value > 0x7fff ? value - 0x10000 : value;
}

/** The bytes of an element. */
export function bytesOf(dataSet: DataSet, element: Element): Uint8Array {
  const { byteArray } = dataSet;
  return byteArray.subarray(element.dataOffset, element.dataOffset + element.length);
}

/** 16-bit words of an element, in the byte order of the file. */
export function wordsOf(dataSet: DataSet, tag: string): Uint16Array | undefined {
  const element = wholeElement(dataSet, tag);
  if (!element) return undefined;
  const words = new Uint16Array(Math.floor(element.length / 2));
  const { readUint16 } = dataSet.byteArrayParser;
  for (let i = 0; i < words.length; i++) words[i] = readUint16(dataSet.byteArray, element.dataOffset + 2 * i);
  return words;
}
