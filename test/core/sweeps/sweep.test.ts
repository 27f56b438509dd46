/** Whole sweeps of the last layer on a small synthetic project, on the first blocks of Lite0 with random weights. */
import * as fs from 'node:fs/promises';
import * as os from 'node:os';
import * as path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { OverreadError } from '../../../src/core/base/errors';
import { openProject } from '../../../src/core/project/project';
import { readRun, listRunNames } from '../../../src/core/runs/folder';
import type { SweepResult } from '../../../src/core/sweeps/model';
import type { SweepOptions } from '../../../src/core/sweeps/options';
import { sweep } from '../../../src/core/sweeps/sweep';
import { useQuickModel } from '../../support/quickModel';
import { readySample } from '../../support/readyProjects';
import { readSafetensors } from '../../../src/core/weights/stateDict/safetensors';

let folder: string;
let root: string;
let env: Record<string, string>;

beforeAll(async () => {
  folder = await fs.mkdtemp(path.join(os.tmpdir(), 'overread-sweep-'));
  root = path.join(folder, 'project');
  env = { HF_HUB_OFFLINE: '1', PATH: '', OVERREAD_CONFIG: path.join(folder, 'config') };
  await readySample(root, 200, 64);
  await useQuickModel(root);
  const file = path.join(root, 'overread.yaml');
  const text = await fs.readFile(file, 'utf8');
  await fs.writeFile(
    file,
    text.replace('random:1', 'random:1\n  truncate: stem').replace(/C: auto.*/, 'C: 0.003'),
  );
});
afterAll(() => fs.rm(folder, { recursive: true, force: true }));

const run = (
  declared: NonNullable<SweepOptions['declared']>,
  more: Partial<SweepOptions> = {},
): Promise<SweepResult> =>
  sweep(root, {
    ...{ env, versions: {}, device: 'cpu', cacheDir: path.join(folder, 'cache'), declared },
    ...more,
  });
const space = { truncate: ['stem', 'blocks.0'], C: [0.001, 0.1] };
const trialsOf = (result: SweepResult): string => path.join(root, result.sweep, 'trials.jsonl');

