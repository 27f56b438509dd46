/**
 * BatchNorm's statistics where several processes train them. SyncBatchNorm is of GPUs; elsewhere each process normalises its
 * own part of a batch, and what is kept for predictions is the mean of all.
 */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openProject } from '../../src/core/project/project';
import { exportModel } from '../../src/core/runs/exportModel';
import { findWholeRun } from '../../src/core/runs/wholeRun';
import type { TorchRequest } from '../../src/core/trainers/torch/model';
import { quickDeep, workplace, type Workplace } from './training';
import { trainingByWarmPython } from './warmPython';

let place: Workplace;

beforeAll(async () => {
  place = await workplace(50);
});
afterAll(() => place.remove());

it('two processes on the CPU: whichever predicted an image, the network that is kept gives the same', async () => {
  const { python, options } = await trainingByWarmPython(place);
  const request: Partial<TorchRequest> = {
    ...{ layers: 'all', python, target: { kind: 'torchrun', processes: 2 } },
    // 32 images a process and step are asked for: from there on the statistics are trained.
    deep: { ...quickDeep, epochs: 1, batch: 64 },
  };
  const run = await place.train('two', request, options);
  const project = await openProject(place.root);
  const whole = await findWholeRun(place.root, run.run, project.dataset, () => undefined);
  expect(whole.record.trainer.settings).toMatchObject({ batch_norm: 'trained', processes: 2 });
  const exported = await exportModel(project, whole, { ...place.options, check: 100 });
  expect(exported.checked).toBeGreaterThan(10);
  expect(exported.largestDifference).toBeLessThan(1e-5);
});
