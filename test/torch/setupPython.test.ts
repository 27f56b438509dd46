/**
 * `overread setup-python` by real pip: what it would fetch for a new environment, and what one is completed by that lacks a
 * package, which then trains. The environment of this layer was made by it from nothing (scripts/environment/torchPython.mjs).
 */
import * as fs from 'node:fs/promises';
import * as path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { torchConstraints } from '../../scripts/environment/torchPython.mjs';
import { runCli, runJson } from '../support/cli';
import { linkFolder } from '../support/linkFolder';
import { quickNetwork, testPython, workplace, type Workplace } from './training';

let place: Workplace;

beforeAll(async () => {
  place = await workplace(24, 'C: 0.01\n  deep: {epochs: 1, batch: 8, patience: 0}');
});
afterAll(() => place.remove());

interface Answer {
  readonly folder: string;
  readonly packages: readonly { readonly name: string; readonly source: string }[];
  readonly installed?: string;
}

it('plans a new environment, completes one that lacks a package, and keeps one that lacks none', async (context) => {
  const cache = path.join(path.dirname(place.root), 'cache');
  const PIP_CONSTRAINT = path.join(path.dirname(place.root), 'constraints.txt');
  await fs.writeFile(PIP_CONSTRAINT, torchConstraints);
  const env = { OVERREAD_CACHE: cache, PIP_CONSTRAINT, HF_HUB_OFFLINE: '1', OMP_WAIT_POLICY: 'PASSIVE' };
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
  await linkFolder(path.dirname(path.dirname(testPython())), folder, isMissing);
  const completed = await runJson<Answer>(['setup-python', '--yes'], [0], env);
  expect(completed.packages.map(({ name }) => name)).toEqual(['safetensors']);
  expect(completed.folder).toBe(folder);
  expect(completed.installed?.startsWith(folder)).toBe(true);
  // No Python is named: that of setup-python comes before the first on PATH.
  const network = ['--architecture', quickNetwork.architecture, '--weights', quickNetwork.weights];
  const asked = ['finetune', place.root, ...network, '--layers', 'last-block', '--device', 'cpu'];
  const run = await runCli(asked, env);
  expect([run.code, run.stderr]).toEqual([
    expect.toSatisfy((code) => code === 0 || code === 1),
    expect.anything(),
  ]);
  const [name] = await fs.readdir(path.join(place.root, 'runs'));
  const record = JSON.parse(await fs.readFile(path.join(place.root, 'runs', name!, 'run.json'), 'utf8')) as {
    readonly trainer: { readonly name: string };
  };
  expect(record.trainer.name).toBe('torch');

  const before = await fs.stat(completed.installed!);
  const again = await runJson<Answer>(['setup-python', '--yes'], [0], env);
  expect(again).toMatchObject({ installed: completed.installed, packages: [] });
  expect((await fs.stat(completed.installed!)).ino).toBe(before.ino);
});
