/**
 * `overread setup-python` by real pip: what it would fetch for a new environment, and what one is completed by that lacks a
 * package. The environment of this layer was made by it from nothing (scripts/environment/torchPython.mjs), and trains where no
 * other is named (commandLine.test.ts).
 */
import { execFileSync } from 'node:child_process';
import * as fs from 'node:fs/promises';
import * as os from 'node:os';
import * as path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { torchConstraints } from '../../scripts/environment/torchPython.mjs';
import { runCli, runJson } from '../support/cli';
import { linkFolder } from '../support/linkFolder';
import { environmentOf, testPython } from './training';

let parent: string;

beforeAll(async () => {
  parent = await fs.realpath(await fs.mkdtemp(path.join(os.tmpdir(), 'overread-setup-')));
});
afterAll(() => fs.rm(parent, { recursive: true, force: true }));

interface Answer {
  readonly folder: string;
  readonly packages: readonly { readonly name: string; readonly source: string }[];
  readonly installed?: string;
}

it('plans a new environment, completes one that lacks a package, and keeps one that lacks none', async (context) => {
  const cache = path.join(parent, 'cache');
  const PIP_CONSTRAINT = path.join(parent, 'constraints.txt');
  await fs.writeFile(PIP_CONSTRAINT, torchConstraints);
  const env = { OVERREAD_CACHE: cache, PIP_CONSTRAINT };
  const planned = await runCli(['setup-python', '--dry-run', '--json'], env);
  if (planned.code !== 0 && planned.stderr.includes('pip cannot have the packages'))
    return context.skip('NOT TESTED: pip reaches no index that has PyTorch');
  expect(planned.code).toBe(0);
  const plan = JSON.parse(planned.stdout) as Answer;
  expect(plan.packages.map(({ name }) => name)).toEqual(
    expect.arrayContaining(['torch', 'torchvision', 'timm', 'safetensors', 'numpy']),
  );
  expect(await fs.readdir(cache).catch(() => [])).not.toContain('python');

  const folder = path.join(cache, 'python');
  // The packages may be the developer's, where OVERREAD_TEST_PYTHON names them: nothing of theirs is changed.
  const isMissing = (file: string): boolean => /site-packages[\\/]safetensors/i.test(file);
  const made = environmentOf(testPython());
  if (made === null) return context.skip('NOT TESTED: OVERREAD_TEST_PYTHON is of no virtual environment');
  await linkFolder(made, folder, isMissing);
  const completed = await runJson<Answer>(['setup-python', '--yes'], [0], env);
  expect(completed.packages.map(({ name }) => name)).toEqual(['safetensors']);
  expect(completed.folder).toBe(folder);
  expect(completed.installed?.startsWith(folder)).toBe(true);
  const load = 'import safetensors, sys; sys.exit(not safetensors.__file__.startswith(sys.prefix))';
  execFileSync(completed.installed!, ['-c', load]);

  const before = await fs.stat(completed.installed!);
  const again = await runJson<Answer>(['setup-python', '--yes'], [0], env);
  expect(again).toMatchObject({ installed: completed.installed, packages: [] });
  expect((await fs.stat(completed.installed!)).ino).toBe(before.ino);
});
