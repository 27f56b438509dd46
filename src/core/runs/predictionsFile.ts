/** `predictions.parquet`: one row per review item, with the probabilities that the errors are ranked by. */
import { BOOLEAN, DOUBLE, INTEGER, VARCHAR } from '@duckdb/node-api';
import {
  createTable,
  queryColumns,
  quoteFile,
  quoteIdentifier,
  quoteLiteral,
  withMemoryDatabase,
  writeParquet,
  type ColumnResult,
  type DuckDBConnection,
  type TableColumn,
} from '../base/duckdb';
import { OverreadError } from '../base/errors';
import { inTurns, ofRanges, ownTurns, type Pieces, type Turns } from '../base/pieces';
import { checkPlainFile } from '../base/readPlain';
import type { Dataset, SplitAssignment } from '../dataset/model';
import { tableLimits } from '../table/tableRefusals';
import type { PredictionColumns } from '../evaluation/model';
import { smallestProbability } from '../evaluation/outcomeRules';
import { itemFlags, type EffectiveLabels } from '../labels/effectiveLabels';

export interface PredictionsInput {
  readonly dataset: Dataset;
  readonly assignment: SplitAssignment;
  readonly labels: EffectiveLabels;
  readonly predictions: PredictionColumns;
}

/** Read in one piece. */
const rowsAtOnce = 1024;

/** The column that holds the probability of one class of a multi-class run. */
export function probabilityColumn(output: string): string {
  return `p_${output}`;
}

/**
 * Writes the predictions of a run to a new file. Samples without a prediction (their image could not be read) have no row.
 * The rows of each finding are derived in SQL from one narrow table, so that 112,120 × 14 items take seconds; what the
 * SQL says of an item is what `evaluation/outcomes` says, row by row (test/core/runs/predictionsFile.test.ts).
 */
export async function writePredictions(file: string, input: PredictionsInput): Promise<void> {
  await withMemoryDatabase(async (connection) => {
    await createTable(connection, 'samples', sampleColumns(input));
    const rows =
      input.dataset.task === 'multi-class'
        ? multiClassRows(input)
        : multiLabelRows(input).join(' UNION ALL ');
    await writeParquet(connection, rows, file);
  });
}

function sampleColumns({ dataset, assignment, labels, predictions }: PredictionsInput): TableColumn[] {
  const { samples, findings } = dataset;
  const outputs = predictions.outputs.length;
  const column = (name: string, type: TableColumn['type'], values: TableColumn['values']): TableColumn => ({
    name,
    type,
    values,
  });
  return [
    column(
      'sample',
      VARCHAR,
      samples.map((sample) => sample.id),
    ),
    column('split', VARCHAR, assignment.split),
    column(
      'fold',
      INTEGER,
      Array.from(assignment.fold, (fold) => (fold < 0 ? null : fold)),
    ),
    column(
      'out_of_fold',
      BOOLEAN,
      Array.from(predictions.outOfFold, (flag) => flag === 1),
    ),
    column(
      'seen',
      BOOLEAN,
      samples.map((_sample, i) => predictions.seen?.[i] === 1),
    ),
    ...findings.map((_, f) =>
      column(
        `given_${f}`,
        VARCHAR,
        samples.map((_sample, i) => labels.valueAt(i * findings.length + f)),
      ),
    ),
    ...findings.map((_, f) =>
      column(
        `masked_${f}`,
        BOOLEAN,
        samples.map((_sample, i) => (labels.flags[i * findings.length + f]! & itemFlags.masked) !== 0),
      ),
    ),
    ...predictions.outputs.map((_, k) =>
      column(
        `probability_${k}`,
        DOUBLE,
        samples.map((_sample, i) => {
          const p = predictions.probabilities[i * outputs + k]!;
          return Number.isNaN(p) ? null : p;
        }),
      ),
    ),
  ];
}

