/** Every query gives what the same query in DuckDB gives on a plain table of the items. */
import { BOOLEAN, DOUBLE, INTEGER, VARCHAR } from '@duckdb/node-api';
import { describe, expect, it } from 'vitest';
import {
  createTable,
  quoteLiteral,
  withMemoryDatabase,
  type DuckDBConnection,
} from '../../../src/core/base/duckdb';
import { SplitMix32 } from '../../../src/core/base/random';
import { splits } from '../../../src/core/dataset/model';
import { effectiveLabels } from '../../../src/core/labels/effectiveLabels';
import { Catalog } from '../../../src/core/review/catalog';
import type { ItemQuery, ReviewItem } from '../../../src/core/review/model';
import { queueTable } from '../../../src/core/review/queues';
import { scoreTable } from '../../../src/core/review/scores';
import { randomEvents } from '../labels/builders';
import { makeWorld, type World } from './builders';
import { randomCases } from '../../support/randomCases';

const filters = [
  undefined,
  'age > 60',
  'age is null or weight < 50.5',
  "sex = 'F' and wrong",
  "predicted = value or given = 'uncertain'",
  "taken >= DATE '2024-05-01' and confidence between 0.3 and 0.9",
  "\"group\" in ('P1', 'P2', 'P3') or study is null",
  "lower(path) like '%1%' and not coalesce(loss > 1.5, false)",
  'p < 0.4 -- a remark',
  'code = \'0012\' or metadata_Path <> \'shadowed\' or "odd ""name""" = \'x\'',
  'case when out_of_fold then edited else disputed or excluded end',
  "finding <> 'Mass' and split = 'train'",
];

/** The plain table: what `item` says of every item, beside the metadata. */
async function load(
  connection: DuckDBConnection,
  world: World,
  items: readonly ReviewItem[],
  before: readonly (string | null)[],
): Promise<void> {
  const { dataset } = world;
  const width = dataset.findings.length;
  const text = (name: string, value: (item: ReviewItem, row: number) => string | null) => ({
    name,
    type: VARCHAR,
    values: items.map(value),
  });
  const metadata = (name: string) => (_: ReviewItem, row: number) =>
    dataset.samples[Math.floor(row / width)]!.metadata[name] ?? null;
  // A few hundred rows are not worth a second thread.
  await connection.run('SET threads = 1');
  await createTable(connection, 'plain', [
    { name: 'item', type: INTEGER, values: items.map((_, row) => row) },
    ...(['sample', 'path', 'split', 'group', 'finding', 'given', 'value', 'predicted'] as const).map((name) =>
      text(name, (item) => item[name]),
    ),
    text('study', (_, row) => dataset.samples[Math.floor(row / width)]!.study),
    ...(['confidence', 'p', 'loss'] as const).map((name) => ({
      name,
      type: DOUBLE,
      values: items.map((item) => item[name]),
    })),
    ...(['wrong', 'edited', 'kept', 'excluded', 'disputed'] as const).map((name) => ({
      name,
      type: BOOLEAN,
      values: items.map((item) => item[name]),
    })),
    text('before', (_, row) => before[row]!),
    text('judged_as', judgedAs),
    { name: 'out_of_fold', type: BOOLEAN, values: items.map((item) => item.outOfFold) },
    {
      name: 'is_masked',
      type: BOOLEAN,
      values: items.map((item) => item.excluded || (item.disputed && item.value === null)),
    },
    ...['age', 'weight', 'taken'].map((name) => text(`${name}_text`, metadata(name))),
    ...['sex', 'code', 'odd "name"'].map((name) => text(name, metadata(name))),
    text('metadata_Path', metadata('Path')),
  ]);
  await connection.run(
    `CREATE TABLE items AS SELECT *, age_text::INTEGER AS age, weight_text::DOUBLE AS weight, taken_text::DATE AS taken
     FROM plain`,
  );
}

/** The label that a prediction is held against; null where there is none, or no prediction. */
function judgedAs({ value, predicted, wrong, loss, finding }: ReviewItem): string | null {
  if (loss === null || predicted === null) return null;
  if (finding === 'class') return value;
  return (predicted === '1') === wrong ? '0' : '1';
}

const isInQueue: Readonly<Record<ItemQuery['queue'], string>> = {
  errors: 'wrong AND NOT kept',
  'confident-errors': 'wrong AND NOT kept AND confidence >= 0.8',
  // This catalog was opened without suspects and checks.
  suspects: 'false',
  checks: 'false',
  disputed: 'disputed AND NOT excluded',
  edited: 'edited',
  uncertain: "value = 'uncertain' AND NOT excluded",
  unlabelled: "value IS NULL AND NOT kept AND NOT excluded AND NOT disputed AND finding IN ('class', 'Mass')",
  fixed: 'NOT kept AND NOT wrong AND before <> judged_as',
  'newly-wrong': 'NOT kept AND wrong AND before = judged_as',
  'still-wrong': 'NOT kept AND wrong AND before <> judged_as',
  all: 'true',
};

