/** `overread features` on tables that are larger than what a machine wants to hold: rows go to disk as they come. */
import * as fs from 'node:fs/promises';
import * as os from 'node:os';
import * as path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { queryColumns, quoteFile, withMemoryDatabase } from '../../src/core/base/duckdb';
import { cachedFeature, cachedProject } from '../support/cachedProject';
import { quickModel, startCli } from '../support/cli';
import { PeakMemory } from '../support/peakMemory';

const images = 750;
const dim = 32_768;
const tableBytes = images * dim * 4;
/** As parquet more rows than one group has, of a width that networks have. */
const wideImages = 5000;
const wideDim = 4096;
let folder: string;
const environments = new Map<string, Record<string, string>>();

beforeAll(async () => {
  folder = await fs.mkdtemp(path.join(os.tmpdir(), 'overread-features-memory-'));
  for (const [name, width, count] of [
    ['small', 8, images],
    ['large', dim, images],
    ['wide', wideDim, wideImages],
  ] as const) {
    const user = path.join(folder, `${name}-user`);
    environments.set(name, await cachedProject(path.join(folder, name), user, count, width));
  }
}, 120_000);
afterAll(() => fs.rm(folder, { recursive: true, force: true }));

/** The most memory that the command held, bytes. */
async function peakOf(project: string, out: string): Promise<number> {
  const args = ['features', path.join(folder, project), ...quickModel, '--out', path.join(folder, out)];
  const { child, done } = startCli(args, { env: environments.get(project)! });
  const memory = new PeakMemory(child.pid!);
  const { code, stderr } = await done;
  const peak = memory.stop();
  expect(code, stderr).toBe(0);
  return peak;
}

const names = async () => (await fs.readdir(folder)).filter((name) => name.startsWith('f.')).sort();

describe.skipIf(process.platform !== 'linux')('8.7 memory of features', () => {
  it('is not that of the table as .npy', async () => {
    const base = await peakOf('small', 'f.small.npy');
    const peak = await peakOf('large', 'f.large.npy');
    expect(peak - base).toBeLessThan(0.6 * tableBytes);
    const bytes = await fs.readFile(path.join(folder, 'f.large.npy'));
    expect(bytes.length).toBe(128 + tableBytes);
    expect(bytes.toString('latin1', 10, 128)).toContain(`'shape': (${images}, ${dim})`);
    for (const i of [0, 1, 377, images - 1]) {
      expect(bytes.readFloatLE(128 + (i * dim + 3) * 4)).toBe(cachedFeature(i, 3));
    }
    expect(await names()).toEqual([
      'f.large.npy',
      'f.large.samples.txt',
      'f.small.npy',
      'f.small.samples.txt',
    ]);
  });

  it('does not grow with the table as .parquet', async () => {
    const base = await peakOf('small', 'f.small.parquet');
    const peak = await peakOf('wide', 'f.wide.parquet');
    // What DuckDB takes for a group of rows of this width. Held whole, this table took 2.2 GB.
    expect(peak - base).toBeLessThan(600e6);
    const file = path.join(folder, 'f.wide.parquet');
    await withMemoryDatabase(async (connection) => {
      const { names: columns, columns: values } = await queryColumns(
        connection,
        `SELECT count(*)::INTEGER, min(len(features))::INTEGER, max(len(features))::INTEGER,
           bool_and(features[4] = (file_row_number + 3 / 8192)::FLOAT),
           bool_and(features[${wideDim}] = (file_row_number + ${wideDim - 1} / 8192)::FLOAT),
           bool_and(sample = file_row_number || '.png')
         FROM read_parquet(${quoteFile(file)}, file_row_number = true)`,
      );
      expect(columns).toHaveLength(6);
      expect(values.map(([value]) => value)).toEqual([wideImages, wideDim, wideDim, true, true, true]);
      const schema = await queryColumns(connection, `DESCRIBE FROM read_parquet(${quoteFile(file)})`);
      expect(schema.columns.slice(0, 2)).toEqual([
        ['sample', 'features'],
        ['VARCHAR', 'FLOAT[]'],
      ]);
    });
    expect((await names()).filter((name) => name.includes('parquet'))).toEqual([
      'f.small.parquet',
      'f.wide.parquet',
    ]);
  });
});
