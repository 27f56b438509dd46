/** The file of `overread features`: rows go to disk as they come, so that memory does not grow with the table. */
import { FLOAT, LIST, VARCHAR, listValue } from '@duckdb/node-api';
import { createTable, withMemoryDatabase, writeParquet } from '../core/base/duckdb';
import { replaceFile, writeFileAtomic } from '../core/base/files';
import { RowFile } from '../core/base/rowFile';
import { present } from '../core/base/present';
import type { RowSink } from '../core/features/rows';
import { npyHeader, npyHeaderBytes } from './npy';

/** What was put into the sink: the ids of the rows that are kept, and their places in the sink, which rise. */
export interface KeptRows {
  readonly ids: readonly string[];
  readonly places: readonly number[];
  /** Values of a row. */
  readonly dim: number;
}

/**
 * Writes what `fill` puts into the sink, by the extension of the name: `.npy` with the ids in `.samples.txt`, or
 * `.parquet`. The files appear when they are whole; when anything fails, nothing is left.
 * @returns what `fill` gives
 * @throws OVR003, and what `fill` throws
 */
export async function writeFeatureFile<T extends KeptRows>(
  file: string,
  fill: (sink: RowSink) => Promise<T>,
): Promise<T> {
  return replaceFile(file, (temporary) =>
    file.endsWith('.npy') ? writeNpy(file, temporary, fill) : writeTable(temporary, fill),
  );
}

async function writeNpy<T extends KeptRows>(
  file: string,
  temporary: string,
  fill: (sink: RowSink) => Promise<T>,
): Promise<T> {
  const rows = new RowFile(temporary, npyHeaderBytes);
  try {
    const kept = await fill(rows);
    const { ids, places, dim } = kept;
    rows.keep(places);
    rows.finish(npyHeader(ids.length, dim));
    await writeFileAtomic(
      `${file.slice(0, -'.npy'.length)}.samples.txt`,
      ids.map((id) => `${id}\n`),
    );
    return kept;
  } finally {
    rows.close();
  }
}

/** DuckDB holds the table in memory until it is written. */
async function writeTable<T extends KeptRows>(
  temporary: string,
  fill: (sink: RowSink) => Promise<T>,
): Promise<T> {
  const memory = new Map<number, Float32Array>();
  const featuresOf = (row: number) => present(memory.get(row), 'the features of a row');
  const kept = await fill({
    set: (row, features) => memory.set(row, features.slice()),
    copy: (from, to) => memory.set(to, featuresOf(from)),
  });
  const { ids, places } = kept;
  const lists = places.map((place) => listValue([...featuresOf(place)]));
  await withMemoryDatabase(async (connection) => {
    await createTable(connection, 'features', [
      { name: 'sample', type: VARCHAR, values: ids },
      { name: 'features', type: LIST(FLOAT), values: lists },
    ]);
    await writeParquet(connection, 'SELECT * FROM features', temporary);
  });
  return kept;
}
