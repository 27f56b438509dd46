/** `overread setup-python` to its end: a real virtual environment of the packages that pip's own settings lead to, which then trains. */
import * as fs from 'node:fs/promises';
import * as path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { runCli, runJson } from '../support/cli';
import { quickNetwork, workplace, type Workplace } from './training';

/** A gigabyte is unpacked, on a machine that may be slow. */
const patience = 1_800_000;

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

it(
  'makes an environment that trains, and keeps it where it is there',
  { timeout: patience },
  async (context) => {
    const cache = path.join(path.dirname(place.root), 'cache');
    // The versions of the layer's own environment, as pip's settings may ask for them: newer ones may be builds for CUDA, gigabytes.
    const constraints = path.join(path.dirname(place.root), 'constraints.txt');
    await fs.writeFile(constraints, 'torch==2.13.0\ntorchvision==0.28.0\n');
    const env = {
      ...{ OVERREAD_CACHE: cache, PIP_CONSTRAINT: constraints },
      ...{ HF_HUB_OFFLINE: '1', OMP_WAIT_POLICY: 'PASSIVE' },
    };
    const planned = await runCli(['setup-python', '--dry-run', '--json'], env);
    if (planned.code !== 0 && planned.stderr.includes('pip cannot have the packages'))
      return context.skip('NOT TESTED: pip reaches no index that has PyTorch');
    expect(planned.code).toBe(0);
    const plan = JSON.parse(planned.stdout) as Answer;
    expect(plan.packages.map(({ name }) => name)).toEqual(
      expect.arrayContaining(['torch', 'torchvision', 'timm', 'safetensors', 'numpy']),
    );
    expect(await fs.readdir(cache).catch(() => [])).not.toContain('python');
    if (plan.packages.some(({ name }) => name.startsWith('nvidia-')))
      return context.skip('NOT TESTED: pip would fetch the builds for CUDA');

    const made = await runJson<Answer>(['setup-python', '--yes'], [0], env);
    expect(made.folder).toBe(path.join(cache, 'python'));
    expect(made.installed?.startsWith(made.folder)).toBe(true);
    // No Python is named: that of setup-python comes before the first on PATH.
    const network = ['--architecture', quickNetwork.architecture, '--weights', quickNetwork.weights];
    const asked = ['finetune', place.root, ...network, '--layers', 'last-block', '--device', 'cpu'];
    const run = await runCli(asked, env);
    expect([run.code, run.stderr]).toEqual([
      expect.toSatisfy((code) => code === 0 || code === 1),
      expect.anything(),
    ]);
    const [name] = await fs.readdir(path.join(place.root, 'runs'));
    const record = JSON.parse(
      await fs.readFile(path.join(place.root, 'runs', name!, 'run.json'), 'utf8'),
    ) as {
      readonly trainer: { readonly name: string };
    };
    expect(record.trainer.name).toBe('torch');

    const before = await fs.stat(made.installed!);
    const again = await runJson<Answer>(['setup-python', '--yes'], [0], env);
    expect(again).toMatchObject({ installed: made.installed, packages: [] });
    expect((await fs.stat(made.installed!)).ino).toBe(before.ino);
  },
);
