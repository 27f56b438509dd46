/** What is wrong with a project is said by every command that reads it, at its end: on stderr, and as a field of --json. */
import * as fs from 'node:fs/promises';
import * as os from 'node:os';
import * as path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Problem } from '../../src/core/base/report';
import { cachedProject } from '../support/cachedProject';
import { quickModel } from '../support/cli';
import { runCommand } from '../support/inProcess';
import { useQuickModel } from '../support/quickModel';
import { readyFeatures } from '../support/readyProjects';

let folder: string;
let root: string;
let sample: string;
let other: string;
/** The line of the table with the row that is dropped, from 1. */
let dropped: number;

beforeAll(async () => {
  folder = await fs.mkdtemp(path.join(os.tmpdir(), 'overread-problems-'));
  root = path.join(folder, 'sample');
  await readyFeatures(root, 60);
  const table = path.join(root, 'samples.csv');
  const lines = (await fs.readFile(table, 'utf8')).trimEnd().split('\n');
  sample = lines[1]!.split(',')[0]!;
  other = lines.at(-1)!.split(',')[0]!;
  // A row of an image that an earlier row has, and one of a class that there is not.
  dropped = lines.length + 1;
  const classColumn = lines[0]!.split(',').indexOf('label');
  const martian = lines[2]!.split(',').with(0, 'images/none.png').with(classColumn, 'Martian').join(',');
  await fs.writeFile(table, [...lines, lines[3], martian, ''].join('\n'));
  await useQuickModel(root);
  expect((await runCommand(['finetune', root, ...quickModel, '--name', 'first'])).code).toBe(0);
});
afterAll(() => fs.rm(folder, { recursive: true, force: true }));

const commands = (): readonly (readonly string[])[] => [
  ['finetune', root, ...quickModel],
  ['errors', root],
  ['label', root, sample, 'Normal'],
  ['keep', root, sample],
  ['exclude', root, sample],
  ['include', root, sample],
  ['undo', root],
  ['redo', root],
  ['export', root, '--labels', path.join(folder, 'labels.csv')],
  ['export', root],
  ['explain', root, sample, '--device', 'cpu'],
  ['features', root, ...quickModel, '--out', path.join(folder, 'f.npy')],
  ['models', 'list', root],
  ['compare', root, '--architectures', 'tf_efficientnet_lite0:random:1', '--device', 'cpu'],
  ['accept', root, sample],
  ['uncertain', root, sample],
  ['agreement', root],
  ['suspects', root, '--run', 'first'],
  ['diff', root, 'first'],
  ['relink', root, '--dry-run'],
  ['together', root, sample, other],
  ['apart', root, sample],
  ['ignore', root, 'OVR310', sample, '--reason', 'one phantom'],
  ['cohorts', root],
  ['shortcuts', root],
  ['corrections', root],
  ['metrics', root],
  ['sweep', root, '--C', '0.01'],
];

/** How many they are: they are named before there is a folder. */
const count = 28;

/** On a folder that is no project yet; on images of no project; and the one whose findings they are themselves. */
const others: ReadonlySet<string> = new Set(['init', 'sample', 'predict', 'evaluate', 'check']);

describe('rows that were dropped', () => {
  it('are looked for in every command on a project', async () => {
    const { stdout } = await runCommand(['--help']);
    const names = Array.from(
      stdout.matchAll(/^ {2}([a-z-]+) .*<(?:dir|project)>/gm),
      ([, name]) => name ?? '',
    );
    expect(names.length).toBeGreaterThan(15);
    expect(commands()).toHaveLength(count);
    const tried = new Set(commands().map(([name]) => name));
    expect(names.filter((name) => !tried.has(name) && !others.has(name))).toEqual([]);
  });

  it.each(Array.from({ length: count }, (_, i) => i))('command %i ends with them', async (i) => {
    const args = commands()[i]!;
    const told = await runCommand([...args, '--json']);
    expect(told.code, told.stderr).toBeLessThan(2);
    expect(told.stderr).toMatch(/^\d+ problems? in the project \(.*error.*\)$/m);
    // After everything else, once, with its place.
    const place = `${path.relative(process.cwd(), path.join(root, 'samples.csv'))}:${dropped}:1: `;
    expect(told.stderr.split(place)).toHaveLength(2);
    const { problems } = JSON.parse(told.stdout) as { problems: readonly Problem[] };
    const rows = problems
      .filter(({ place: at }) => at?.file === 'samples.csv')
      .map(({ place: at }) => at?.row);
    expect(rows).toContain(dropped);
  });

  it('is said beside the error of a command that fails', async () => {
    const { code, stderr, stdout } = await runCommand(['label', root, sample, 'Martian', '--json']);
    expect(code).toBe(3);
    const report = JSON.parse(stdout) as { error: { code: string }; problems: readonly Problem[] };
    expect(report.error.code).toBe('OVR402');
    expect(report.problems.length).toBeGreaterThan(0);
    expect(stderr.trimEnd().split('\n').at(-1)).toContain('OVR402');
  });

  it('a project without any says nothing, and --json has an empty list', async () => {
    const clean = path.join(folder, 'clean');
    const env = await cachedProject(clean, path.join(folder, 'user'), 40, 8);
    const { stdout, stderr } = await runCommand(
      ['export', clean, '--labels', path.join(folder, 'c.csv'), '--json'],
      env,
    );
    expect(stderr).toBe('');
    expect(JSON.parse(stdout)).toMatchObject({ problems: [] });
  });
});
