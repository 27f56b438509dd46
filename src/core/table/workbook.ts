/** A sheet of an Excel workbook as a table of text. */
import * as fs from 'node:fs/promises';
import readWorkbook from 'read-excel-file/universal';
import { uniqueNames } from './csvHeader';
import { emptyTable, oversizedTable, tableLimits, unreadableTable } from './tableRefusals';
import type { TextTable } from './table';
import { checkWorkbook } from './workbookCheck';

/** A cell as the library gives it; numbers as the text that the file holds. */
type Cell = string | boolean | Date | null;

/**
 * @param file absolute
 * @param shown the file's name for messages
 * @param wanted the name of the sheet; without it the first that holds rows
 * @throws OverreadError OVR200 no workbook, no such sheet, or above the limits; OVR202 nothing in it
 */
export async function readSheetTable(
  file: string,
  shown: string,
  wanted: string | undefined,
): Promise<TextTable> {
  const { size } = await fs.stat(file);
  if (size > tableLimits.unpackedBytes) throw oversizedTable(shown, `has ${size} bytes`);
  const bytes = await fs.readFile(file);
  await checkWorkbook(bytes, shown);
  const buffer = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength);
  const sheets = (await readWorkbook(buffer, {
    trim: false,
    parseNumber: (text: string) => new StoredNumber(text),
  })) as readonly {
    readonly sheet: string;
    readonly data: readonly (readonly (Cell | StoredNumber)[])[];
  }[];
  const names = sheets.map(({ sheet }) => sheet);
  const chosen =
    wanted === undefined
      ? (sheets.find(({ data }) => data.filter(isFilled).length > 1) ?? sheets[0])
      : sheets.find(({ sheet }) => sheet === wanted);
  if (!chosen) {
    throw unreadableTable(shown, `has no sheet "${wanted ?? ''}"`, {
      expected: `one of ${names.map((name) => `"${name}"`).join(', ')}`,
    });
  }
  const others = names.filter((name) => name !== chosen.sheet);
  const note = `its sheet "${chosen.sheet}" is read, not ${others.map((name) => `"${name}"`).join(', ')}`;
  const table = tableOf(shown, chosen.data, wanted === undefined && others.length > 0 ? [note] : []);
  return { ...table, sheets: names };
}

/** A number as the file writes it: to make a number of it would cost the last digits of a long one. */
class StoredNumber {
  constructor(readonly text: string) {}
}

const isFilled = (row: readonly unknown[]): boolean => row.some((cell) => cell !== null && cell !== '');

function tableOf(
  shown: string,
  data: readonly (readonly (Cell | StoredNumber)[])[],
  notes: readonly string[],
): TextTable {
  const start = data.findIndex(isFilled);
  if (start < 0) throw emptyTable(shown, 'is empty');
  const header = (data[start] ?? []).map((cell) => textOf(cell)?.trim() ?? '');
  while (header.at(-1) === '' && data.every((row) => (row[header.length - 1] ?? null) === null)) header.pop();
  const names = uniqueNames(header);
  const rows = data.map((row, line) => ({ row, line: line + 1 })).slice(start + 1).filter(({ row }) => isFilled(row)); // prettier-ignore
  let rounded: string | undefined;
  const columns = names.map((name, c) =>
    rows.map(({ row }) => {
      const cell = row[c] ?? null;
      if (cell instanceof StoredNumber && isRounded(cell)) rounded ??= name;
      return textOf(cell);
    }),
  );
  return {
    file: shown,
    names,
    columns,
    rowCount: rows.length,
    lineOf: (row) => rows[row]?.line ?? row + 2,
    rejected: [],
    notes: [
      ...notes,
      ...(rounded === undefined
        ? []
        : [
            `"${rounded}" holds numbers of more than 15 digits, which Excel rounds: ids must be saved as text`,
          ]),
    ],
  };
}

/** What a CSV of the sheet would hold. */
function textOf(cell: Cell | StoredNumber): string | null {
  if (cell === null || cell === '') return null;
  if (cell instanceof StoredNumber) return numberText(cell.text);
  if (cell instanceof Date) return dateText(cell);
  return String(cell);
}

/** Whole numbers with all their digits, others as Excel shows them: it keeps 15 digits, and stores `0.30000000000000004`. */
function numberText(text: string): string {
  if (/^-?\d+$/.test(text)) return text;
  const number = Number(text);
  if (Number.isNaN(number)) return text;
  return Number.isSafeInteger(number) ? String(number) : String(Number(number.toPrecision(15)));
}

const isRounded = ({ text }: StoredNumber): boolean => Math.abs(Number(text)) >= 1e15;

/** The day that serial number 0 is: cells before the first day hold a time alone. */
const firstDay = Date.UTC(1900, 0, 1);

/** ISO 8601 without a time zone, which Excel does not know: `2026-01-31`, `2026-01-31 12:30:00`, `12:30:00`. */
function dateText(date: Date): string {
  if (Number.isNaN(date.getTime())) return '';
  const [day = '', time = ''] = new Date(Math.round(date.getTime() / 1000) * 1000)
    .toISOString()
    .slice(0, 19)
    .split('T');
  if (date.getTime() < firstDay) return time;
  return time === '00:00:00' ? day : `${day} ${time}`;
}
