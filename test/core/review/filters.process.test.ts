/** What a filter may be, and what people try. */
import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import * as os from 'node:os';
import * as path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { OverreadError } from '../../../src/core/base/errors';
import { effectiveLabels } from '../../../src/core/labels/effectiveLabels';
import { Catalog } from '../../../src/core/review/catalog';
import { filterColumns } from '../../../src/core/review/filterColumns';
import { filterLimits } from '../../../src/core/review/filterLimits';
import type { FilterTables } from '../../../src/core/review/filterTables';
import { FilterStarter } from '../../../src/core/review/filterStarter';
import { bundleProgram } from '../features/bundle';
import { makeWorld } from './builders';

const world = makeWorld('multi-class', 60, 21);
let catalog: Catalog;
/** The same, its filters in a process of their own. */
let besides: Catalog;
let filterProgram: string;
let folder: string;
let secret: string;

beforeAll(async () => {
  const labels = effectiveLabels(world.dataset, [], { disputed: 'exclude' });
  catalog = await Catalog.open({ ...world, labels });
  filterProgram = await bundleProgram('src/core/review/filterProgram.ts');
  besides = await Catalog.open({ ...world, labels, filterStarter: new FilterStarter(filterProgram) });
  folder = await mkdtemp(path.join(os.tmpdir(), 'overread-filter-'));
  secret = path.join(folder, 'secret.csv');
  await writeFile(secret, 'password\nhunter2\n');
});
afterAll(async () => {
  catalog.close();
  besides.close();
  await rm(path.dirname(filterProgram), { recursive: true, force: true });
  await rm(folder, { recursive: true, force: true });
});

/** How many it selects, here and in a process of its own alike. */
async function query(where: string): Promise<number> {
  const all = { queue: 'all', splits: [], sort: 'path', descending: false } as const;
  const [here, there] = await Promise.allSettled(
    [catalog, besides].map((one) => one.query({ ...all, where })),
  );
  if (here!.status === 'rejected') {
    const reason = here!.reason as OverreadError;
    expect(there).toMatchObject({
      status: 'rejected',
      reason: { code: reason.code, message: reason.message },
    });
    throw reason;
  }
  expect(there).toMatchObject({ status: 'fulfilled', value: { rows: here!.value.rows } });
  return here!.value.rows.length;
}

/** The code and text of the refusal. */
async function refusal(where: string): Promise<string> {
  try {
    return `let through: ${await query(where)} rows`;
  } catch (error) {
    return error instanceof OverreadError
      ? `${error.code} ${error.describe()}`
      : `no OverreadError: ${String(error)}`;
  }
}

describe('filters that are let through', () => {
  it.each([
    'age > 60',
    "AGE > 60 and Sex = 'F'",
    "value in ('Pneumonia', 'No finding')",
    "sample like 's 1%' or sample similar to 's [2-4].*'",
    'age between 20 and 30 or not wrong',
    'case when age is null then false else age % 2 = 0 end',
    "age::varchar = '7' or try_cast(sex as integer) is null",
    "taken > '2024-03-01' and year(taken) = 2024",
    "path ilike '%PNG' and regexp_matches(path, '^images/[0-9]+')",
    "length(path) > 3 and contains(path, 'images')",
    'loss is not null and loss > 0.5',
    "sex collate nocase = 'f'",
    'true /* all of them */',
    "sex = 'F' -- and no more",
    "value = 'a ; drop table items'",
    "value = 'it''s' or true",
    '((((age))) > 3)',
  ])('%s', async (where) => {
    expect(await query(where)).toBeTypeOf('number');
  });

  it('name every documented column', async () => {
    for (const { name } of filterColumns) {
      expect(await query(`"${name}" is null or "${name.toUpperCase()}" is not null`)).toBe(60);
    }
    expect(catalog.filterColumnNames).toEqual([
      ...filterColumns.map(({ name }) => name),
      'age',
      'weight',
      'sex',
      'taken',
      'code',
      'metadata_Path',
      'odd "name"',
    ]);
  });

  it('see numbers as numbers and leading zeros as text', async () => {
    const ages = world.dataset.samples.map((one) => one.metadata['age']);
    expect(await query('age > 9')).toBe(ages.filter((age) => age !== undefined && Number(age) > 9).length);
    expect(await query("code = '007'")).toBe(1);
    expect(await query("code = '7'")).toBe(0);
  });
});

