/** The predictions of a finished run, as its file has them. */
import * as path from 'node:path';
import { queryColumns, quoteFile, withMemoryDatabase } from '../../src/core/base/duckdb';

/** Rows of `predictions.parquet`, in its order. @param columns SQL of each column */
export async function runPredictions(
  runFolder: string,
  columns: readonly string[],
): Promise<readonly (readonly unknown[])[]> {
  const file = quoteFile(path.join(runFolder, 'predictions.parquet'));
  const result = await withMemoryDatabase((connection) =>
    queryColumns(connection, `SELECT ${columns.join(', ')} FROM read_parquet(${file})`),
  );
  const [first = []] = result.columns;
  return Array.from(first, (_, row) => result.columns.map((column) => column[row]));
}
