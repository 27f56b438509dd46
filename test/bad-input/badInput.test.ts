/**
 * Every bad input has its one clear message and code, and the rest of the batch goes on. Each case breaks a
 * sound sample project in one way and runs the command that meets the fault.
 */
import * as fs from 'node:fs/promises';
import * as os from 'node:os';
import * as path from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { writeResult, type Check } from '../../bench/result';
import type { ErrorReport, Problem } from '../../src/core/base/report';
import type { RunResult } from '../../src/core/runs/model';
import { quickModel } from '../support/cli';
import { commandJson, runCommand } from '../support/inProcess';
import { largePng } from '../support/largePng';
import { readyFeatures } from '../support/readyProjects';

const checks: Check[] = [];
let folder: string;
let sound: string;

beforeAll(async () => {
  folder = await fs.mkdtemp(path.join(os.tmpdir(), 'overread-bad-input-'));
  sound = path.join(folder, 'sound');
  // The features of the sound images are cached, so that each case costs a fit only.
  await readyFeatures(sound, 48);
});
afterAll(async () => {
  await fs.rm(folder, { recursive: true, force: true });
  writeResult('bad-input', { checks, figures: { cases: checks.length } });
});

/** A copy of the sound project, without its frozen split where the table is to change. */
async function copyProject(name: string, options: { readonly keepSplit?: boolean } = {}): Promise<string> {
  const root = path.join(folder, name);
  await fs.cp(sound, root, { recursive: true });
  if (options.keepSplit !== true) await fs.rm(path.join(root, 'splits'), { recursive: true, force: true });
  return root;
}

interface Table {
  readonly header: string[];
  readonly rows: string[][];
}

/** The sample's table has no quoted cells. */
async function readTable(root: string): Promise<Table> {
  const [header, ...rows] = (await fs.readFile(path.join(root, 'samples.csv'), 'utf8')).trim().split('\n');
  return { header: header!.split(','), rows: rows.map((row) => row.split(',')) };
}
async function writeTable(root: string, { header, rows }: Table): Promise<void> {
  await fs.writeFile(
    path.join(root, 'samples.csv'),
    [header, ...rows].map((row) => `${row.join(',')}\n`).join(''),
  );
}

async function firstImage(root: string): Promise<{ written: string; file: string }> {
  const { header, rows } = await readTable(root);
  const written = rows[0]![header.indexOf('path')]!;
  return { written, file: path.join(root, written) };
}

/** What a person needs: a code, a sentence, and for files their name. */
function expectClear(report: ErrorReport, code: string, names: string): void {
  expect(report.code).toBe(code);
  expect(report.message.length).toBeGreaterThan(10);
  expect(JSON.stringify(report)).toContain(names);
}

describe('one bad image: a problem names it, the rest goes on', () => {
  const cases: readonly [string, string, (file: string) => Promise<void>][] = [
    [
      'truncated JPEG',
      'OVR301',
      async (file) => {
        const jpeg = await sharp(file).jpeg().toBuffer();
        await fs.writeFile(file, jpeg.subarray(0, jpeg.length * 0.6));
      },
    ],
    [
      'truncated PNG',
      'OVR301',
      async (file) => fs.truncate(file, Math.floor((await fs.stat(file)).size / 2)),
    ],
    ['zero bytes', 'OVR301', (file) => fs.truncate(file, 0)],
    ['a text file named .png', 'OVR301', (file) => fs.writeFile(file, 'this is no image\n'.repeat(50))],
    ['30,000 × 30,000 pixels', 'OVR302', async (file) => fs.writeFile(file, largePng(30_000, 30_000, 8, ''))],
    ['missing file', 'OVR300', (file) => fs.rm(file)],
  ];
  it.each(cases)('%s → %s', { timeout: 120_000 }, async (name, code, spoil) => {
    const root = await copyProject(`image-${code}-${checks.length}`, { keepSplit: true });
    const { written, file } = await firstImage(root);
    await spoil(file);
    const result = await commandJson<RunResult>(['finetune', root, ...quickModel]);
    const problems = result.problems.filter((problem) => problem.severity === 'error');
    expect(problems).toHaveLength(1);
    expectClear(problems[0]!, code, path.basename(written));
    expect(result.counts.skipped).toBe(1);
    expect(result.metrics.out_of_fold.accuracy.value).not.toBeNull();
    checks.push({ name, verdict: 'pass', detail: `${code}: ${problems[0]!.message}` });
  });

  it('a path that leaves the root → OVR205', async () => {
    const root = await copyProject('outside');
    const table = await readTable(root);
    table.rows[0]![table.header.indexOf('path')] = '../../../../../etc/hostname.png';
    await writeTable(root, table);
    const result = await commandJson<RunResult>(['finetune', root, ...quickModel]);
    const problem = result.problems.find((one) => one.code === 'OVR205');
    expect(problem?.place?.row).toBe(2);
    expect(result.counts.skipped).toBe(1);
    checks.push({
      name: 'a path that leaves the root',
      verdict: 'pass',
      detail: `OVR205: ${problem!.message}`,
    });
  });
});

