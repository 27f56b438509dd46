/** Tables of very many columns: time grows with their number, not with its square. */
import * as fs from 'node:fs/promises';
import * as os from 'node:os';
import * as path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readTable, type TextTable } from '../../src/core/table/table';

let folder: string;

beforeAll(async () => {
  folder = await fs.mkdtemp(path.join(os.tmpdir(), 'overread-wide-'));
});
afterAll(() => fs.rm(folder, { recursive: true, force: true }));

const cell = (row: number, column: number): string => String((row * 31 + column * 7) % 1000);

/** Reads a table of so many columns; gives the processor time that it took, s: others use the machine as well. */
async function readWide(columns: number, rows: number): Promise<{ table: TextTable; seconds: number }> {
  const file = path.join(folder, `${columns}.csv`);
  const line = (of: (column: number) => string) => Array.from({ length: columns }, (_, i) => of(i)).join(',');
  const lines = Array.from({ length: rows }, (_, row) => line((column) => cell(row, column)));
  await fs.writeFile(file, `${[line((column) => `m${column}`), ...lines].join('\n')}\n`);
  const before = process.cpuUsage();
  const table = await readTable(file, 'wide.csv');
  const { user, system } = process.cpuUsage(before);
  return { table, seconds: (user + system) / 1e6 };
}

describe('8.7 a table of very many columns', () => {
  it('is read whole, in the order of its columns and rows', async () => {
    const { table, seconds } = await readWide(4000, 20);
    expect(table.rowCount).toBe(20);
    expect(table.columns).toHaveLength(4000);
    for (const column of [0, 99, 100, 101, 2500, 3999]) {
      expect(table.names[column]).toBe(`m${column}`);
      expect(table.columns[column]).toEqual(Array.from({ length: 20 }, (_, row) => cell(row, column)));
    }
    // About 1 s here; one aggregate over all columns took 40 s.
    expect(seconds).toBeLessThan(12);
  });

  it('of many rows as well', async () => {
    const { table, seconds } = await readWide(120, 10_500);
    expect(table.rowCount).toBe(10_500);
    expect(table.columns[119]![10_499]).toBe(cell(10_499, 119));
    expect(table.columns.every((column) => column.length === 10_500)).toBe(true);
    expect(seconds).toBeLessThan(20);
  });
});
