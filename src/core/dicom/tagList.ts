/** All elements of a header, to be read by a person. */
import * as fs from 'node:fs';
import * as path from 'node:path';
import type { DataSet, Element } from 'dicom-parser';
import type { ListedTag } from './model';

export interface TagList {
  readonly tags: readonly ListedTag[];
  /** False where there were more than are listed. */
  readonly whole: boolean;
}

/** Elements that are listed: beyond, a list is no reading matter. */
const mostTags = 5000;
/** Characters of a value. */
const longest = 1000;
const mostNumbers = 64;

/** Reads an element of texts in the file's character set. */
export type ReadTexts = (dataSet: DataSet, tag: string) => readonly string[];

/** @param keywords see `readTagDictionary` */
export function listTags(
  dataSet: DataSet,
  texts: ReadTexts,
  keywords: Readonly<Record<string, string>>,
): TagList {
  const tags: ListedTag[] = [];
  let whole = true;
  const visit = (level: DataSet, depth: number): void => {
    for (const element of Object.values(level.elements).sort((a, b) => (a.tag < b.tag ? -1 : 1))) {
      if (tags.length >= mostTags) {
        whole = false;
        return;
      }
      const digits = element.tag.slice(1);
      tags.push({
        tag: `${digits.slice(0, 4)},${digits.slice(4)}`.toUpperCase(),
        keyword: keywords[digits] ?? '',
        vr: element.vr ?? '',
        value: shownValue(level, element, texts),
        depth,
      });
      for (const item of element.items ?? []) if (item.dataSet) visit(item.dataSet, depth + 1);
    }
  };
  visit(dataSet, 0);
  return { tags, whole };
}

type ReadNumber = (dataSet: DataSet, tag: string, index: number) => number | undefined;

/** Binary numbers: bytes of each, and how one is read. */
const numbers: Readonly<Record<string, readonly [number, ReadNumber]>> = {
  US: [2, (set, tag, i) => set.uint16(tag, i)],
  SS: [2, (set, tag, i) => set.int16(tag, i)],
  UL: [4, (set, tag, i) => set.uint32(tag, i)],
  SL: [4, (set, tag, i) => set.int32(tag, i)],
  FL: [4, (set, tag, i) => set.float(tag, i)],
  FD: [8, (set, tag, i) => set.double(tag, i)],
};

/** Representations that are bytes, whatever they look like. */
const binary = new Set(['OB', 'OW', 'OF', 'OD', 'OL', 'OV']);

function shownValue(dataSet: DataSet, element: Element, texts: ReadTexts): string {
  const { tag, vr, length, items, fragments } = element;
  if (items) return items.length === 1 ? '1 item' : `${items.length} items`;
  if (fragments || length === 0xffffffff || binary.has(vr ?? '')) return byteCount(dataSet, element);
  if (length === 0) return '';
  const [size, read] = numbers[vr ?? ''] ?? [];
  if (size !== undefined && read) {
    const count = Math.floor(length / size);
    const values = Array.from({ length: Math.min(count, mostNumbers) }, (_, i) => read(dataSet, tag, i));
    return values.join('\\') + (count > mostNumbers ? '\\…' : '');
  }
  const text = texts(dataSet, tag).join('\\');
  // Without a representation what is no text is told by its controls.
  // eslint-disable-next-line no-control-regex -- controls tell bytes from text
  if (/[\u0000-\u0008\u000e-\u001f]/.test(text)) return byteCount(dataSet, element);
  return text.length > longest ? `${text.slice(0, longest)}…` : text;
}

function byteCount({ byteArray }: DataSet, { length, dataOffset }: Element): string {
  return length === 0xffffffff ? 'encapsulated' : `${Math.min(length, byteArray.length - dataOffset)} bytes`;
}

/** The keywords of PS3.6 by tag (`00100010`), which the build lays beside the programs; none where core runs from its sources. */
export function readTagDictionary(folder = __dirname): Readonly<Record<string, string>> {
  const file = path.join(folder, 'dicomTags.json');
  return fs.existsSync(file) ? (JSON.parse(fs.readFileSync(file, 'utf8')) as Record<string, string>) : {};
}
