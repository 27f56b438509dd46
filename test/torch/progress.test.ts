/** What a training tells while it runs, as the files of a real one have it: what its page draws, and what nobody measured. */
import { execFileSync } from 'node:child_process';
import * as fs from 'node:fs/promises';
import * as os from 'node:os';
import * as path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TrainingReader } from '../../src/core/trainers/torch/trainingReader';
import type { Progress } from '../../src/core/base/report';
import { quickDeep, workplace, type Workplace } from './training';
import { warmPython } from './warmPython';

let place: Workplace;

beforeAll(async () => {
  place = await workplace(24);
});
afterAll(() => place.remove());

describe('the progress of a training', () => {
  it('has every network fold by fold with its epochs, rates and speed, and of a processor no use of a GPU', async () => {
    const told: Progress[] = [];
    const notes: string[] = [];
    const note = (text: string): void => void notes.push(text);
    const deep = { ...quickDeep, epochs: 4, patience: 1, learning_rate: 0.001, warmup: 0 };
    await place.train(
      'job',
      { layers: 'last-block', outOfFold: true, deep, python: await warmPython() },
      { onProgress: (progress) => told.push(progress), log: { info: note, warn: note } },
    );
    const report = await new TrainingReader(place.root, 'job').read();
    const folds = report.networks.filter(({ name }) => name.startsWith('fold-'));
    expect(folds.length).toBeGreaterThan(1);
    expect(report.networks.map(({ name }) => name)).toEqual([
      'inner',
      ...folds.map((_, n) => `fold-${String(n)}`),
      'final',
    ]);
    expect(report).toMatchObject({
      ...{ stage: 'done', resumed: 0, fault: null, now: null, secondsLeft: null },
      device: { name: 'cpu', processes: 1, memory: null },
    });
    for (const { name, points, epochs, state } of report.networks) {
      if (name !== 'inner') expect([name, state, points.length]).toEqual([name, 'done', epochs]);
      for (const point of points) {
        expect(point).toMatchObject({ gpuUse: null, memory: null });
        expect(point.loss).toBeGreaterThan(0);
        expect(point.imagesPerSecond).toBeGreaterThan(0);
      }
      expect(points.at(-1)?.heldLoss === null).toBe(name === 'final');
    }
    const [inner] = report.networks;
    // Half a cosine over all steps (`rate_factor`): at an epoch's end that of its last step.
    const rates = inner?.points.map(({ learningRate }) => learningRate ?? NaN) ?? [];
    expect(rates[0]).toBeLessThanOrEqual(0.001);
    expect(rates.every((rate, n) => rate > 0 && rate < (rates[n - 1] ?? Infinity))).toBe(true);
    // The inner one ends an epoch after its best; the others run as long as that.
    const held = inner?.points.map(({ heldLoss }) => heldLoss ?? NaN) ?? [];
    const best = held.indexOf(Math.min(...held)) + 1;
    expect(held).toHaveLength(Math.min(4, best + 1));
    expect(report.networks.slice(1).map(({ epochs }) => epochs)).toEqual(
      report.networks.slice(1).map(() => best),
    );
    expect(notes.join('\n')).toMatch(/^\d+ training images: below 1000 the last layer alone/m);
    const messages = told.flatMap(({ message }) => message ?? []).join('\n');
    expect(messages).toMatch(/loss \d\.\d{4}, held-out loss \d\.\d{4}, AUROC \d\.\d{3}, \d+ images\/s/);
    expect(messages).not.toMatch(/GPU/);
  });
});

describe('the use of a GPU', () => {
  it('is what NVML or nvidia-smi tells of this very card, and else not known', async () => {
    const folder = await fs.mkdtemp(path.join(os.tmpdir(), 'overread-use-'));
    const script = path.resolve('test/torch/gpuUse.py');
    const env = { ...process.env, PYTHONPATH: path.resolve('dist', 'python') };
    const answer = execFileSync(await warmPython(), [script, folder], { env, encoding: 'utf8' });
    await fs.rm(folder, { recursive: true });
    expect(JSON.parse(answer)).toEqual({
      parsed: {
        ...{ first: 87, second: 0, unnamed: null, only: 42, another: null, 'shared out': null },
        ...{ windows: 87, unit: 42, beyond: null, 'no driver': null, empty: null },
      },
      asked: 0,
      arguments: '--query-gpu=uuid,utilization.gpu --format=csv,noheader,nounits',
      byProgram: [87, 5],
      byPackage: [63, 1],
      without: null,
      fresh: 63,
      stale: null,
      processor: [null, 0],
    });
  });
});
