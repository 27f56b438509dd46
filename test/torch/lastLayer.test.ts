/** `layers: last` by PyTorch is the problem that the native trainer solves: same figures, by one process and by two. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { finetune } from '../../src/core/runs/finetune';
import type { RunResult } from '../../src/core/runs/model';
import { quickNetwork, workplace, type Workplace } from './training';
import { trainingByWarmPython } from './warmPython';

let place: Workplace;
let native: RunResult;

beforeAll(async () => {
  place = await workplace(60);
  native = await finetune(place.root, { ...place.options, ...quickNetwork, name: 'native' });
});
afterAll(() => place.remove());

describe('the last layer by PyTorch', () => {
  it.each([
    ['one process', 'one', { kind: 'local' }],
    ['two processes of torchrun', 'two', { kind: 'torchrun', processes: 2 }],
  ] as const)('reaches the native log loss to 1e-3 by %s', async (_title, name, target) => {
    const { python, options } = await trainingByWarmPython(place);
    const run = await place.train(name, { layers: 'last', outOfFold: true, target, python }, options);
    for (const part of ['out_of_fold', 'validation'] as const) {
      const [own, theirs] = [run.metrics[part], native.metrics[part]];
      expect(own.samples).toBe(theirs.samples);
      expect(own.samples).toBeGreaterThan(5);
      expect(Math.abs(own.log_loss.value! - theirs.log_loss.value!)).toBeLessThan(1e-3);
    }
    expect(run.trainer).toBe('torch');
  });
});
