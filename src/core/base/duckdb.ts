/**
 * DuckDB as this project uses it: an in-memory database per task, filled from plain files or arrays, never a
 * database file (a second process could not open it) and never an extension from the network.
 */
import {
  type DuckDBConnection,
  DuckDBDataChunk,
  DuckDBInstance,
  type DuckDBType,
  type DuckDBValue,
} from '@duckdb/node-api';
import type { OverreadError } from './errors';
import { syncFile, writeAndSync } from './files';
import { fileSystemError } from './fileSystemErrors';

export type { DuckDBConnection, DuckDBType, DuckDBValue };

/** An open in-memory database with one connection. */
export interface MemoryDatabase {
  readonly connection: DuckDBConnection;
  /** Another connection to the same tables; it is closed with the database. */
  connect(): Promise<DuckDBConnection>;
  close(): void;
}

/** Columns of a result, each with one value per row, in the order of the query. */
export interface ColumnResult {
  readonly names: readonly string[];
  readonly columns: readonly (readonly DuckDBValue[])[];
  readonly rowCount: number;
}

/** Rows per chunk that DuckDB accepts (its vector size). */
const chunkRows = 2048;

/** Opens an in-memory database. It loads and installs no extension by itself. */
export async function openMemoryDatabase(
  settings: Readonly<Record<string, string>> = {},
): Promise<MemoryDatabase> {
  const instance = await createInstance(settings);
  const connections: DuckDBConnection[] = [];
  const connect = async (): Promise<DuckDBConnection> => {
    const connection = await instance.connect();
    connections.push(connection);
    return connection;
  };
  return {
    connection: await connect(),
    connect,
    close: () => {
      for (const connection of connections.splice(0)) connection.closeSync();
      instance.closeSync();
    },
  };
}

function createInstance(settings: Readonly<Record<string, string>>): Promise<DuckDBInstance> {
  return DuckDBInstance.create(':memory:', {
    autoinstall_known_extensions: 'false',
    autoload_known_extensions: 'false',
    // What was read of a file is read again: another may lie in its place.
    enable_external_file_cache: 'false',
    ...settings,
  });
}

/** ms after which an instance that no task has taken is closed. */
const keptFor = 10_000;

/** An instance that a task has left as it was created: to create one takes 12 ms of the processor, as long as to read a small table. */
let idle: { readonly instance: DuckDBInstance; readonly end: NodeJS.Timeout } | undefined;

/**
 * Gives `work` an empty database that is gone afterwards, whatever happens. Two at a time share nothing; one after the other use one
 * instance of DuckDB, unless `work` rejects, since its error may be one after which DuckDB refuses everything.
 */
export async function withMemoryDatabase<T>(work: (connection: DuckDBConnection) => Promise<T>): Promise<T> {
  const instance = takeIdle() ?? (await createInstance({}));
  const connection = await instance.connect();
  let isClean = false;
  try {
    await connection.run("ATTACH ':memory:' AS task");
    await connection.run('USE task');
    const result = await work(connection);
    await connection.run('USE memory');
    await connection.run('DETACH task');
    await connection.run('RESET threads');
    isClean = true;
    return result;
  } finally {
    connection.closeSync();
    if (isClean) leave(instance);
    else instance.closeSync();
  }
}

function takeIdle(): DuckDBInstance | undefined {
  const taken = idle;
  idle = undefined;
  clearTimeout(taken?.end);
  return taken?.instance;
}

/** Keeps the instance for the next task; one is enough. */
function leave(instance: DuckDBInstance): void {
  if (idle) {
    instance.closeSync();
    return;
  }
  idle = { instance, end: setTimeout(() => takeIdle()?.closeSync(), keptFor).unref() };
}

