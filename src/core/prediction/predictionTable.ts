/** The table of `overread predict`: a row for each image, in the form that `overread runs import` takes back. */
import { BOOLEAN, DOUBLE, VARCHAR } from '@duckdb/node-api';
import { createTable, withMemoryDatabase, writeCsv, writeParquet, type TableColumn } from '../base/duckdb';
import { OverreadError } from '../base/errors';
import { replaceFile } from '../base/files';
import { isCalled, mostProbable } from '../evaluation/outcomeRules';
import { probabilityColumn } from '../runs/predictionsFile';
import type { Head } from '../training/model';
import type { WantedImage } from './findImages';
import type { ImagePredictions } from './predictImages';

/** A row of the table, as `--json` and the columns have it. */
export interface PredictionRow {
  readonly image: string;
  /** multi-class: the most probable class; multi-label: the findings above their thresholds; null: no prediction. */
  readonly predicted: string | readonly string[] | null;
  /** By output, from 0 to 1. */
  readonly probabilities: Readonly<Record<string, number>> | null;
  /** The sample of the training part that is the same file; null: none. */
  readonly in_training: string | null;
  /** Code and words of what kept the image from being read. */
  readonly problem: string | null;
}

/** The rows, in the order of the images. @param trainedOn samples of the training part by content */
export function predictionRows(
  head: Head,
  images: readonly WantedImage[],
  { probabilities, problems, contentHashes }: ImagePredictions,
  trainedOn: ReadonlyMap<string, string>,
): PredictionRow[] {
  const { outputs, task, thresholds } = head;
  return images.map(({ name }, i) => {
    const at = i * outputs.length;
    const row = probabilities.subarray(at, at + outputs.length);
    const problem = problems[i];
    const known = { image: name, in_training: trainedOn.get(contentHashes[i] ?? '') ?? null };
    if (Number.isNaN(row[0])) {
      const words = problem === undefined ? 'no prediction' : `${problem.code} ${problem.message}`;
      return { ...known, predicted: null, probabilities: null, problem: words };
    }
    const called = outputs.filter((_, k) => isCalled(row[k] ?? NaN, thresholds[k] ?? NaN));
    const likeliest = outputs[mostProbable(probabilities, at, outputs.length)] ?? null;
    return {
      ...known,
      predicted: task === 'multi-class' ? likeliest : called,
      probabilities: Object.fromEntries(outputs.map((output, k) => [output, row[k] ?? NaN])),
      problem: null,
    };
  });
}

/** The file's ending says its format. @throws OVR001 it is neither */
export function checkTarget(file: string): void {
  if (/\.(csv|parquet)$/i.test(file)) return;
  throw new OverreadError({
    code: 'OVR001',
    message: `Predictions cannot be written to "${file}"`,
    expected: 'a file name that ends in .csv or .parquet (--out)',
  });
}

/**
 * Writes the rows: `image`, `predicted` (findings between `|`), `p_<output>` for each, `in_training`, `problem`. The file
 * appears when it is whole.
 * @throws OVR003
 */
export async function writePredictionTable(
  file: string,
  outputs: readonly string[],
  rows: readonly PredictionRow[],
): Promise<void> {
  const text = (name: string, of: (row: PredictionRow) => string | null): TableColumn => ({
    name,
    type: VARCHAR,
    values: rows.map(of),
  });
  const columns: TableColumn[] = [
    text('image', ({ image }) => image),
    text('predicted', ({ predicted }) =>
      typeof predicted === 'string' ? predicted : (predicted?.join('|') ?? null),
    ),
    ...outputs.map((output) => ({
      name: probabilityColumn(output),
      type: DOUBLE,
      values: rows.map(({ probabilities }) => probabilities?.[output] ?? null),
    })),
    { name: 'in_training', type: BOOLEAN, values: rows.map(({ in_training }) => in_training !== null) },
    text('problem', ({ problem }) => problem),
  ];
  await replaceFile(file, (temporary) =>
    withMemoryDatabase(async (connection) => {
      await createTable(connection, 'predictions', columns);
      const write = /\.parquet$/i.test(file) ? writeParquet : writeCsv;
      await write(connection, 'SELECT * FROM predictions', temporary);
    }),
  );
}