describe('texts that are no single expression (OVR900)', () => {
  it.each([
    ' ',
    'age >',
    'age > 1;',
    'true; drop table items',
    'select 1',
    'age > 1) or (1 = 1',
    'age > 1] or [1 = 1',
    'true) union select item from items where (true',
    'true /* open',
    "value = 'open",
    'age, sex',
    'age > 1 order by age',
    'age > 1 limit 1',
    'age > 1 as x',
    'age x',
    'true from items',
    `COPY (SELECT 1) TO '/tmp/x'`,
    `ATTACH '/tmp/x.db' AS x`,
    'INSTALL httpfs',
    'LOAD httpfs',
    'PRAGMA database_list',
    'SET threads = 1',
    'CREATE TABLE x (a int)',
    'true\0',
    '*',
    'for x in [1]',
    'x'.repeat(10_001),
  ])('%s', async (where) => {
    expect(await refusal(where === ' ' ? '/**/' : where)).toMatch(/^OVR900 /);
  });
});

describe('expressions that ask for more than the items (OVR901)', () => {
  it.each([
    ['a file', () => `(select count(*) from read_csv('${secret}')) > 0`],
    ['a file by its name', () => `(select count(*) from '${secret}') > 0`],
    ['a file in a list', () => `exists (from '${secret}')`],
    ['a file by a function', () => `read_text('${secret}') is not null`],
    ['the environment', () => `getenv('HOME') <> ''`],
    ['a setting', () => `current_setting('threads') = '1'`],
    ['a variable', () => `getvariable('x') = 1`],
    ['another table', () => 'age in (select age from samples_raw)'],
    ["DuckDB's own tables", () => '(select count(*) from duckdb_settings()) > 0'],
    ['a cross join', () => '(select count(*) from items a, items b, items c, items d) > 0'],
    ['a window', () => 'row_number() over () < 3'],
    ['an aggregate', () => 'sum(age) > 1'],
    ['a lambda', () => 'list_contains(list_transform([1], lambda x: x + 1), 2)'],
    ['a parameter', () => 'age > $1'],
    ['all columns', () => "columns('.*') is null"],
    ['a row of the table', () => 'i.item = 1'],
    ['a big text', () => "length(repeat('x', 1000000000)) > 1"],
    ['a big list', () => 'len(range(1000000000)) > 1'],
    ['the clock', () => 'now() > taken'],
    ['an error of one’s own', () => "error('x')"],
    ['a column of the query', () => 'overread_row_number = 1'],
    ['a sequence', () => "nextval('s') > 1"],
    ['a json path', () => "json_extract('{}', '$') is null"],
    ['a function of another schema', () => "pg_catalog.pg_size_pretty(1) = 'x'"],
    ['a typed literal that reads like a statement', () => `ATTACH '/tmp/x.db'`],
    ['the square of a length', () => 'levenshtein(path, path) > 1'],
    ['unnesting', () => 'unnest([true, false])'],
    ['a function with a dot', () => 'age.getenv()'],
  ])('%s', async (_, where) => {
    expect(await refusal(where())).toMatch(/^OVR901 /);
  });

  it('says which column is meant and which there are', async () => {
    expect(await refusal('agee > 60')).toMatch(/"agee".*one of sample, path, .*Did you mean age\?/);
    expect(await refusal('value = "Pneumonia"')).toContain('Text goes between single quotes');
    expect(await refusal("age > 'old'")).toMatch(/^OVR901 .*Could not convert string 'old' to INT32/);
  });

  it('does not fall over deep nesting', async () => {
    expect(await refusal(`${'('.repeat(4000)}age${')'.repeat(4000)} > 1`)).toMatch(/^(OVR90|let through)/);
    expect(await refusal(Array.from({ length: 3000 }, () => '1').join('+'))).toMatch(/^(OVR90|let through)/);
    expect(await refusal(`${'not '.repeat(2400)}wrong`)).toMatch(/^(OVR90|let through)/);
    expect(await query('true')).toBe(60);
  });
});

