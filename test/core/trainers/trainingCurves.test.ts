/** What a page draws of a training by PyTorch: its progress added up, from made-up lines and from the files of a job. */
import * as fs from 'node:fs/promises';
import * as os from 'node:os';
import * as path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { progressOf, type TrainingLine } from '../../../src/core/trainers/torch/progressLines';
import { plannedNetworks, TrainingCurves } from '../../../src/core/trainers/torch/trainingCurves';
import { TrainingReader } from '../../../src/core/trainers/torch/trainingReader';
import type { TrainingReport } from '../../../src/core/trainers/torch/trainingReport';
import { epochSeconds, madeUpLines, madeUpPlan } from '../../support/madeUpTraining';

function reportOf(lines: readonly TrainingLine[], plan?: ReturnType<typeof madeUpPlan>): TrainingReport {
  const curves = new TrainingCurves();
  if (plan) curves.expect(plan);
  for (const line of lines) curves.take(line);
  return curves.report();
}

const made = { epochs: 6, folds: 2, best: 4 };
const epochsOf = ({ networks }: TrainingReport): (string | number)[][] =>
  networks.map(({ name, state, points, epochs }) => [name, state, points.length, epochs]);

describe('the curves of a training', () => {
  it('have every epoch of every network, in the order in which they are trained', () => {
    const report = reportOf(madeUpLines(made), madeUpPlan(made));
    expect(epochsOf(report)).toEqual([
      ['inner', 'done', 6, 6],
      ['fold-0', 'done', 4, 4],
      ['fold-1', 'done', 4, 4],
      ['final', 'done', 4, 4],
    ]);
    expect(report).toMatchObject({ stage: 'done', now: null, secondsLeft: null, resumed: 0, fault: null });
    const [inner, fold, , final] = report.networks;
    expect(inner?.points[0]).toMatchObject({ epoch: 1, memory: null, gpuUse: null });
    expect(inner?.points.every(({ heldLoss, heldAuroc }) => heldLoss !== null && heldAuroc !== null)).toBe(
      true,
    );
    expect(fold?.points.map(({ heldAuroc }) => heldAuroc !== null)).toEqual([false, false, false, true]);
    expect(final?.points.some(({ heldLoss }) => heldLoss !== null)).toBe(false);
  });

  it('say what trains now, what waits, and how long it takes at most', () => {
    // device, probe, estimate, and of the first epoch two steps.
    const start = reportOf(madeUpLines({ ...made, lines: 5 }), madeUpPlan(made));
    expect(start).toMatchObject({ stage: 'trains', device: { name: 'cpu', processes: 1, memory: null } });
    expect(start.now).toMatchObject({ network: 'inner', epoch: 1, epochs: 6, share: 0.75 });
    expect(epochsOf(start)[1]).toEqual(['fold-0', 'waits', 0, 6]);
    expect(start.secondsLeft).toBeCloseTo((6 - 0.75 + 3 * 6) * epochSeconds, 6);
    // The inner network has found 4 epochs; the first fold is at its second epoch.
    const later = reportOf(madeUpLines({ ...made, lines: 3 + 6 * 3 + 3 + 1 }), madeUpPlan(made));
    expect(epochsOf(later)).toEqual([
      ['inner', 'done', 6, 6],
      ['fold-0', 'trains', 1, 4],
      ['fold-1', 'waits', 0, 4],
      ['final', 'waits', 0, 4],
    ]);
    expect(later.secondsLeft).toBeCloseTo((4 - 1.25 + 2 * 4) * epochSeconds, 6);
  });

  it('of one that was gone on with have each epoch once, and a pace without what lay between', () => {
    const first = madeUpLines({ ...made, lines: 3 + 3 * 3 + 1 });
    // Killed in its fourth epoch; the checkpoint is of the third, of which it tells again an hour and a half later.
    const again = madeUpLines(made).map((line) => ({ ...line, time: Number(line['time']) + 5400 }));
    const resumed = [
      ...again.slice(0, 3),
      { stage: 'resumed', time: 0, phase: 'inner', step: 45 },
      ...again.slice(3 + 2 * 3 + 1, 3 + 3 * 3 + 1),
    ];
    const report = reportOf([...first, ...resumed], madeUpPlan(made));
    expect(report.resumed).toBe(1);
    expect(report.networks[0]?.points.map(({ epoch }) => epoch)).toEqual([1, 2, 3]);
    expect(report.now).toMatchObject({ epoch: 4, share: 0.25 });
    expect(report.secondsLeft).toBeCloseTo((6 - 3.25 + 3 * 6) * epochSeconds, 6);
    // Before its first step nothing trains, and what was trained stays.
    const between = reportOf([...first, ...again.slice(0, 2)], madeUpPlan(made));
    expect(between).toMatchObject({ stage: 'starts', now: null, secondsLeft: null });
    expect(epochsOf(between)[0]).toEqual(['inner', 'waits', 3, 6]);
  });

  it('take no number for one that was not told, nor a line for one that it is not', () => {
    const report = reportOf([
      { stage: 'device', name: 'cpu' },
      { stage: 'epoch', phase: 'inner', epoch: 1, epochs: 2, loss: 'low', held_auroc: null },
      { stage: 'epoch', phase: 'inner', epoch: 0, loss: 1 },
      { stage: 'unheard' },
      { stage: 'fault', kind: 'numbers', message: 'The loss is no number' },
    ]);
    expect(report.networks[0]?.points).toEqual([
      {
        ...{ epoch: 1, loss: null, heldLoss: null, heldAuroc: null, learningRate: null },
        ...{ imagesPerSecond: null, memory: null, gpuUse: null },
      },
    ]);
    expect(report).toMatchObject({ stage: 'fault', fault: 'The loss is no number' });
  });

  it('are of the networks that the job asks for', () => {
    const plan = madeUpPlan({ epochs: 3, folds: 2 });
    const settings = { epochs: 3, patience: 0 };
    expect(plannedNetworks(plan)).toEqual(['inner', 'fold-0', 'fold-1', 'final']);
    expect(plannedNetworks({ ...plan, settings })).toEqual(['fold-0', 'fold-1', 'final']);
    expect(plannedNetworks({ ...plan, folds: 0, settings })).toEqual(['inner', 'final']);
    expect(plannedNetworks({ ...plan, only_inner: true })).toEqual(['inner']);
  });
});