function multiClassRows({ predictions }: PredictionsInput): string {
  const all = `[${predictions.outputs.map((_, k) => `probability_${k}`).join(', ')}]`;
  const names = `[${predictions.outputs.map(quoteLiteral).join(', ')}]`;
  const named = predictions.outputs.map(
    (name, k) => `probability_${k} AS ${quoteIdentifier(probabilityColumn(name))}`,
  );
  return `
    SELECT sample, 'class' AS finding, split, fold, given, predicted, p, NULL::DOUBLE AS threshold, loss,
           loss IS NOT NULL AND predicted <> given AS wrong, out_of_fold, seen, ${predictions.outputs.map((name) => quoteIdentifier(probabilityColumn(name))).join(', ')}
    FROM (
      SELECT *, given_0 AS given, ${named.join(', ')},
             list_max(${all}) AS p, ${names}[list_position(${all}, list_max(${all}))] AS predicted,
             CASE WHEN NOT masked_0 AND list_contains(${names}, given_0) THEN -ln(greatest(${all}[list_position(${names}, given_0)], ${smallestProbability})) END AS loss
      FROM samples WHERE probability_0 IS NOT NULL
    )`;
}

function multiLabelRows({ dataset, predictions }: PredictionsInput): string[] {
  return dataset.findings.map((finding, f) => {
    const k = predictions.outputs.indexOf(finding.name);
    const threshold = predictions.thresholds[k] ?? 0.5;
    const target = targetSql(finding.uncertain, finding.unmentioned, f);
    return `
      SELECT sample, ${quoteLiteral(finding.name)} AS finding, split, fold, given_${f} AS given,
             CASE WHEN p >= ${threshold} THEN '1' ELSE '0' END AS predicted, p, ${threshold}::DOUBLE AS threshold,
             CASE target WHEN 1 THEN -ln(greatest(p, ${smallestProbability})) WHEN 0 THEN -ln(greatest(1 - p, ${smallestProbability})) END AS loss,
             target IS NOT NULL AND (p >= ${threshold}) <> (target = 1) AS wrong, out_of_fold, seen
      FROM (SELECT *, probability_${k} AS p, ${target} AS target FROM samples WHERE probability_${k} IS NOT NULL)`;
  });
}

/** 1, 0 or NULL (masked) as the finding's mapping says. */
function targetSql(uncertain: string, unmentioned: string, f: number): string {
  const meaning = (word: string): string => (word === 'positive' ? '1' : word === 'negative' ? '0' : 'NULL');
  return `CASE WHEN masked_${f} THEN NULL WHEN given_${f} = '1' THEN 1 WHEN given_${f} = '0' THEN 0
          WHEN given_${f} = 'uncertain' THEN ${meaning(uncertain)} ELSE ${meaning(unmentioned)} END`;
}

/**
 * Reads a run's predictions back, aligned with the dataset as it is now: samples that the run does not know
 * get NaN, rows of samples that are gone are left out.
 * @throws OverreadError OVR801 when the file is missing or is no such table
 */
export async function readPredictions(
  file: string,
  run: { readonly task: string; readonly outputs: readonly string[]; readonly thresholds: readonly number[] },
  dataset: Dataset,
  turns: Turns = ownTurns,
): Promise<PredictionColumns> {
  const { outputs, thresholds } = run;
  const perSample = run.task === 'multi-class' ? multiClassQuery : multiLabelQuery;
  const read = async (connection: DuckDBConnection): Promise<ColumnResult> => {
    await checkPlainFile(file);
    await refuseTooMany(connection, file, outputs.length);
    const seen = (await hasColumn(connection, file, 'seen')) ? 'seen::BOOLEAN' : 'false';
    return queryColumns(connection, perSample(quoteFile(file), outputs, seen));
  };
  const table = await withMemoryDatabase(read).catch((cause: unknown) => {
    throw new OverreadError({
      code: 'OVR801',
      message: 'The predictions of the run cannot be read',
      place: { file },
      fix: 'Restore the run folder from version control, or fine-tune again',
      cause,
    });
  });
  const columns = await inTurns(aligned(table, outputs.length, dataset, file), turns);
  return { outputs, thresholds, ...columns };
}

