/**
 * The text of a CSV file, packed or not, read in pieces: what a table may be is bounded before anything holds it
 * whole, because three megabytes of gzip can expand to as many thousands.
 */
import { isUtf8 } from 'node:buffer';
import { createReadStream, type ReadStream } from 'node:fs';
import * as fs from 'node:fs/promises';
import { createGunzip, type Gunzip } from 'node:zlib';
import { LineCount, LineStarts } from './tableLines';
import { oversizedTable, tableLimits, unreadableTable } from './tableRefusals';
import { decoderOf, encodingMark, type TextEncoding } from './textEncoding';

/** What is known of a CSV file before its cells are read. */
export interface TableText {
  /** Its beginning, in which the header lies. */
  readonly beginning: string;
  readonly lines: number;
  /** UTF-16 where a byte order mark says so; Windows-1252 where it is text and no UTF-8: the other two are of no use then. */
  readonly encoding: TextEncoding;
}

/**
 * Reads the file once, in constant memory.
 * @param file absolute
 * @param shown the file's name for messages
 * @throws OverreadError OVR200 it is no complete gzip, no text, or above {@link tableLimits}
 */
export async function scanTableText(file: string, shown: string): Promise<TableText> {
  const { size } = await fs.stat(file);
  const most = isPacked(file) ? Math.max(tableLimits.unpackedBytes, size * tableLimits.expansion) : Infinity;
  const utf8 = new Utf8Check();
  const count = new LineCount();
  const beginning: Uint8Array[] = [];
  let bytes = 0;
  const is: { mark?: TextEncoding | undefined; utf8: boolean; zero: boolean } = { utf8: true, zero: false };
  await readText(file, shown, (piece) => {
    if (bytes === 0) is.mark = encodingMark(piece);
    if (bytes < tableLimits.headerBytes) beginning.push(piece.subarray(0, tableLimits.headerBytes - bytes));
    bytes += piece.byteLength;
    if (bytes > most) throw oversizedTable(shown, `unpacks to more than ${most} bytes, from ${size}`);
    count.add(piece);
    if (count.lines > tableLimits.rows)
      throw oversizedTable(shown, `has more than ${tableLimits.rows} lines`);
    is.utf8 &&= utf8.accepts(piece);
    is.zero ||= piece.includes(0);
  });
  const encoding = encodingOf({ ...is, utf8: is.utf8 && utf8.isComplete });
  if (!encoding) throw noText(shown);
  const text = Buffer.concat(beginning).toString('utf8');
  return { beginning: text, lines: count.lines, encoding };
}

/** From the mark at the beginning, whether all of it is UTF-8, and whether it holds a zero; undefined: no text. */
function encodingOf(is: {
  readonly mark?: TextEncoding | undefined;
  readonly utf8: boolean;
  readonly zero: boolean;
}): TextEncoding | undefined {
  if (is.mark !== undefined && is.mark !== 'UTF-8') return is.mark;
  if (is.utf8) return 'UTF-8';
  return is.zero || is.mark === 'UTF-8' ? undefined : 'Windows-1252';
}

/** The whole text of a file that is not UTF-8, in pieces. */
export async function decodeTableText(
  file: string,
  shown: string,
  encoding: TextEncoding,
): Promise<string[]> {
  const decoder = decoderOf(encoding);
  const pieces: string[] = [];
  await readText(file, shown, (piece) => pieces.push(decoder.decode(piece, { stream: true })));
  return [...pieces, decoder.decode()];
}

/** The 1-based line on which each record starts, the header first; looks at every byte. */
export async function findLineStarts(file: string, shown: string, delimiter: string): Promise<number[]> {
  const found = new LineStarts(delimiter);
  await readText(file, shown, (piece) => found.add(piece));
  return found.starts;
}

/** Bytes of one piece: large enough that their number does not matter. */
const pieceBytes = 1 << 20;

async function readText(file: string, shown: string, use: (piece: Uint8Array) => void): Promise<void> {
  const source = createReadStream(file, { highWaterMark: pieceBytes });
  try {
    for await (const piece of isPacked(file) ? unpack(source) : source) use(piece as Uint8Array);
  } catch (error) {
    // zlib's own codes: what `use` throws, and the file system, keep theirs.
    if (!(error instanceof Error && 'code' in error && String(error.code).startsWith('Z_'))) throw error;
    const fix = 'Copy or download it again.';
    throw unreadableTable(shown, 'is no complete gzip file', { fix, cause: error });
  } finally {
    source.destroy();
  }
}

function unpack(source: ReadStream): Gunzip {
  const unpacked = createGunzip({ chunkSize: pieceBytes });
  // A pipe passes on no error of its source.
  source.once('error', (error) => unpacked.destroy(error));
  return source.pipe(unpacked);
}

function isPacked(file: string): boolean {
  return file.toLowerCase().endsWith('.gz');
}

/** Whether pieces that are cut anywhere are UTF-8 together. */
class Utf8Check {
  private rest: Uint8Array = new Uint8Array(0);

  accepts(piece: Uint8Array): boolean {
    const bytes = this.rest.length === 0 ? piece : Buffer.concat([this.rest, piece]);
    const end = wholeCharacters(bytes);
    this.rest = bytes.slice(end);
    return isUtf8(bytes.subarray(0, end));
  }

  /** No character is begun and not ended. */
  get isComplete(): boolean {
    return this.rest.length === 0;
  }
}

/** Length of the bytes without a character that is begun at their end. */
function wholeCharacters(bytes: Uint8Array): number {
  for (let back = 1; back <= Math.min(3, bytes.length); back++) {
    const byte = bytes.at(-back) ?? 0;
    if ((byte & 0xc0) === 0x80) continue;
    const needs = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : byte >= 0xc0 ? 2 : 1;
    return needs > back ? bytes.length - back : bytes.length;
  }
  return bytes.length;
}

function noText(shown: string): Error {
  return unreadableTable(shown, 'is not UTF-8 text', { fix: 'Save it as "CSV UTF-8" and try again.' });
}
