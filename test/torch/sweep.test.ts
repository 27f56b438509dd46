/** A sweep over more than the last layer: Optuna says what to train, several calls share its journal, a kill loses nothing. */
import { execFileSync } from 'node:child_process';
import * as fs from 'node:fs/promises';
import * as path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openProject } from '../../src/core/project/project';
import { readRun } from '../../src/core/runs/folder';
import type { SweepResult } from '../../src/core/sweeps/model';
import { sweep } from '../../src/core/sweeps/sweep';
import { localTarget } from '../../src/core/trainers/torch/compute';
import { startCli } from '../support/cli';
import { eventually } from '../support/eventually';
import { quickNetwork, testPython, workplace, type Workplace } from './training';
import { warmPython } from './warmPython';

const yaml = `C: 0.01
  deep: {epochs: 1, batch: 8, patience: 0}
sweep:
  layers: [last, last-block]
  C: [0.03]
  augmentation: [none, configured]
  trials: 2`;
const why = withoutOptuna();
if (why !== null) console.log(`NOT TESTED: sweeps over more than the last layer, because ${why}`);
let place: Workplace;

describe.skipIf(why !== null)('a sweep over more than the last layer', () => {
  beforeAll(async () => {
    place = await workplace(40, yaml);
    const file = path.join(place.root, 'overread.yaml');
    const text = await fs.readFile(file, 'utf8');
    await fs.writeFile(
      file,
      text
        .replace(/architecture: .*/, `architecture: ${quickNetwork.architecture}`)
        .replace(/weights: auto.*/, `weights: ${quickNetwork.weights}`),
    );
  });
  afterAll(() => place.remove());

  const call = async (trials: number): Promise<SweepResult> =>
    sweep(place.root, {
      ...place.options,
      declared: { trials },
      torch: {
        target: localTarget,
        python: await warmPython(),
        packageFolder: path.resolve('dist', 'python'),
      },
    });
  const left = async ({ sweep: folder }: SweepResult): Promise<string[]> =>
    (await fs.readdir(path.join(place.root, folder))).filter((name) => /^(trial|pixels)-/.test(name));

  it('trains what Optuna suggests beside the last layer, all judged on the inner fold', async () => {
    const result = await call(2);
    expect(result).toMatchObject({ tried: 4, known: 0, left: 0, failed: [] });
    const deep = result.trials.filter(({ setting }) => setting.layers === 'last-block');
    expect(deep).toHaveLength(2);
    for (const { setting, epochs } of deep) {
      expect(epochs).toBe(1);
      expect(setting.learning_rate).toBeGreaterThanOrEqual(0.0001);
      expect(setting.learning_rate).toBeLessThanOrEqual(0.001);
    }
    expect(new Set(deep.map(({ setting }) => setting.learning_rate)).size).toBe(2);
    const { assignment } = await openProject(place.root);
    expect(result.samples).toBe(assignment.fold.filter((fold) => fold === 0).length);
    const best = await readRun(place.root, result.runs!.best);
    const isDeep = result.trials[result.best]!.setting.layers !== undefined;
    expect(best.record.trainer.name).toBe(isDeep ? 'torch' : 'last-layer');
    expect(await left(result)).toEqual([]);
  });

  it('killed, goes on with the training that was under way; two calls at once share what is left', async () => {
    const config = place.options.env['OVERREAD_CONFIG'] ?? '';
    const running = startCli(
      ['sweep', place.root, '--trials', '4', '--python', testPython(), '--device', 'cpu'],
      {
        env: {
          HF_HUB_OFFLINE: '1',
          OMP_WAIT_POLICY: 'PASSIVE',
          OVERREAD_CACHE: place.options.cacheDir,
          OVERREAD_CONFIG: config,
        },
      },
    );
    const sweeps = path.join(place.root, '.overread', 'sweeps');
    await eventually(
      'a training is under way',
      async () => {
        const [folder = ''] = await fs.readdir(sweeps);
        const name = (await fs.readdir(path.join(sweeps, folder))).find((one) => one.startsWith('trial-'));
        await fs.access(path.join(sweeps, folder, name ?? '?', 'job.json'));
      },
      120_000,
    );
    running.child.kill('SIGKILL');
    await running.done;
    const results = await Promise.all([call(4), call(4)]);
    const last = await call(4);
    expect(last).toMatchObject({ tried: 6, known: 6, left: 0 });
    expect(results.some(({ runs }) => runs !== null)).toBe(true);
    expect(await left(last)).toEqual([]);
    // Whatever the workers did, no setting was trained twice.
    const lines = (await fs.readFile(path.join(place.root, last.sweep, 'trials.jsonl'), 'utf8'))
      .trim()
      .split('\n');
    const deep = lines
      .map((line) => JSON.parse(line) as { key: string; study?: string })
      .filter(({ study }) => study);
    expect(new Set(deep.map(({ key }) => key)).size).toBe(deep.length);
  });
});

/** Why there is none; null where there is. */
function withoutOptuna(): string | null {
  try {
    execFileSync(testPython(), ['-c', 'import optuna'], { stdio: 'ignore' });
    return null;
  } catch {
    return 'the Python of the tests has no optuna';
  }
}