function sqlOf(query: ItemQuery, world: World): { base: string; rows: string } {
  const list = (values: readonly string[]): string => `(${values.map(quoteLiteral).join(', ')})`;
  const base = [
    ...(query.splits.length > 0 ? [`split IN ${list(query.splits)}`] : []),
    ...(query.finding === undefined ? [] : [`finding = ${quoteLiteral(query.finding)}`]),
    ...(query.samples?.length ? [`sample IN ${list(query.samples)}`] : []),
    ...(query.where === undefined ? [] : [`(${query.where}\n)`]),
  ];
  const own = [
    `(${isInQueue[query.queue]})`,
    ...(query.given?.length ? [`coalesce(value, '') IN ${list(query.given)}`] : []),
    ...(query.predicted?.length ? [`predicted IN ${list(query.predicted)}`] : []),
  ];
  const direction = query.descending ? 'DESC' : 'ASC';
  // In place of a class, uncertain comes after the classes.
  const values = [...new Set([...world.dataset.findings[0]!.values, 'uncertain'])]
    .map(quoteLiteral)
    .join(', ');
  const orders: Readonly<Record<string, string>> = {
    loss: `loss ${direction} NULLS LAST`,
    confidence: `confidence ${direction} NULLS LAST`,
    suspicion: 'item',
    check: 'item',
    class: `list_position([${values}], value) ${direction} NULLS LAST, loss DESC NULLS LAST`,
    path: `path ${direction}`,
  };
  const order = orders[query.sort];
  const from = `FROM items WHERE ${['true', ...base].join(' AND ')}`;
  return { base: from, rows: `SELECT item ${from} AND ${own.join(' AND ')} ORDER BY ${order}, item` };
}

function randomQuery(random: SplitMix32, world: World): ItemQuery {
  const some = <T>(values: readonly T[], chance: number): T[] =>
    values.filter(() => random.uniform() < chance);
  const pick = <T>(values: readonly T[]): T => values[random.below(values.length)]!;
  const where = pick(filters);
  const finding = pick([undefined, ...world.dataset.findings.map((one) => one.name)]);
  const values = world.dataset.findings[0]!.values;
  return {
    queue: pick(queueTable).id,
    splits: some(splits, 0.6),
    sort: pick(scoreTable.filter(({ sort }) => sort)).id,
    descending: random.uniform() < 0.5,
    ...(where === undefined ? {} : { where }),
    ...(finding === undefined ? {} : { finding }),
    ...(random.uniform() < 0.3 ? { given: [...some(values, 0.5), ''] } : {}),
    ...(random.uniform() < 0.3 ? { predicted: some(values, 0.5) } : {}),
    ...(random.uniform() < 0.3 ? { samples: some(world.dataset.samples, 0.5).map(({ id }) => id) } : {}),
  };
}

describe.each(['multi-class', 'multi-label'] as const)('queries on a %s catalog', (task) => {
  it('equal SQL on a plain table', async () => {
    const world = makeWorld(task, 150, task === 'multi-class' ? 11 : 12);
    const random = new SplitMix32(13);
    const events = randomEvents(world.dataset, random, 120);
    const labels = effectiveLabels(world.dataset, events, { disputed: 'exclude' });
    const catalog = await Catalog.open({
      ...world,
      labels,
      earlier: makeWorld(task, 150, 14).predictions,
    });
    const items = Array.from({ length: catalog.items }, (_, row) => catalog.item(row));
    let nonEmpty = 0;
    const queries = randomCases(80, 250);
    await withMemoryDatabase(async (connection) => {
      await load(
        connection,
        world,
        items,
        items.map((_, row) => catalog.predictedBefore(row)),
      );
      const read = async (sql: string) => (await connection.runAndReadAll(sql)).getRows();
      for (let k = 0; k < queries; k++) {
        const query = randomQuery(random, world);
        const { rows, confusion } = await catalog.query(query);
        const sql = sqlOf(query, world);
        const expected = (await read(sql.rows)).map(([item]) => item);
        expect([query, [...rows]]).toEqual([query, expected]);
        if (rows.length > 0) nonEmpty++;

        const pairs = await read(
          `SELECT coalesce(value, ''), predicted, count(*)::INTEGER ${sql.base}
           AND predicted IS NOT NULL AND NOT is_masked GROUP BY ALL`,
        );
        const counted = confusion.labels.flatMap((label, r) =>
          confusion.predicted.flatMap((predicted, c) => {
            const count = confusion.counts[r]![c]!;
            return count === 0 ? [] : [[label, predicted, count]];
          }),
        );
        expect(new Set(counted.map(String))).toEqual(new Set(pairs.map(String)));
      }
    });
    expect(nonEmpty).toBeGreaterThan(0.4 * queries);
    catalog.close();
  });
});