describe('a bad table', () => {
  const broken = async (name: string, change: (table: Table) => Table): Promise<string> => {
    const root = await copyProject(name);
    await writeTable(root, change(await readTable(root)));
    return root;
  };
  const fatal = async (
    name: string,
    root: string,
    code: string,
    exitCode: number,
    names: string,
  ): Promise<void> => {
    const result = await runCommand(['finetune', root, ...quickModel, '--json']);
    const { error } = JSON.parse(result.stdout) as { error: ErrorReport };
    expectClear(error, code, names);
    expect(result.code).toBe(exitCode);
    expect(result.stderr).toContain(code);
    checks.push({ name, verdict: 'pass', detail: `${code}: ${error.message}` });
  };
  const partial = async (name: string, root: string, code: string, names: string): Promise<Problem> => {
    const result = await commandJson<RunResult>(['finetune', root, ...quickModel]);
    const problem = result.problems.find((one) => one.code === code);
    expect(problem, JSON.stringify(result.problems)).toBeDefined();
    expectClear(problem!, code, names);
    checks.push({ name, verdict: 'pass', detail: `${code}: ${problem!.message}` });
    return problem!;
  };

  it('missing column → OVR201', async () => {
    const root = await broken('no-column', ({ header, rows }) => ({
      header: header.map((name) => (name === 'label' ? 'diagnosis' : name)),
      rows,
    }));
    await fatal('missing column', root, 'OVR201', 3, 'label');
  });

  it('unknown class → OVR204 with its row, and the rest goes on', async () => {
    const root = await broken('unknown-class', ({ header, rows }) => ({
      header,
      rows: rows.map((row, i) => row.map((cell, c) => (i === 2 && header[c] === 'label' ? 'Normall' : cell))),
    }));
    const problem = await partial('unknown class', root, 'OVR204', 'Normall');
    expect(problem.place?.row).toBe(4);
  });

  it('duplicate rows → OVR203 naming both', async () => {
    const root = await broken('duplicates', ({ header, rows }) => ({ header, rows: [...rows, rows[0]!] }));
    await partial('duplicate rows', root, 'OVR203', '2');
  });

  it('empty table → OVR202', async () => {
    const root = await broken('empty', ({ header }) => ({ header, rows: [] }));
    await fatal('empty table', root, 'OVR202', 3, 'samples.csv');
  });

  it('one class only → OVR207', async () => {
    const root = await broken('one-class', ({ header, rows }) => ({
      header,
      rows: rows.map((row) => row.map((cell, c) => (header[c] === 'label' ? rows[0]![c]! : cell))),
    }));
    await fatal('one class only', root, 'OVR207', 3, 'class');
  });

  it('a class with one sample → OVR209, and the rest goes on', async () => {
    const root = await broken('rare', ({ header, rows }) => {
      const label = header.indexOf('label');
      const common = [...new Set(rows.map((row) => row[label]!))].slice(0, 2);
      const kept = rows.filter((row) => common.includes(row[label]!));
      const rare = rows.find((row) => !common.includes(row[label]!))!;
      return { header, rows: [...kept, rare] };
    });
    await partial('a class with one sample', root, 'OVR209', '1');
  });
});

describe('no project', () => {
  it('a folder without overread.yaml → OVR100', async () => {
    const root = path.join(folder, 'no-project');
    await fs.mkdir(root);
    for (const command of ['finetune', 'errors']) {
      const result = await runCommand([command, root, '--json']);
      expect(result.code).toBe(3);
      const { error } = JSON.parse(result.stdout) as { error: ErrorReport };
      expect(error.code).toBe('OVR100');
    }
    checks.push({ name: 'a folder that is no project', verdict: 'pass', detail: 'OVR100 with exit code 3' });
  });

  it('a folder that is not there → OVR100', async () => {
    const result = await runCommand(['finetune', path.join(folder, 'nowhere'), '--json']);
    expect(result.code).toBe(3);
    expect(result.stdout).toContain('OVR100');
  });
});
