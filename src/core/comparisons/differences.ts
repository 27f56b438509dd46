/** On which images two networks of a comparison differ. */
import * as path from 'node:path';
import { queryColumns, quoteFile, quoteIdentifier, withMemoryDatabase } from '../base/duckdb';
import { OverreadError } from '../base/errors';
import { checkPlainFile } from '../base/readPlain';
import { mostProbable } from '../evaluation/outcomeRules';
import { probabilityColumn } from '../runs/predictionsFile';
import { comparisonFiles, comparisonsName, readComparison } from './folder';

/** Of findings every image differs by a little: as many as a person looks through. */
const mostOfFindings = 100;

/** Images on which two networks differ, those that differ most first. */
export interface NetworkDifferences {
  readonly samples: readonly string[];
  /** Images that both have judged, out of fold or in the validation part. */
  readonly compared: number;
}

/**
 * Compares what two networks said of the same images. Of classes those images count that the two give another class, by
 * how far apart the probabilities are (half of the summed absolute differences, the total variation distance, 0 to 1);
 * of findings the hundred with the largest difference of one finding's probability.
 *
 * @param first its index in `models` of compare.json, as `second`
 * @throws OVR800, OVR801 where the comparison or what it said of the images cannot be read
 */
export async function differencesBetween(
  root: string,
  comparison: string,
  first: number,
  second: number,
): Promise<NetworkDifferences> {
  const { models, outputs, task } = await readComparison(root, comparison);
  if (!models[first] || !models[second]) {
    throw new OverreadError({
      code: 'OVR800',
      message: `The comparison ${comparison} has ${models.length} networks`,
      expected: 'two of them',
    });
  }
  const place = path.join(comparisonsName, comparison, comparisonFiles.predictions);
  const columns = outputs.map(probabilityColumn);
  const read = await readBoth(path.join(root, place), columns, first, second).catch((error: unknown) => {
    throw new OverreadError({
      code: 'OVR801',
      message: `What the networks of ${comparison} said of the images cannot be read`,
      place: { file: place },
      fix: 'Restore the file from version control, or make the comparison again',
      cause: error,
    });
  });
  const rank = task === 'multi-class' ? ofClasses : ofFindings;
  const ranked = read.samples
    .map((sample, i) => {
      const of = (said: Float64Array): Float64Array =>
        said.subarray(i * outputs.length, (i + 1) * outputs.length);
      return { sample, apart: rank(of(read.first), of(read.second)) };
    })
    .filter(({ apart }) => apart > 0)
    // The samples are in order of their names, and this sort is stable.
    .sort((a, b) => b.apart - a.apart);
  return {
    samples: ranked.slice(0, task === 'multi-class' ? undefined : mostOfFindings).map(({ sample }) => sample),
    compared: read.samples.length,
  };
}

/** How far apart two predictions are, where they name different classes; else 0. */
function ofClasses(a: Float64Array, b: Float64Array): number {
  if (mostProbable(a, 0, a.length) === mostProbable(b, 0, b.length)) return 0;
  return distances(a, b).reduce((sum, one) => sum + one, 0) / 2;
}

/** The largest difference of one finding's probability. */
function ofFindings(a: Float64Array, b: Float64Array): number {
  return Math.max(0, ...distances(a, b));
}

function distances(a: Float64Array, b: Float64Array): Float64Array {
  return a.map((p, k) => Math.abs(p - (b[k] ?? NaN)));
}

/** What both said of the images that both have judged, row after row, in the order of the samples' names. */
async function readBoth(
  file: string,
  columns: readonly string[],
  first: number,
  second: number,
): Promise<{
  readonly samples: readonly string[];
  readonly first: Float64Array;
  readonly second: Float64Array;
}> {
  await checkPlainFile(file);
  const side = (model: number, name: string): string =>
    `(SELECT sample::VARCHAR AS sample, ${columns
      .map((column, k) => `${quoteIdentifier(column)}::DOUBLE AS ${name}_${k}`)
      .join(', ')} FROM read_parquet(${quoteFile(file)}) WHERE model = ${model})`;
  const { columns: read, rowCount } = await withMemoryDatabase((connection) =>
    queryColumns(
      connection,
      `SELECT sample, ${['a', 'b'].flatMap((name) => columns.map((_, k) => `${name}_${k}`)).join(', ')}
       FROM ${side(first, 'a')} JOIN ${side(second, 'b')} USING (sample) ORDER BY sample`,
    ),
  );
  const numbers = (from: number): Float64Array => {
    const rows = new Float64Array(rowCount * columns.length);
    for (let k = 0; k < columns.length; k++) {
      read[from + k]?.forEach((value, i) => (rows[i * columns.length + k] = Number(value ?? NaN)));
    }
    return rows;
  };
  return { samples: (read[0] ?? []).map(String), first: numbers(1), second: numbers(1 + columns.length) };
}
