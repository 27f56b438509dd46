/** Reads the user's table, whatever its format, as columns of text. */
import * as fs from 'node:fs/promises';
import {
  queryColumns,
  quoteFile,
  quoteIdentifier,
  quoteLiteral,
  withMemoryDatabase,
  type DuckDBConnection,
} from '../base/duckdb';
import { OverreadError } from '../base/errors';
import { withScratchFile } from '../base/files';
import { otherKind } from '../base/readPlain';
import { readCsvHeader } from './csvHeader';
import { emptyTable, oversizedTable, tableLimits, unreadableTable } from './tableRefusals';
import { decodeTableText, findLineStarts, scanTableText, type TableText } from './tableText';
import { readTextColumns } from './textColumns';

/** A table as text. Empty cells are null; nothing is trimmed or converted. */
export interface TextTable {
  /** The name for messages, as it is written in overread.yaml. */
  readonly file: string;
  readonly names: readonly string[];
  /** One array per column, one entry per row. */
  readonly columns: readonly (readonly (string | null)[])[];
  readonly rowCount: number;
  /** The 1-based line in the file where row `i` starts (CSV), or its 1-based number (Parquet). */
  readonly lineOf: (row: number) => number;
  /** Lines that are no rows of this table: too many or too few cells, a quote that is never closed. */
  readonly rejected: readonly { readonly line: number; readonly reason: string }[];
  /** CSV: how it was read where that was a guess, a sentence each. */
  readonly notes?: readonly string[];
  /** Workbooks: the names of the sheets. */
  readonly sheets?: readonly string[];
}

/** The formats by the end of the file's name. */
export const tableFormats = [
  '.csv',
  '.tsv',
  '.txt',
  '.csv.gz',
  '.tsv.gz',
  '.txt.gz',
  '.parquet',
  '.xlsx',
  '.xlsm',
] as const;

/**
 * Reads a table. 112,120 rows of NIH ChestX-ray14 take about 0.7 s.
 * @param file absolute
 * @param shown the file's name for messages
 * @param sheet of a workbook; null: the first that holds rows
 * @throws OverreadError OVR200 (missing, unreadable, no text, unknown format, no such sheet), OVR202 (no columns, no rows)
 */
export async function readTable(
  file: string,
  shown: string,
  sheet: string | null = null,
): Promise<TextTable> {
  const format = tableFormats.filter((end) => file.toLowerCase().endsWith(end)).at(-1);
  if (!format) throw unknownFormat(file, shown);
  const found = await fs.stat(file).catch((error: unknown) => {
    throw unreadableTable(shown, 'is missing', {
      fix: 'Check dataset.table: it is relative to overread.yaml.',
      cause: error,
    });
  });
  const kind = otherKind(found);
  if (kind !== undefined) {
    throw unreadableTable(shown, `is ${kind}`, { expected: 'a plain file, or a link to one' });
  }
  try {
    const table = await readAs(format, file, shown, sheet);
    if (table.rowCount === 0 && table.rejected.length === 0)
      throw emptyTable(shown, 'has a header but no rows');
    return table;
  } catch (error) {
    if (error instanceof OverreadError) throw error;
    const reason = error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error);
    throw unreadableTable(shown, `cannot be read: ${reason}`, { cause: error });
  }
}

async function readAs(
  format: (typeof tableFormats)[number],
  file: string,
  shown: string,
  sheet: string | null,
): Promise<TextTable> {
  if (format === '.parquet') return readParquetTable(file, shown);
  if (format !== '.xlsx' && format !== '.xlsm') return readCsv(file, shown);
  // The library is loaded by those who have such a table.
  const { readSheetTable } = await import('./workbook');
  return readSheetTable(file, shown, sheet ?? undefined);
}

const spreadsheets = ['.xls', '.xlsb', '.ods', '.numbers'];

function unknownFormat(file: string, shown: string): OverreadError {
  const isSpreadsheet = spreadsheets.some((end) => file.toLowerCase().endsWith(end));
  return unreadableTable(
    shown,
    isSpreadsheet ? 'has an unknown format, that of a spreadsheet' : 'has an unknown format',
    {
      expected: `a name that ends in ${tableFormats.join(', ')}`,
      ...(isSpreadsheet ? { fix: 'Save it as .xlsx or as "CSV UTF-8", and name that file.' } : {}),
    },
  );
}

