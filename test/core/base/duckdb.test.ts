import * as fs from 'node:fs/promises';
import * as os from 'node:os';
import * as path from 'node:path';
import { BIGINT, BOOLEAN, DOUBLE, INTEGER, VARCHAR } from '@duckdb/node-api';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  createTable,
  type DuckDBConnection,
  queryColumns,
  quoteFile,
  quoteIdentifier,
  quoteLiteral,
  withMemoryDatabase,
  writeParquet,
} from '../../../src/core/base/duckdb';
import { readParquet } from '../../support/parquet';

let folder: string;
beforeAll(async () => {
  folder = await fs.mkdtemp(path.join(os.tmpdir(), 'overread-duckdb-'));
});
afterAll(() => fs.rm(folder, { recursive: true, force: true }));

test('arrays survive the way through a table and a Parquet file', async () => {
  const rows = 5000;
  const text = Array.from({ length: rows }, (_, i) => (i % 7 === 0 ? null : `row "${i}" d'été`));
  const file = path.join(folder, "it's [1]*.parquet");
  await withMemoryDatabase(async (connection) => {
    await createTable(connection, 'a "table"', [
      { name: 'n', type: INTEGER, values: Int32Array.from({ length: rows }, (_, i) => i - 5) },
      { name: 'x "y"', type: DOUBLE, values: Float64Array.from({ length: rows }, (_, i) => i / 3) },
      { name: 'text', type: VARCHAR, values: text },
      { name: 'flag', type: BOOLEAN, values: text.map((value) => value !== null) },
      { name: 'big', type: BIGINT, values: text.map((_, i) => BigInt(i) * 10_000_000_000n) },
    ]);
    await writeParquet(connection, `SELECT * FROM ${quoteIdentifier('a "table"')} ORDER BY n`, file);
  });
  const read = await readParquet(file);
  expect(read.names).toEqual(['n', 'x "y"', 'text', 'flag', 'big']);
  expect(read.rowCount).toBe(rows);
  expect(read.columns[0]?.[4999]).toBe(4994);
  expect(read.columns[1]?.[1]).toBe(1 / 3);
  expect(read.columns[2]).toEqual(text);
  expect(read.columns[4]?.[3]).toBe(30_000_000_000n);
  expect((await readParquet(file, ['text'])).columns).toHaveLength(1);
  expect(await fs.readdir(folder)).toEqual([path.basename(file)]);
});

test('columns of different length are refused', async () => {
  await withMemoryDatabase(async (connection) => {
    await expect(
      createTable(connection, 't', [
        { name: 'a', type: INTEGER, values: [1, 2] },
        { name: 'b', type: INTEGER, values: [1] },
      ]),
    ).rejects.toThrow('another length');
  });
});

test('literals and file names cannot break out of their quotes', async () => {
  const nasty = `'; DROP TABLE x; -- \\ " é`;
  const file = path.join(folder, 'a[b]?*.csv');
  await fs.writeFile(file, 'a\n1\n');
  await withMemoryDatabase(async (connection) => {
    expect((await queryColumns(connection, `SELECT ${quoteLiteral(nasty)}`)).columns[0]).toEqual([nasty]);
    const read = await queryColumns(connection, `SELECT * FROM read_csv(${quoteFile(file)})`);
    expect(read.rowCount).toBe(1);
  });
});

describe('a database for the time of some work', () => {
  const number = async (connection: DuckDBConnection, sql: string): Promise<number> =>
    Number((await queryColumns(connection, sql)).columns[0]?.[0]);
  const made = (connection: DuckDBConnection): Promise<number> =>
    number(
      connection,
      "SELECT (SELECT count(*) FROM duckdb_tables()) + (SELECT count(*) FROM duckdb_types() WHERE type_name = 'few')",
    );
  const make = async (connection: DuckDBConnection): Promise<void> => {
    await connection.run('CREATE TABLE t AS SELECT 1');
    await connection.run('CREATE TEMP TABLE passing AS SELECT 1');
    await connection.run("CREATE TYPE few AS ENUM ('a')");
    expect(await made(connection)).toBe(3);
  };
  /** Counts what was attached to an instance. */
  const attached = (connection: DuckDBConnection): Promise<number> =>
    number(connection, "SELECT database_oid FROM duckdb_databases() WHERE database_name = 'task'");

  test('holds nothing of the one before, in whose instance it lies', async () => {
    const before = await withMemoryDatabase(async (connection) => {
      const threads = await number(connection, "SELECT current_setting('threads')");
      await make(connection);
      await connection.run(`SET threads = ${threads + 1}`);
      return { threads, attached: await attached(connection) };
    });
    await withMemoryDatabase(async (connection) => {
      expect(await made(connection)).toBe(0);
      expect(await number(connection, "SELECT current_setting('threads')")).toBe(before.threads);
      expect(await attached(connection)).toBeGreaterThan(before.attached);
    });
  });

  test('holds nothing of one that is open at the same time', async () => {
    await withMemoryDatabase(async (connection) => {
      await make(connection);
      await connection.run('SET threads = 1');
      await withMemoryDatabase(async (other) => {
        expect(await made(other)).toBe(0);
        await make(other);
      });
      expect(await made(connection)).toBe(3);
      expect(await number(connection, "SELECT current_setting('threads')")).toBe(1);
    });
  });

  test('lies in an instance of its own after work that failed', async () => {
    const first = await withMemoryDatabase(attached);
    await expect(withMemoryDatabase((connection) => connection.run('SELECT nothing'))).rejects.toThrow();
    await withMemoryDatabase(async (connection) => {
      expect(await made(connection)).toBe(0);
      expect(await attached(connection)).toBeLessThanOrEqual(first);
    });
  });
});
