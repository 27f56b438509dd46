/** The header of a DICOM file alone: its elements before the pixel data, from as few of its bytes as hold them. */
import type { DataSet } from 'dicom-parser';
import type { FileHandle } from 'node:fs/promises';
import { openPlainFile } from '../base/readPlain';
import { itemsOf, textsOf } from './attributes';
import { parseElements, type DicomFile } from './parse';
import { whyNoPicture } from './notPictures';
import type { TransferSyntax } from './transferSyntax';

/** Most headers are 1 to 8 kB; each further reading takes eight times as much. */
const firstBytes = 16 * 1024;
const mostBytes = 64 * 2 ** 20;

export interface DicomHeader {
  readonly syntax: TransferSyntax;
  /** Why the file is no picture to be read; undefined where it is one. */
  readonly whyNoPicture: string | undefined;
  /** The values of an element of texts, in the file's character set; empty where there are none. `tag` as x00080060. */
  texts(tag: string): readonly string[];
  /** The same of an item of a sequence. */
  readonly textsIn: (dataSet: DataSet, tag: string) => readonly string[];
  /** Its elements and those of its sequences, for whatever is not text (dicom-parser's own). */
  readonly dataSet: DataSet;
}

/**
 * Reads a header.
 * @throws DicomFault where the file is no DICOM or its elements cannot be read; what the file system says
 */
export async function readDicomHeader(path: string): Promise<DicomHeader> {
  const handle = await openPlainFile(path);
  try {
    return headerOf(await readUntilPixels(handle));
  } finally {
    await handle.close();
  }
}

async function readUntilPixels(handle: FileHandle): Promise<DicomFile> {
  for (let length = firstBytes; ; length *= 8) {
    const buffer = Buffer.allocUnsafe(length);
    const { bytesRead } = await handle.read(buffer, 0, length, 0);
    const bytes = buffer.subarray(0, bytesRead);
    const isLast = bytesRead < length || length >= mostBytes;
    const file = tryParse(bytes, isLast);
    if (file && (isLast || file.pixelData !== undefined)) return file;
  }
}

/** What fails on the first bytes may be whole in more of them. */
function tryParse(bytes: Uint8Array, isLast: boolean): DicomFile | undefined {
  if (isLast) return parseElements(bytes);
  try {
    return parseElements(bytes);
  } catch {
    return undefined;
  }
}

function headerOf({ dataSet, syntax, pixelData }: DicomFile): DicomHeader {
  const textsIn = textReader(dataSet);
  return {
    syntax,
    dataSet,
    whyNoPicture: whyNoPicture(dataSet) ?? (pixelData ? undefined : withoutPixels(dataSet)),
    textsIn,
    texts: (tag) => textsIn(dataSet, tag),
  };
}

/** Reads texts of a file, also of the items of its sequences, in the character set that the file names. */
function textReader(file: DataSet): DicomHeader['textsIn'] {
  const decoder = decoderOf(file);
  return (dataSet, tag) => {
    const element = dataSet.elements[tag];
    if (!element || element.length === 0 || element.items) return [];
    const end = Math.min(element.dataOffset + element.length, dataSet.byteArray.length);
    const text = decoder.decode(dataSet.byteArray.subarray(element.dataOffset, end));
    return text.split('\\').map((value: string) => value.replace(/[\0 ]+$/, '').trimStart());
  };
}

function withoutPixels(dataSet: DataSet): string | undefined {
  const hasFloats = dataSet.elements['x7fe00008'] ?? dataSet.elements['x7fe00009'];
  return hasFloats || itemsOf(dataSet, 'x52009229').length > 0 ? undefined : 'it has no pixel data';
}

/** Character sets of single-byte and UTF texts (PS3.3 C.12.1.1.2) by their names on the web. */
const characterSets: Readonly<Record<string, string>> = {
  'ISO_IR 100': 'iso-8859-1',
  'ISO_IR 101': 'iso-8859-2',
  'ISO_IR 109': 'iso-8859-3',
  'ISO_IR 110': 'iso-8859-4',
  'ISO_IR 144': 'iso-8859-5',
  'ISO_IR 127': 'iso-8859-6',
  'ISO_IR 126': 'iso-8859-7',
  'ISO_IR 138': 'iso-8859-8',
  'ISO_IR 148': 'iso-8859-9',
  'ISO_IR 203': 'iso-8859-15',
  'ISO_IR 166': 'windows-874',
  'ISO_IR 13': 'shift_jis',
  'ISO_IR 192': 'utf-8',
  GB18030: 'gb18030',
  GBK: 'gbk',
};

/** Of several sets, that is with escapes between them, the first alone is read. */
function decoderOf(dataSet: DataSet) {
  const [first = ''] = textsOf(dataSet, 'x00080005');
  return new TextDecoder(characterSets[first.replace('ISO 2022 IR', 'ISO_IR')] ?? 'iso-8859-1');
}
