/** Parquet files that the product wrote, read by DuckDB alone. */
import {
  type ColumnResult,
  queryColumns,
  quoteFile,
  quoteIdentifier,
  withMemoryDatabase,
} from '../../src/core/base/duckdb';

/** Reads a Parquet file, or some of its columns. */
export async function readParquet(file: string, columns?: readonly string[]): Promise<ColumnResult> {
  const list = columns ? columns.map(quoteIdentifier).join(', ') : '*';
  return withMemoryDatabase((connection) =>
    queryColumns(connection, `SELECT ${list} FROM read_parquet(${quoteFile(file)})`),
  );
}
