/** Training by PyTorch from the command line: a job that is followed, cancelled, gone on with and reviewed. */
import * as fs from 'node:fs/promises';
import * as path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { JobSummary } from '../../src/core/jobs/model';
import type { RunRecord } from '../../src/core/runs/model';
import { runCli, runJson } from '../support/cli';
import { linkFolder } from '../support/linkFolder';
import { environmentOf, quickNetwork, testPython, workplace, type Workplace } from './training';
import { warmPython } from './warmPython';

const yaml = `C: 0.01
  layers: last-block
  deep: {epochs: 2, batch: 8, checkpoint_minutes: 0}`;
let place: Workplace;
let env: Record<string, string>;
let named: readonly string[];

beforeAll(async () => {
  place = await workplace(24, yaml);
  const { cacheDir } = place.options;
  // What setup-python has made (setupPython.test.ts).
  const made = environmentOf(testPython());
  if (made !== null) await linkFolder(made, path.join(cacheDir, 'python'));
  named = made === null ? ['--python', testPython()] : [];
  env = { OVERREAD_CACHE: cacheDir, HF_HUB_OFFLINE: '1', OMP_WAIT_POLICY: 'PASSIVE' };
});
afterAll(() => place.remove());

const network = ['--architecture', quickNetwork.architecture, '--weights', quickNetwork.weights];

describe('overread finetune', () => {
  it('trains what overread.yaml says as a job; cancelled, it is gone on with and makes the run', async () => {
    // No Python is named: that of setup-python comes before the first on PATH.
    const asked = ['finetune', place.root, ...network, ...named, '--device', 'cpu'];
    const { job } = await runJson<{ job: string }>([...asked, '--detach'], [0], env);
    const checkpoint = path.join(place.root, '.overread/jobs', job, 'train', 'checkpoint.safetensors');
    while (!(await exists(checkpoint))) await sleep(20);
    const cancelled = await runJson<JobSummary>(['jobs', 'cancel', place.root, job], [0], env);
    expect(cancelled.state).toBe('cancelled');
    // As in an editor where another Python was chosen meanwhile.
    const chosen = { ...env, OVERREAD_CHOSEN_PYTHON: await warmPython() };
    const ended = await runJson<JobSummary>(['jobs', 'resume', place.root, job], [0, 1], chosen);
    expect(ended).toMatchObject({ state: 'ended' });
    const record = JSON.parse(
      await fs.readFile(path.join(place.root, 'runs', ended.run!, 'run.json'), 'utf8'),
    ) as RunRecord;
    expect(record.trainer).toMatchObject({
      name: 'torch',
      settings: { layers: 'last-block', batch_norm: 'frozen', epochs: 2, compute: 'local' },
    });
    expect(record.can).toMatchObject({ explain: true, export: true, compare: true });
    expect(record.can.refit).toMatch(/seen the labels/);
    const { train, validation } = record.seen;
    expect(train.seen).toBe(train.predicted);
    expect(validation.seen).toBe(0);
    const left = await fs.readdir(path.dirname(checkpoint));
    expect(left).toEqual(expect.arrayContaining(['logits.safetensors', 'features.safetensors']));
    expect(left.filter((name) => /^pixels|checkpoint|initial|pkl|pth?$/.test(name))).toEqual([]);
    // What the network has seen is no error.
    const { counts } = record;
    const errors = await runCli(['errors', place.root], env);
    expect(counts.errors).toBeLessThanOrEqual(validation.predicted);
    expect(errors.code).toBeLessThanOrEqual(1);
    const again = await runCli(['jobs', 'resume', place.root, ended.job], env);
    expect(again.stderr).toMatch(/has made its run/);
  });

  it('refuses more than the last layer without PyTorch, and blocks that there are not', async () => {
    const native = await runCli(['finetune', place.root, '--engine', 'native'], env);
    expect([native.code, native.stderr]).toEqual([2, expect.stringContaining('last layer alone')]);
    const unknown = await runJson<JobSummary>(
      ['finetune', place.root, ...network, '--python', await warmPython(), '--layers', 'blocks.77'],
      [2],
      env,
    );
    expect(unknown.error).toMatchObject({ code: 'OVR505' });
  });
});

function exists(file: string): Promise<boolean> {
  return fs.access(file).then(
    () => true,
    () => false,
  );
}