async function readCsv(file: string, shown: string): Promise<TextTable> {
  const text = await scanTableText(file, shown);
  const tabs = /\.tsv(\.gz)?$/i.test(shown);
  if (text.encoding === 'UTF-8') return readUtf8(file, shown, text, tabs);
  const pieces = await decodeTableText(file, shown, text.encoding);
  const table = await withScratchFile('table.csv', pieces, async (copy) =>
    readUtf8(copy, shown, await scanTableText(copy, shown), tabs),
  );
  if (text.encoding !== 'Windows-1252') return table;
  const note = 'it is no UTF-8 and is read as Windows-1252, as Excel saves it';
  return { ...table, notes: [note, ...(table.notes ?? [])] };
}

async function readUtf8(
  file: string,
  shown: string,
  { beginning, lines }: TableText,
  tabs: boolean,
): Promise<TextTable> {
  const header = readCsvHeader(beginning, tabs);
  if (!header) throw emptyTable(shown, 'is empty');
  const { names } = header;
  if (names.length > tableLimits.columns) throw oversizedTable(shown, `has ${names.length} columns`);
  const types = names.map((name) => `${quoteLiteral(name)}: 'VARCHAR'`);
  return withMemoryDatabase(async (connection) => {
    await connection.run(
      `CREATE TABLE rows AS SELECT * FROM read_csv(${quoteFile(file)}, auto_detect = false, header = true,
        columns = {${types.join(', ')}}, skip = ${header.linesBefore}, delim = ${quoteLiteral(header.delimiter)},
        quote = '"', escape = '"', store_rejects = true)`,
    );
    const rejected = await readRejected(connection);
    const columns = await readTextColumns(connection, 'rows', names);
    const rowCount = columns[0]?.length ?? 0;
    // Record i is line i + 1, but where cells hold line breaks, lines are blank, or lines were rejected.
    const plain = rejected.length === 0 && lines === rowCount + 1;
    const lineOf = plain
      ? (row: number) => row + 2
      : lineFinder(
          (await findLineStarts(file, shown, header.delimiter)).slice(header.recordsBefore),
          rejected,
        );
    return {
      file: shown,
      names,
      columns,
      rowCount,
      lineOf,
      rejected,
      notes: header.delimiter === ' ' ? ['its cells are separated by spaces'] : [],
    };
  });
}

async function readRejected(connection: DuckDBConnection): Promise<TextTable['rejected']> {
  const { columns } = await queryColumns(
    connection,
    'SELECT line, min(error_type), min(error_message) FROM reject_errors GROUP BY line ORDER BY line',
  );
  const [lines = [], types = [], messages = []] = columns;
  return lines.map((line, i) => ({
    line: Number(line),
    reason: rejectReasons[String(types[i])] ?? String(messages[i]).split('\n')[0] ?? '',
  }));
}

const rejectReasons: Readonly<Record<string, string>> = {
  'TOO MANY COLUMNS': 'it has more cells than the header',
  'MISSING COLUMNS': 'it has fewer cells than the header',
  'UNQUOTED VALUE': 'a quote is not closed, or text follows a closing quote',
  'LINE SIZE OVER MAXIMUM': 'it is longer than 2 MB',
};

/** Row → line. */
function lineFinder(starts: readonly number[], rejected: TextTable['rejected']): (row: number) => number {
  const bad = new Set(rejected.map(({ line }) => line));
  const good = starts.slice(1).filter((line) => !bad.has(line));
  return (row) => good[row] ?? row + 2;
}

async function readParquetTable(file: string, shown: string): Promise<TextTable> {
  return withMemoryDatabase(async (connection) => {
    const source = `read_parquet(${quoteFile(file)})`;
    // A few bytes can claim a billion rows: the file's own count comes before any of them.
    const counted = await queryColumns(
      connection,
      `SELECT num_rows FROM parquet_file_metadata(${quoteFile(file)})`,
    );
    const rows = Number(counted.columns[0]?.[0]);
    if (rows > tableLimits.rows) throw oversizedTable(shown, `has ${rows} rows`);
    const described = await queryColumns(connection, `DESCRIBE SELECT * FROM ${source}`);
    const names = (described.columns[0] ?? []).map(String);
    const types = (described.columns[1] ?? []).map(String);
    if (names.length > tableLimits.columns) throw oversizedTable(shown, `has ${names.length} columns`);
    const fields = names.map((name, i) => {
      const column = quoteIdentifier(name);
      // A list of findings becomes what a CSV would hold.
      const text =
        types[i] === 'VARCHAR[]' ? `array_to_string(${column}, '|')` : `CAST(${column} AS VARCHAR)`;
      return `nullif(${text}, '') AS ${column}`;
    });
    const { columns, rowCount } = await queryColumns(
      connection,
      `SELECT ${fields.join(', ')} FROM ${source}`,
    );
    return {
      file: shown,
      names,
      columns: columns as readonly (readonly (string | null)[])[],
      rowCount,
      lineOf: (row: number) => row + 1,
      rejected: [],
    };
  });
}
