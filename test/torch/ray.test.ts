/**
 * Training on a Ray cluster of two workers that this test starts, with Ray's authentication by token. Ray is no part of the
 * layer's environment: OVERREAD_TEST_RAY names a Python that has it beside PyTorch.
 */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import * as fs from 'node:fs/promises';
import * as os from 'node:os';
import * as path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { finetune } from '../../src/core/runs/finetune';
import { quickNetwork, workplace, type Workplace } from './training';

const python = process.env['OVERREAD_TEST_RAY'];
const ports = { head: '6397', dashboard: '8297' };
let place: Workplace;
let home: string;
let env: NodeJS.ProcessEnv;

if (python === undefined)
  console.log('NOT TESTED: Ray, because OVERREAD_TEST_RAY names no Python that has it');

describe.skipIf(python === undefined)('training on a Ray cluster', () => {
  beforeAll(async () => {
    place = await workplace(60);
    home = await fs.mkdtemp(path.join(os.tmpdir(), 'ray-'));
    const bin = path.dirname(python ?? '');
    env = {
      ...process.env,
      HOME: home,
      PATH: `${bin}:${process.env['PATH'] ?? ''}`,
      RAY_AUTH_MODE: 'token',
    };
    ray('get-auth-token', '--generate');
    ray(
      ...['start', '--head', '--num-cpus=2', `--port=${ports.head}`, '--disable-usage-stats'],
      ...[`--dashboard-port=${ports.dashboard}`, `--temp-dir=${home}/t`],
    );
  });
  afterAll(async () => {
    ray('stop');
    await place.remove();
    await fs.rm(home, { recursive: true, force: true });
  });

  it('reaches the native log loss to 1e-3 by two workers', async () => {
    const native = await finetune(place.root, { ...place.options, ...quickNetwork, name: 'native' });
    const address = `http://127.0.0.1:${ports.dashboard}`;
    const run = await place.train(
      'ray',
      { layers: 'last', outOfFold: true, python, target: { kind: 'ray', address, workers: 2 } },
      { env: { ...place.options.env, ...env } },
    );
    for (const part of ['out_of_fold', 'validation'] as const) {
      const [own, theirs] = [run.metrics[part].log_loss.value, native.metrics[part].log_loss.value];
      expect(Math.abs(own! - theirs!)).toBeLessThan(1e-3);
    }
    expect(readFileSync(place.file('ray', 'progress.jsonl'), 'utf8')).toContain('"processes": 2');
  });

  it('says in one line that a cluster takes no job', async () => {
    const target = { kind: 'ray', address: 'http://127.0.0.1:8', workers: 2 } as const;
    const failed = place.train('nobody', { layers: 'last', python, target });
    await expect(failed).rejects.toThrow(/The Ray cluster at http:\/\/127.0.0.1:8 takes no job/);
  });
});

function ray(...args: string[]): void {
  execFileSync(path.join(path.dirname(python ?? ''), 'ray'), args, { env, stdio: 'ignore' });
}
