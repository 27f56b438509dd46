/** Packed tables: what they expand to is bounded, told clearly, and never held whole. */
import * as fs from 'node:fs/promises';
import * as os from 'node:os';
import * as path from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readTable } from '../../src/core/table/table';
import { withMemoryDatabase, writeParquet } from '../../src/core/base/duckdb';

let folder: string;

beforeAll(async () => {
  folder = await fs.mkdtemp(path.join(os.tmpdir(), 'overread-gzip-'));
});
afterAll(() => fs.rm(folder, { recursive: true, force: true }));

/** The most memory that this process has held so far, bytes. */
const peak = (): number => process.resourceUsage().maxRSS * 1024;

async function write(name: string, ...parts: Uint8Array[]): Promise<string> {
  const file = path.join(folder, name);
  await fs.writeFile(file, Buffer.concat(parts));
  return file;
}

describe('8.7 three megabytes of gzip that expand to three thousand', () => {
  const text = (line: string, bytes: number) =>
    Buffer.alloc(bytes, line).subarray(0, bytes - (bytes % line.length));
  const bombs: readonly [string, string][] = [
    ['lines', 'images/a.png,1,2,3,4,5,6,7,8,9,10,11,12,13\n'],
    ['one line without an end', 'a'],
    ['empty lines', '\n'],
  ];
  it.each(bombs)('of %s are refused with what to do, and not held', async (_name, line) => {
    // A gzip file may have many members: what they hold is one text.
    const member = gzipSync(text(line, 64 * 2 ** 20));
    const head = gzipSync('path,label\n');
    const file = await write('bomb.csv.gz', head, ...Array.from({ length: 48 }, () => member));
    expect((await fs.stat(file)).size).toBeLessThan(24 * 2 ** 20);
    const before = peak();
    await expect(readTable(file, 'bomb.csv.gz')).rejects.toMatchObject({
      code: 'OVR200',
      place: { file: 'bomb.csv.gz' },
      message: expect.stringMatching(/more than \d+ (bytes|lines)/) as string,
      fix: expect.stringContaining('unpack it') as string,
    });
    // 3 GB held whole before.
    expect(peak() - before).toBeLessThan(400 * 2 ** 20);
  });

  it('an honest table that packs well is read', async () => {
    const rows = 60_000;
    const lines = Array.from({ length: rows }, (_, i) => `images/${i}.png,${i % 2 ? 'Normal' : 'Opacity'}\n`);
    const file = await write('good.csv.gz', gzipSync(`path,label\n${lines.join('')}`));
    const table = await readTable(file, 'good.csv.gz');
    expect(table.rowCount).toBe(rows);
    expect(table.columns[0]![rows - 1]).toBe(`images/${rows - 1}.png`);
    expect(table.lineOf(rows - 1)).toBe(rows + 1);
  });

  it('a file that was cut is no complete gzip file', async () => {
    const whole = gzipSync(text('a,b\n', 100_000));
    const file = await write('cut.csv.gz', whole.subarray(0, whole.length - 20));
    await expect(readTable(file, 'cut.csv.gz')).rejects.toMatchObject({
      code: 'OVR200',
      message: 'The table is no complete gzip file',
    });
  });
});

describe('8.7 text in pieces', () => {
  it('keeps characters, line ends and quotes that lie across the edge of a piece', async () => {
    // A piece has 2^20 bytes: the cells are laid around its end, one place after the other.
    for (let shift = 0; shift < 6; shift++) {
      const filler = 'x'.repeat(2 ** 20 - 'path,note\r\n'.length - '1,'.length - '\r\n'.length - 3 - shift);
      const rows = [`1,${filler}`, '2,"é\r\nü ""q"" 你"', '3,end'];
      const file = await write('pieces.csv', Buffer.from(`path,note\r\n${rows.join('\r\n')}\r\n`));
      const table = await readTable(file, 'pieces.csv');
      expect(table.columns[1]!.slice(1)).toEqual(['é\r\nü "q" 你', 'end']);
      expect([0, 1, 2].map(table.lineOf)).toEqual([2, 3, 5]);
    }
  });

  it('and tells bytes that are no UTF-8 there from a character that is only cut', async () => {
    const filler = Buffer.alloc(2 ** 20 - 'path\n'.length - 1, 'x');
    const rest = (bytes: number[]) => write('utf8.csv', Buffer.from('path\n'), filler, Buffer.from(bytes));
    const endOf = async (bytes: number[]) => {
      const { columns, notes } = await readTable(await rest(bytes), 'utf8.csv');
      return {
        end: columns[0]?.[0]?.replace(/^x+/, ''),
        isSaid: notes?.join().includes('no UTF-8') === true,
      };
    };
    expect(await endOf([0xc3, 0xa9, 10])).toEqual({ end: 'é', isSaid: false });
    // They are read as a spreadsheet would have written them, and that is said.
    expect(await endOf([0xc3, 0x28, 10])).toEqual({ end: 'Ã(', isSaid: true });
    expect(await endOf([0xc3])).toEqual({ end: 'Ã', isSaid: true });
  });
});

describe('8.7 a small Parquet file of very many rows', () => {
  it('is refused by its own count', async () => {
    const file = path.join(folder, 'bomb.parquet');
    await withMemoryDatabase((connection) =>
      writeParquet(connection, 'SELECT 1 AS path FROM range(6000000)', file),
    );
    await expect(readTable(file, 'bomb.parquet')).rejects.toMatchObject({
      code: 'OVR200',
      message: 'The table has 6000000 rows',
    });
  });
});
