/** `overread sweep` from arguments to its table; killed, it goes on. */
import * as fs from 'node:fs/promises';
import * as os from 'node:os';
import * as path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { SweepResult } from '../../src/core/sweeps/model';
import { startCli } from '../support/cli';
import { eventually } from '../support/eventually';
import { commandJson, runCommand } from '../support/inProcess';
import { runNames } from '../support/project';
import { readyFeatures } from '../support/readyProjects';
import { useQuickModel } from '../support/quickModel';

let folder: string;
let root: string;

beforeAll(async () => {
  folder = await fs.mkdtemp(path.join(os.tmpdir(), 'overread-cli-sweep-'));
  root = path.join(folder, 'sample');
  await readyFeatures(root, 60);
  await useQuickModel(root, 'sweep: { C: [0.001, 0.01] }\n');
});
afterAll(() => fs.rm(folder, { recursive: true, force: true }));

describe('overread sweep', () => {
  it('killed, goes on with what it had tried, and makes the two runs once', async () => {
    const strengths = Array.from({ length: 20 }, (_, i) => 1e-5 * 1.2 ** i);
    const args = ['sweep', root, '--C', strengths.join(',')];
    const running = startCli(args);
    const trials = async (): Promise<number> => {
      const [sweep = ''] = await fs.readdir(path.join(root, '.overread', 'sweeps'));
      const text = await fs.readFile(path.join(root, '.overread', 'sweeps', sweep, 'trials.jsonl'), 'utf8');
      return text.split('\n').length - 1;
    };
    await eventually(
      'two settings are tried',
      async () => expect(await trials()).toBeGreaterThan(2),
      120_000,
    );
    running.child.kill('SIGKILL');
    await running.done;
    const had = await trials();
    const result = await commandJson<SweepResult>(args);
    expect(result.tried).toBe(21);
    expect(result.known).toBe(had);
    expect(runNames(root).length).toBe(new Set(Object.values(result.runs!)).size);
  }, 180_000);

  it('tries what overread.yaml declares, and prints table, count and verdict', async () => {
    const { code, stdout, stderr } = await runCommand(['sweep', root]);
    expect(code, stderr).toBe(0);
    expect(stdout).toMatch(/^2 settings and what the project says/);
    expect(stdout).toMatch(/out of fold +log loss +less the default’s +AUROC +seconds/);
    expect(stdout).toMatch(/tf_efficientnet_lite0\.random-1 · C 0\.001 .* \d\.\d{3}/);
    expect(stdout).toMatch(/tf_efficientnet_lite0\.random-1 \(default\)/);
    expect(stdout).toMatch(
      /3 settings tried.*Selected by log loss out of fold, 5 folds, \d+ images of \d+ patients/,
    );
    expect(stdout).toMatch(/The default is the best of them|On \d+ validation images of \d+ patients/);
  });

  it.each([
    [['--C', '0'], 'must be numbers above 0'],
    [['--layers', 'first'], 'must be some of last, last-block'],
    [['--learning-rate', '1,2,3'], 'the lowest and the highest'],
    [['--minutes', '-1'], 'above 0'],
    [['--architectures', 'densenet12'], 'OVR500'],
    [['--truncations', 'nowhere'], 'OVR505'],
    [['--layers', 'last-block', '--python', '/nowhere/python'], 'OVR702'],
  ])('%j is refused', async (more, message) => {
    const result = await runCommand(['sweep', root, ...more]);
    expect([2, 4]).toContain(result.code);
    expect(result.stderr).toContain(message);
  });
});