/** A name as an SQL identifier: quoted, inner quotes doubled. */
export function quoteIdentifier(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/** A text as an SQL literal: quoted, inner quotes doubled. DuckDB's plain literals have no other escape. */
export function quoteLiteral(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

/** A file name as a literal for read_csv and read_parquet, which would take `*`, `?` and `[` for patterns. */
export function quoteFile(file: string): string {
  return quoteLiteral(file.replace(/[*?[]/g, '[$&]'));
}

/** Runs a query and returns its columns. BIGINT comes as `bigint`, DOUBLE as number, VARCHAR as string. */
export async function queryColumns(connection: DuckDBConnection, sql: string): Promise<ColumnResult> {
  const result = await connection.run(sql);
  const names = result.columnNames();
  const columns = names.map((): DuckDBValue[] => []);
  // Chunk by chunk: between them the event loop has its turn.
  for (let chunk = await result.fetchChunk(); chunk?.rowCount; chunk = await result.fetchChunk()) {
    chunk.appendToColumns(columns);
  }
  return { names, columns, rowCount: columns[0]?.length ?? 0 };
}

/** One column to fill a table with: its name, its SQL type and one value per row. */
export interface TableColumn {
  readonly name: string;
  readonly type: DuckDBType;
  readonly values: ArrayLike<DuckDBValue>;
}

/** Creates a table from arrays of equal length, chunk by chunk: 100,000 rows in well under a second. */
export async function createTable(
  connection: DuckDBConnection,
  table: string,
  columns: readonly TableColumn[],
): Promise<void> {
  const fields = columns.map((column) => `${quoteIdentifier(column.name)} ${column.type.toString()}`);
  await connection.run(`CREATE TABLE ${quoteIdentifier(table)} (${fields.join(', ')})`);
  const rowCount = columns[0]?.values.length ?? 0;
  for (const column of columns) {
    if (column.values.length !== rowCount) throw new RangeError(`Column ${column.name} has another length`);
  }
  const types = columns.map(({ type }) => type);
  await appendBlocks(connection, table, types, [columns.map(({ values }) => values)]);
}

/**
 * Appends rows to a table, block after block; the columns of a block are of equal length.
 * @param types of the columns, in the table's order
 */
export async function appendBlocks(
  connection: DuckDBConnection,
  table: string,
  types: readonly DuckDBType[],
  blocks: Iterable<readonly ArrayLike<DuckDBValue>[]>,
): Promise<void> {
  const appender = await connection.createAppender(table);
  // One chunk for all: its memory is DuckDB's, of which the garbage collector knows nothing.
  const chunk = DuckDBDataChunk.create(types);
  for (const columns of blocks) {
    const rowCount = columns[0]?.length ?? 0;
    for (let start = 0; start < rowCount; start += chunkRows) {
      const end = Math.min(start + chunkRows, rowCount);
      chunk.reset();
      chunk.setColumns(columns.map((values) => sliceOf(values, start, end)));
      appender.appendDataChunk(chunk);
    }
  }
  appender.flushSync();
  appender.closeSync();
}

function sliceOf(values: ArrayLike<DuckDBValue>, start: number, end: number): DuckDBValue[] {
  return Array.from({ length: end - start }, (_, i) => values[start + i] ?? null);
}

/**
 * Writes the rows of a query to a new Parquet file (zstd) and has it on disk when it resolves. Whoever calls gives a
 * temporary name and renames it (`ProjectFolder.replaceFile`).
 * @param options.rowGroup rows in a group, DuckDB's usual number without it
 * @throws OVR003 when the file system refuses
 */
export async function writeParquet(
  connection: DuckDBConnection,
  query: string,
  file: string,
  options: { readonly rowGroup?: number } = {},
): Promise<void> {
  const group = options.rowGroup === undefined ? '' : `, ROW_GROUP_SIZE ${options.rowGroup}`;
  await copyTo(connection, query, file, `FORMAT parquet, COMPRESSION zstd${group}`);
}

/** The same as a new CSV file with a header (RFC 4180, UTF-8); an empty cell is NULL. @throws OVR003 */
export async function writeCsv(connection: DuckDBConnection, query: string, file: string): Promise<void> {
  await copyTo(connection, query, file, 'FORMAT csv, HEADER true');
}

async function copyTo(
  connection: DuckDBConnection,
  query: string,
  file: string,
  format: string,
): Promise<void> {
  // DuckDB tells what the system refused in words only; an empty file tells it by number, where it can.
  await writeAndSync(file, '');
  await connection
    .run(`COPY (${query}) TO ${quoteLiteral(file)} (${format}, USE_TMP_FILE false)`)
    .catch((error: unknown) => {
      throw refusedByDisk(error, file) ?? error;
    });
  await syncFile(file);
}

/** DuckDB's "IO Error: … No space left on device" as the system's own error. */
function refusedByDisk(error: unknown, file: string): OverreadError | undefined {
  const text = error instanceof Error ? error.message : String(error);
  if (!text.startsWith('IO Error')) return undefined;
  const codes: readonly (readonly [RegExp, string])[] = [
    [/No space left|not enough space/i, 'ENOSPC'],
    [/quota/i, 'EDQUOT'],
    [/Read-only/i, 'EROFS'],
    [/Permission denied|Access is denied/i, 'EACCES'],
    [/Too many open files/i, 'EMFILE'],
    [/No such file/i, 'ENOENT'],
  ];
  const code = codes.find(([words]) => words.test(text))?.[1] ?? 'EIO';
  const refusal: NodeJS.ErrnoException = Object.assign(new Error(text), { code, syscall: 'write' });
  return fileSystemError(refusal, 'The table cannot be written', file);
}