describe('a line of progress as people read it', () => {
  const line = { stage: 'epoch', phase: 'final', epoch: 3, epochs: 20, loss: 0.421, images_per_s: 118.4 };

  it('has the use of the GPU where it was measured, and says nothing of it where it was not', () => {
    expect(progressOf({ ...line, gpu_use: 87, memory: 9.1e9 })?.message).toBe(
      'loss 0.4210, 118 images/s, 87 % of the GPU, 9.1 GB of GPU memory',
    );
    expect(progressOf({ ...line, gpu_use: 0 })?.message).toBe('loss 0.4210, 118 images/s, 0 % of the GPU');
    expect(progressOf({ ...line, gpu_use: null, memory: null })?.message).toBe('loss 0.4210, 118 images/s');
  });
});

describe('the files of a training', () => {
  let root: string;
  const job = '2026-11-27T081500.123Z-finetune';
  const file = (name: string): string => path.join(root, '.overread/jobs', job, 'train', name);
  const text = (lines: readonly TrainingLine[]): string =>
    lines.map((line) => `${JSON.stringify(line)}\n`).join('');

  beforeEach(async () => {
    root = await fs.mkdtemp(path.join(os.tmpdir(), 'overread-curves-'));
    await fs.mkdir(path.dirname(file('x')), { recursive: true });
  });
  afterEach(() => fs.rm(root, { recursive: true, force: true }));

  it('are read on from look to look, a torn line when it is whole', async () => {
    const reader = new TrainingReader(root, job);
    expect(await reader.read()).toMatchObject({ stage: 'images', networks: [] });
    await fs.writeFile(file('job.json'), JSON.stringify({ v: 1, ...madeUpPlan(made), shards: [] }));
    const whole = text(madeUpLines(made));
    const at = whole.indexOf('"fold-0"');
    await fs.writeFile(file('progress.jsonl'), whole.slice(0, at));
    expect(epochsOf(await reader.read())).toEqual([
      ['inner', 'trains', 6, 6],
      ['fold-0', 'waits', 0, 6],
      ['fold-1', 'waits', 0, 6],
      ['final', 'waits', 0, 6],
    ]);
    await fs.appendFile(file('progress.jsonl'), whole.slice(at));
    const report = await reader.read();
    expect(report).toEqual(reportOf(madeUpLines(made), madeUpPlan(made)));
    expect(await reader.read()).toEqual(report);
    await fs.rm(path.dirname(file('x')), { recursive: true });
    expect(await reader.read()).toMatchObject({ stage: 'images', networks: [] });
  });

  it('are drawn without a plan that can be used, and refused behind a link', async () => {
    await fs.writeFile(file('job.json'), '{"v": 1}');
    await fs.writeFile(file('progress.jsonl'), text(madeUpLines({ ...made, lines: 6 })));
    expect(epochsOf(await new TrainingReader(root, job).read())).toEqual([['inner', 'trains', 1, 6]]);
    const elsewhere = path.join(root, 'elsewhere');
    await fs.rename(path.dirname(file('x')), elsewhere);
    await fs.symlink(elsewhere, path.dirname(file('x')));
    await expect(new TrainingReader(root, job).read()).rejects.toMatchObject({ code: 'OVR807' });
  });
});
