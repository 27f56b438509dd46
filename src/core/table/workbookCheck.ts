/**
 * What a workbook is before a library reads it: a zip of XML that unpacks to no more than a table may be, and sheets
 * whose cells lie no further apart. A file of a few kilobytes can announce a cell in the last of a million rows, and
 * the library fills all that lies before it.
 */
import * as yauzl from 'yauzl';
import { oversizedTable, tableLimits, unreadableTable } from './tableRefusals';

/** Cells of one sheet, empty ones before filled ones included; far above any list of images. */
const mostCells = 50_000_000;

/**
 * @param shown the file's name for messages
 * @throws OverreadError OVR200 it is no workbook, or above the limits
 */
export async function checkWorkbook(bytes: Buffer, shown: string): Promise<void> {
  const zip = await yauzl.fromBufferPromise(bytes, { lazyEntries: true }).catch((error: unknown) => {
    throw unreadableTable(shown, 'is no workbook of Excel (no zip)', { cause: error });
  });
  let budget: number = Math.max(tableLimits.unpackedBytes, bytes.byteLength);
  const most = budget;
  const names = new Set<string>();
  for await (const entry of zip.eachEntry()) {
    const { fileName } = entry;
    if (names.has(fileName)) throw unreadableTable(shown, 'is no workbook of Excel: two parts have one name');
    names.add(fileName);
    budget -= entry.uncompressedSize;
    if (budget < 0) throw oversizedTable(shown, `unpacks to more than ${most} bytes`);
    if (!/\.xml(?:\.rels)?$/.test(fileName)) continue;
    // An entry that expands beyond the size that it announces ends with an error.
    const text: Buffer[] = [];
    for await (const chunk of await zip.openReadStreamPromise(entry)) text.push(chunk as Buffer);
    if (fileName.includes('/worksheets/')) checkCells(Buffer.concat(text).toString('latin1'), shown);
  }
  if (!names.has('xl/workbook.xml'))
    throw unreadableTable(shown, 'is no workbook of Excel (xl/workbook.xml is missing)');
}

/** Places of rows and cells as they are written: `r="12"`, `r="C12"`. */
const places = /<(?:row|c)\b[^<>]*?\sr\s*=\s*(?:"([^"]*)"|'([^']*)')/g;

function checkCells(sheet: string, shown: string): void {
  let rows = 0;
  let columns = 0;
  for (const [, double, single] of sheet.matchAll(places)) {
    const place = /^([A-Z]{0,3})(\d{1,7})$/.exec(double ?? single ?? '');
    if (!place) throw unreadableTable(shown, 'is no workbook of Excel: a cell has no place');
    const [, letters = '', digits = ''] = place;
    rows = Math.max(rows, Number(digits));
    columns = Math.max(columns, numberOf(letters));
  }
  if (rows > tableLimits.rows || columns > tableLimits.columns || rows * columns > mostCells)
    throw oversizedTable(shown, `has a sheet of ${rows} rows and ${columns} columns`);
}

/** `A` is 1, `AA` is 27. */
function numberOf(letters: string): number {
  let number = 0;
  for (const letter of letters) number = number * 26 + letter.charCodeAt(0) - 64;
  return number;
}
