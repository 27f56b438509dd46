/** `predictions.parquet` of a comparison: what every network said of every image, for figures of one's own. */
import { BOOLEAN, DOUBLE, INTEGER, VARCHAR } from '@duckdb/node-api';
import {
  createTable,
  quoteIdentifier,
  withMemoryDatabase,
  writeParquet,
  type TableColumn,
} from '../base/duckdb';
import { present } from '../base/present';
import type { Targets } from '../labels/model';
import type { Project } from '../project/project';
import { probabilityColumn } from '../runs/predictionsFile';
import type { Evaluated } from './evaluateAll';

/**
 * Writes one row per network and image of the training part (out of fold) and the validation part:
 * `model` (its index in compare.json), `label`, `sample`, `split`, `fold`, `out_of_fold`, the label that it is
 * measured against (`given`: the class; or `given_<finding>`: 1, 0 or null), and `p_<output>` for each output.
 *
 * @param evaluated in the order of compare.json
 */
export async function writeComparedPredictions(
  file: string,
  project: Project,
  evaluated: readonly Evaluated[],
): Promise<void> {
  await withMemoryDatabase(async (connection) => {
    for (const [i, model] of evaluated.entries()) {
      await createTable(connection, `model_${i}`, columnsOf(project, model, i));
    }
    const all = evaluated.map((_, i) => `SELECT * FROM ${quoteIdentifier(`model_${i}`)}`);
    await writeParquet(connection, all.join(' UNION ALL '), file);
  });
}

function columnsOf(
  { dataset, assignment }: Project,
  { facts, predictions, targets }: Evaluated,
  index: number,
): TableColumn[] {
  const outputs = predictions.outputs.length;
  const rows = [...dataset.samples.keys()].filter(
    (row) => assignment.split[row] !== 'test' && !Number.isNaN(predictions.probabilities[row * outputs]),
  );
  const column = (
    name: string,
    type: TableColumn['type'],
    value: (row: number) => TableColumn['values'][number],
  ): TableColumn => ({ name, type, values: rows.map(value) });
  return [
    column('model', INTEGER, () => index),
    column('label', VARCHAR, () => facts.label),
    column('sample', VARCHAR, (row) => present(dataset.samples[row], 'the sample').id),
    column('split', VARCHAR, (row) => assignment.split[row] ?? null),
    column('fold', INTEGER, (row) => knownNumber(assignment.fold[row])),
    column('out_of_fold', BOOLEAN, (row) => predictions.outOfFold[row] === 1),
    ...givenColumns(targets, column),
    ...predictions.outputs.map((name, k) =>
      column(probabilityColumn(name), DOUBLE, (row) => predictions.probabilities[row * outputs + k] ?? null),
    ),
  ];
}

type MakeColumn = (
  name: string,
  type: TableColumn['type'],
  value: (row: number) => TableColumn['values'][number],
) => TableColumn;

/** Negative stands for none. */
function knownNumber(value: number | undefined): number | null {
  return value === undefined || value < 0 ? null : value;
}

function givenColumns({ task, outputs, y }: Targets, column: MakeColumn): TableColumn[] {
  if (task === 'multi-class') return [column('given', VARCHAR, (row) => outputs[y[row] ?? -1] ?? null)];
  return outputs.map((name, f) =>
    column(`given_${name}`, INTEGER, (row) => knownNumber(y[row * outputs.length + f])),
  );
}
