/**
 * `features` as one Parquet table, in parts: DuckDB holds a table in memory until it is written, so it never gets
 * more of it than a few rows. The parts, files of their own first, are then put together one after the other.
 */
import { FLOAT, LIST, VARCHAR, listValue } from '@duckdb/node-api';
import {
  appendBlocks,
  createTable,
  type DuckDBValue,
  openMemoryDatabase,
  quoteFile,
  writeParquet,
} from '../core/base/duckdb';
import type { RowFile } from '../core/base/rowFile';
import type { KeptRows } from './featureFile';

/** Bytes of features in a part: DuckDB takes many times as much for lists that it appends and compresses. */
const partBytes = 4 * 2 ** 20;
/** Rows in a group of the whole table: what DuckDB has at least, and by itself. */
const leastRows = 2048;
const mostRows = 122_880;
/** Bytes of features that become values of JavaScript at once. */
const blockBytes = 2 ** 20;

const types = [VARCHAR, LIST(FLOAT)];

/**
 * Writes the kept rows as `sample`, `features`.
 * @param file the new Parquet file
 * @param partFile the name of a file for the part of a number; all of them are removed by the caller
 */
export async function writeFeatureTable(
  file: string,
  rows: RowFile,
  kept: KeptRows,
  partFile: (part: number) => string,
): Promise<void> {
  const partRows = Math.max(1, Math.min(mostRows, Math.floor(partBytes / (4 * kept.dim))));
  const rowGroup = Math.max(leastRows, partRows);
  // One thread has one part in hand.
  const database = await openMemoryDatabase({ threads: '1' });
  try {
    const { connection } = database;
    const parts: string[] = [];
    for (let first = 0; first === 0 || first < kept.ids.length; first += partRows) {
      const end = Math.min(kept.ids.length, first + partRows);
      await createTable(connection, 'part', [
        { name: 'sample', type: VARCHAR, values: [] },
        { name: 'features', type: LIST(FLOAT), values: [] },
      ]);
      await appendBlocks(connection, 'part', types, blocksOf(rows, kept, first, end));
      const part = end === kept.ids.length && first === 0 ? file : partFile(parts.length);
      await writeParquet(connection, 'SELECT * FROM part', part, { rowGroup });
      await connection.run('DROP TABLE part');
      parts.push(part);
    }
    if (parts.length === 1) return;
    const list = parts.map(quoteFile).join(', ');
    await writeParquet(connection, `SELECT * FROM read_parquet([${list}])`, file, { rowGroup });
  } finally {
    database.close();
  }
}

/** The rows of one part, as columns of a few rows at a time. */
function* blocksOf(
  rows: RowFile,
  { ids, places, dim }: KeptRows,
  first: number,
  end: number,
): Generator<DuckDBValue[][]> {
  const block = Math.max(1, Math.floor(blockBytes / (4 * dim)));
  for (let start = first; start < end; start += block) {
    const blockEnd = Math.min(end, start + block);
    const lists = places.slice(start, blockEnd).map((place) => listValue(Array.from(rows.rows(place, 1))));
    yield [ids.slice(start, blockEnd), lists];
  }
}