/** In pieces. @throws OVR801 */
function* aligned(
  table: ColumnResult,
  outputs: number,
  dataset: Dataset,
  file: string,
): Pieces<Pick<PredictionColumns, 'probabilities' | 'outOfFold'> & { readonly seen: Uint8Array }> {
  const index = new Map<string, number>();
  const number = (from: number, to: number): void => {
    for (const [k, { id }] of dataset.samples.slice(from, to).entries()) index.set(id, from + k);
  };
  yield* ofRanges(dataset.samples.length, number, rowsAtOnce);
  const probabilities = new Float64Array(dataset.samples.length * outputs).fill(NaN);
  yield;
  const outOfFold = new Uint8Array(dataset.samples.length);
  const seen = new Uint8Array(dataset.samples.length);
  const [ids = [], flags = [], seenFlags = [], ...rest] = table.columns;
  const take = (from: number, to: number): void => {
    for (let row = from; row < to; row++) {
      const i = index.get(ids[row] as string);
      if (i === undefined) continue;
      outOfFold[i] = flags[row] === true ? 1 : 0;
      seen[i] = seenFlags[row] === true ? 1 : 0;
      for (const [k, column] of rest.entries()) {
        const p = (column[row] as number | null | undefined) ?? NaN;
        if (p < 0 || p > 1) throw noProbability(file, p);
        probabilities[i * outputs + k] = p;
      }
    }
  };
  yield* ofRanges(ids.length, take, rowsAtOnce);
  return { probabilities, outOfFold, seen };
}

/** Few bytes of Parquet can say very many rows: the file's own count comes before any of them. */
async function refuseTooMany(connection: DuckDBConnection, file: string, outputs: number): Promise<void> {
  const { columns } = await queryColumns(
    connection,
    `SELECT num_rows FROM parquet_file_metadata(${quoteFile(file)})`,
  );
  const rows = Number(columns[0]?.[0]);
  if (rows > tableLimits.rows * outputs) throw new Error(`${rows} rows are more than a table can have`);
}

/** Runs of before contract 2 do not say what was seen in training: their predictions are out of fold. */
async function hasColumn(connection: DuckDBConnection, file: string, name: string): Promise<boolean> {
  const { columns } = await queryColumns(
    connection,
    `DESCRIBE SELECT * FROM read_parquet(${quoteFile(file)})`,
  );
  return columns[0]?.includes(name) === true;
}

function noProbability(file: string, p: number): OverreadError {
  return new OverreadError({
    code: 'OVR801',
    message: `The predictions of the run hold ${p}`,
    place: { file },
    expected: 'probabilities from 0 to 1',
    fix: 'Restore the run folder from version control, or fine-tune again',
  });
}

/** One row per sample: its id, whether it is out of fold, whether it was seen, and one probability per output. */
function multiClassQuery(file: string, outputs: readonly string[], seen: string): string {
  const columns = outputs.map((name) => `${quoteIdentifier(probabilityColumn(name))}::DOUBLE`);
  return `SELECT sample::VARCHAR, out_of_fold::BOOLEAN, ${seen}, ${columns.join(', ')} FROM read_parquet(${file})`;
}

/** The same from one row per sample and finding: DuckDB gathers 1.6 million rows faster than JavaScript reads them. */
function multiLabelQuery(file: string, outputs: readonly string[], seen: string): string {
  const columns = outputs.map(
    (name, k) => `max(p::DOUBLE) FILTER (finding = ${quoteLiteral(name)}) AS p_${k}`,
  );
  return `SELECT sample::VARCHAR AS sample, bool_or(out_of_fold::BOOLEAN), bool_or(${seen}), ${columns.join(', ')} FROM read_parquet(${file}) GROUP BY sample`;
}