describe('the database under the filters', () => {
  /** Past the parser's check, straight to the locked connection. */
  async function raw(sql: string): Promise<string> {
    const labels = effectiveLabels(world.dataset, [], { disputed: 'exclude' });
    const inner = await Catalog.open({ ...world, labels });
    await inner.query({ queue: 'all', splits: [], sort: 'path', descending: false, where: 'true' });
    const { runner } = (inner as unknown as { filters: { runner: FilterTables } }).filters;
    const database = await (
      runner as unknown as { database: Promise<{ connection: { run(sql: string): Promise<unknown> } }> }
    ).database;
    try {
      await database.connection.run(sql);
      return 'done';
    } catch (error) {
      return String(error);
    } finally {
      inner.close();
    }
  }

  it('reads and writes no file and loads no extension, whatever gets past the check', async () => {
    const target = path.join(folder, 'out.csv');
    expect(await raw(`SELECT * FROM read_csv('${secret}')`)).toMatch(/disabled/i);
    expect(await raw(`SELECT * FROM '${secret}'`)).not.toBe('done');
    expect(await raw(`COPY (SELECT 1) TO '${target}'`)).toMatch(/disabled/i);
    expect(await raw(`ATTACH '${path.join(folder, 'x.db')}'`)).toMatch(/disabled/i);
    expect(await raw('INSTALL httpfs')).toMatch(/disabled/i);
    expect(await raw('LOAD httpfs')).not.toBe('done');
    expect(await raw(`EXPORT DATABASE '${folder}/dump'`)).not.toBe('done');
    expect(await raw('SET enable_external_access = true')).not.toBe('done');
    expect(await raw("SET memory_limit = '100GB'")).toMatch(/locked/i);
    expect(existsSync(target)).toBe(false);
    expect(existsSync(path.join(folder, 'dump'))).toBe(false);
  });

  it('reaches no network', async () => {
    let requests = 0;
    const server = createServer((_, response) => {
      requests++;
      response.end('a\n1\n');
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/x.csv`;
    try {
      expect(await raw(`SELECT * FROM read_csv('${url}')`)).not.toBe('done');
      expect(await refusal(`(select count(*) from read_csv('${url}')) > 0`)).toMatch(/^OVR901 /);
      expect(requests).toBe(0);
    } finally {
      server.close();
    }
  });

  it('stops a filter that takes too long, and goes on with the next', async () => {
    const big = makeWorld('multi-class', 20_000, 22);
    const labels = effectiveLabels(big.dataset, [], { disputed: 'exclude' });
    const limits = { ...filterLimits, timeoutMs: 50 };
    const slow = await Catalog.open({ ...big, labels, limits });
    const ask = (where: string) =>
      slow.query({ queue: 'all', splits: [], sort: 'path', descending: false, where });
    const text = `concat(${Array.from({ length: 8 }, () => 'path').join(', ')})`;
    const where = Array.from(
      { length: 60 },
      (_, k) => `regexp_matches(${text}, '([a-z]+[0-9]*)*x${k}')`,
    ).join(' or ');
    await expect(ask(where)).rejects.toMatchObject({
      code: 'OVR901',
      message: 'The filter was stopped after 0.05 s',
    });
    expect((await ask('length(path) > 0')).rows).toHaveLength(20_000);
    slow.close();
  });

  it('answers filters that are asked at once', async () => {
    const counts = await Promise.all([
      query('age > 50'),
      query('age <= 50'),
      query('age is null'),
      query('wrong'),
    ]);
    expect(counts[0] + counts[1] + counts[2]).toBe(60);
  });
});
