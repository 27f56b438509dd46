/** The file of `overread features`: rows go to disk as they come, so that memory does not grow with the table. */
import * as path from 'node:path';
import { replaceFile, withScratchFolder, writeFileAtomic } from '../core/base/files';
import { RowFile } from '../core/base/rowFile';
import type { RowSink } from '../core/features/rows';
import { writeFeatureTable } from './featureTable';
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
    rows.finish(npyHeader([ids.length, dim]));
    await writeFileAtomic(
      `${file.slice(0, -'.npy'.length)}.samples.txt`,
      ids.map((id) => `${id}\n`),
    );
    return kept;
  } finally {
    rows.close();
  }
}

async function writeTable<T extends KeptRows>(
  temporary: string,
  fill: (sink: RowSink) => Promise<T>,
): Promise<T> {
  // Beside it, where there is room for the table anyway.
  return withScratchFolder(`${temporary}-`, async (scratch) => {
    const rows = new RowFile(path.join(scratch, 'rows'), 0);
    try {
      const kept = await fill(rows);
      await writeFeatureTable(temporary, rows, kept, (part) => path.join(scratch, `${part}.parquet`));
      return kept;
    } finally {
      rows.close();
    }
  });
}