describe('a sweep of the last layer', () => {
  let first: SweepResult;
  beforeAll(async () => {
    first = await run(space);
  });

  it('tries every combination and the default, sorted by log loss out of fold', () => {
    expect(first).toMatchObject({ tried: 5, known: 0, left: 0, failed: [], tried_elsewhere: 0, best: 0 });
    const losses = first.trials.map(({ log_loss }) => log_loss.value!);
    expect(losses).toEqual(losses.toSorted((a, b) => a - b));
    expect(first.trials.filter(({ is_default }) => is_default)).toHaveLength(1);
    expect(first.trials[first.default]).toMatchObject({ is_default: true, setting: {} });
    const settings = first.trials.map(({ setting: { truncate, C } }) => `${truncate} ${C}`);
    expect(settings.toSorted()).toEqual([
      'blocks.0 0.001',
      'blocks.0 0.1',
      'stem 0.001',
      'stem 0.1',
      'undefined undefined',
    ]);
    for (const { seconds, log_loss, log_loss_difference, is_default } of first.trials) {
      expect(seconds).toBeGreaterThan(0);
      expect(log_loss.low!).toBeLessThan(log_loss.high!);
      if (!is_default) {
        const own = first.trials[first.default]!.log_loss.value!;
        expect(log_loss_difference!.value).toBeCloseTo(log_loss.value! - own, 10);
      }
    }
  });

  it('agrees with the runs that it makes of the best and of the default, and makes no other', async () => {
    expect(await listRunNames(root)).toEqual([first.runs!.default, first.runs!.best]);
    for (const [name, at] of [
      [first.runs!.default, first.default],
      [first.runs!.best, first.best],
    ] as const) {
      const { metrics, record } = await readRun(root, name);
      expect(metrics.out_of_fold.samples).toBe(first.samples);
      // A trial is fitted as closely as a comparison needs, a run to the optimum.
      expect(metrics.out_of_fold.log_loss.value).toBeCloseTo(first.trials[at]!.log_loss.value!, 3);
      expect(record.trainer.settings).toMatchObject({ C: [first.trials[at]!.setting.C ?? 0.003] });
    }
    const { validation } = first;
    const [best, own] = await Promise.all(
      [first.runs!.best, first.runs!.default].map((name) => readRun(root, name)),
    );
    expect(validation!.log_loss.after.value).toBeCloseTo(best!.metrics.validation.log_loss.value!, 10);
    expect(validation!.log_loss.before.value).toBeCloseTo(own!.metrics.validation.log_loss.value!, 10);
  });

  it('says by the paired interval on validation whether the best is better', () => {
    const { low, high } = first.validation!.log_loss.difference;
    const expected = high! < 0 ? 'better' : low! > 0 ? 'worse' : 'not-distinguishable';
    expect(low).not.toBeNull();
    expect(first.verdict).toBe(expected);
  });

  it('keeps no prediction outside the training part: what is not chosen meets no validation image', async () => {
    const { assignment } = await openProject(root);
    const files = (await fs.readdir(path.join(root, first.sweep))).filter((name) =>
      name.endsWith('.safetensors'),
    );
    expect(files).toHaveLength(5);
    for (const file of files) {
      const bytes = await fs.readFile(path.join(root, first.sweep, file));
      const values = readSafetensors(bytes, file).tensors.get('probabilities')!.data;
      const width = values.length / assignment.split.length;
      for (const [row, part] of assignment.split.entries()) {
        expect(Number.isNaN(values[row * width]!), `${part} ${row}`).toBe(part !== 'train');
      }
    }
  });

  it('asked again, tries nothing and makes no run; a larger space tries what is new', async () => {
    const tried: string[] = [];
    const again = await run(space, { onTried: (label) => tried.push(label) });
    expect(again).toMatchObject({ tried: 5, known: 5, runs: first.runs });
    expect(again.trials).toEqual(first.trials);
    expect(tried).toEqual([]);
    const larger = await run({ ...space, C: [...space.C, 0.3] }, { onTried: (label) => tried.push(label) });
    expect(tried).toHaveLength(2);
    expect(larger).toMatchObject({ tried: 7, known: 5 });
    expect(await run({ C: [0.001] })).toMatchObject({ tried: 2, tried_elsewhere: 5 });
  });

  it('tries again what a kill has torn, and what another user has brought', async () => {
    const file = trialsOf(first);
    const whole = await fs.readFile(file, 'utf8');
    const lines = whole.trimEnd().split('\n');
    await fs.writeFile(file, `${lines.slice(0, 2).join('\n')}\n${lines[2]!.slice(0, 40)}`);
    expect(await run(space)).toMatchObject({ tried: 5, known: 2 });
    const forged = (await fs.readFile(file, 'utf8')).replaceAll(/"mac":"./g, '"mac":"0');
    await fs.writeFile(file, forged);
    const { known } = await run(space);
    // One in sixteen has that digit anyway.
    expect(known).toBeLessThan(5);
  });

  it('ends when its minutes are over, and goes on to the same result', async () => {
    await fs.rm(path.join(root, first.sweep), { recursive: true });
    const part = await run({ ...space, minutes: 1e-9 });
    expect(part).toMatchObject({ tried: 1, left: 4, verdict: 'default-is-best' });
    const rest = await run(space);
    expect(rest).toMatchObject({ tried: 5, known: 1, left: 0 });
    const figures = ({ trials }: SweepResult): unknown =>
      trials.map(({ setting, log_loss, auroc_macro }) => ({ setting, log_loss, auroc_macro }));
    expect(figures(rest)).toEqual(figures(first));
  });

  it('begins anew when labels or folds change', async () => {
    await fs.writeFile(
      path.join(root, 'splits', 'folds.csv'),
      (await fs.readFile(path.join(root, 'splits', 'folds.csv'), 'utf8'))
        .replaceAll(/,0$/gm, ',9')
        .replaceAll(/,1$/gm, ',0')
        .replaceAll(/,9$/gm, ',1'),
    );
    const other = await run({ C: [0.001] });
    expect(other.sweep).not.toBe(first.sweep);
    expect(other.known).toBe(0);
  });

  it('lists a network whose weights cannot be had, and tries the others', async () => {
    const failed: string[] = [];
    const result = await run(
      { architectures: ['resnet18', 'tf_efficientnet_lite0:random:2'], C: [0.01] },
      { onFailed: ({ label }) => failed.push(label) },
    );
    expect(failed).toEqual(['resnet18']);
    expect(result.failed[0]!.error.code).toBe('OVR501');
    expect(result.trials.map(({ weights }) => weights)).toContain('tf_efficientnet_lite0.random-2');
  });

  it.each([
    ['OVR505', { truncate: ['nowhere'] }],
    ['OVR500', { architectures: ['densenet12'] }],
    ['OVR001', { learning_rate: { low: 1, high: 0.1 } }],
    ['OVR001', { layers: ['last-block'] as const }],
    ['OVR001', { layers: ['last', 'last-block'] as const, trials: 2000 }],
  ])('refuses with %s what cannot be tried: %j', async (code, declared) => {
    const error: unknown = await run(declared).catch((caught: unknown) => caught);
    expect((error as OverreadError).code).toBe(code);
  });
});
