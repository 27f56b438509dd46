/** A fit that follows the labels is the fit from nothing: the same optimum, the same predictions. */
import { describe, expect, it } from 'vitest';
import { SplitMix32 } from '../../../src/core/base/random';
import { fitHead, type FitProblem } from '../../../src/core/training/fitHead';
import { LiveFit, type LivePredictions } from '../../../src/core/training/liveFit';
import { drawMultiClass, drawMultiLabel, largestGap } from './drawProblem';

async function openLive(problem: FitProblem, C: readonly number[]) {
  const settings = { ...problem.settings, C };
  return LiveFit.open({ ...problem, settings });
}

/** A fit from nothing by the labels as they are now, in the same way: the objective is that of no run. */
async function cold(problem: FitProblem, y: Int32Array, C: readonly number[]): Promise<LivePredictions> {
  const { live, predictions } = await openLive({ ...problem, targets: { ...problem.targets, y } }, C);
  await live.close();
  return predictions;
}

function expectSame(warm: LivePredictions, wanted: LivePredictions): void {
  for (const [i, objective] of wanted.objectives.entries()) {
    expect(Math.abs(warm.objectives[i]! - objective)).toBeLessThanOrEqual(1e-6 * Math.abs(objective));
  }
  // As far as float32 tells two searches apart (docs/last-layer.md).
  expect(largestGap(warm.probabilities, wanted.probabilities)).toBeLessThan(1e-4);
  expect(warm.head.thresholds).toHaveLength(wanted.head.thresholds.length);
  expect(warm.outOfFold).toEqual(wanted.outOfFold);
}

const cases = [
  ['softmax', drawMultiClass(200, 40, 3), [0.1]],
  ['sigmoid', drawMultiLabel(200, 30, 4), [0.1, 0.03, 0.1, 0.3]],
  ['softmax with class weights', weighted(drawMultiClass(160, 24, 4)), [0.03]],
] as const;

function weighted(problem: FitProblem): FitProblem {
  return { ...problem, settings: { ...problem.settings, classWeights: true } };
}

describe.each(cases)('LiveFit, %s', (_name, problem, C) => {
  const values = problem.targets.task === 'multi-class' ? problem.targets.outputs.length : 2;

  it('is the fit from nothing after each of twenty answers', async () => {
    const { live, predictions } = await openLive(problem, C);
    const random = new SplitMix32(5);
    let y = problem.targets.y;
    expectSame(predictions, await cold(problem, y, C));
    for (let step = 0; step < 20; step++) {
      y = y.slice();
      // Sets, and now and then takes a label away, of one image or of many at once.
      for (let k = 0; k < (step % 5 === 4 ? 12 : 1); k++) {
        y[random.below(y.length)] = random.uniform() < 0.2 ? -1 : random.below(values);
      }
      const warm = await live.refit({ ...problem.targets, y });
      if (step % 4 === 3) expectSame(warm, await cold(problem, y, C));
    }
    await live.close();
  });

  it('has the predictions of the fine-tune with this C', async () => {
    if (new Set(C).size > 1) return;
    const { live, predictions } = await openLive(problem, C);
    const fit = await fitHead({ ...problem, settings: { ...problem.settings, C: [C[0]] } });
    expect(largestGap(predictions.probabilities, fit.probabilities)).toBeLessThan(1e-4);
    await live.close();
  });

  it('solves only what a changed label has a part in', async () => {
    const { live, predictions } = await openLive(problem, C);
    const problems = problem.targets.task === 'multi-class' ? 1 : problem.targets.outputs.length;
    expect(predictions.solved).toBe(problems * (problem.folds + 1));
    const y = problem.targets.y.slice();
    const at = y.findIndex((label) => label >= 0);
    y[at] = (y[at]! + 1) % values;
    // Of one finding: all folds but the image's own, and the whole.
    expect((await live.refit({ ...problem.targets, y })).solved).toBe(problem.folds);
    expect((await live.refit({ ...problem.targets, y })).solved).toBe(0);
    await live.close();
  });
});

describe('LiveFit', () => {
  it('follows a class that goes and comes back', async () => {
    const problem = drawMultiClass(120, 12, 3);
    const { live } = await openLive(problem, [0.1]);
    const without = problem.targets.y.map((label) => (label === 2 ? 0 : label));
    const gone = await live.refit({ ...problem.targets, y: without });
    expectSame(gone, await cold(problem, without, [0.1]));
    const back = await live.refit(problem.targets);
    expectSame(back, await cold(problem, problem.targets.y, [0.1]));
    await live.close();
  });

  it('an answer outside the training part costs nothing and changes no prediction', async () => {
    const problem = drawMultiClass(90, 8, 3);
    problem.fold[5] = -1;
    const { live, predictions } = await openLive(problem, [0.1]);
    const y = problem.targets.y.slice();
    y[5] = (y[5]! + 1) % 3;
    const after = await live.refit({ ...problem.targets, y });
    expect(after.solved).toBe(0);
    expect(largestGap(after.probabilities, predictions.probabilities)).toBe(0);
    await live.close();
  });

  it('refuses labels that teach nothing, and goes on from what it had', async () => {
    const problem = drawMultiClass(60, 8, 2);
    const { live } = await openLive(problem, [0.1]);
    const one = { ...problem.targets, y: problem.targets.y.map(() => 1) };
    await expect(live.refit(one)).rejects.toMatchObject({ code: 'OVR207' });
    const y = problem.targets.y.slice();
    y[3] = 1 - y[3]!;
    expectSame(await live.refit({ ...problem.targets, y }), await cold(problem, y, [0.1]));
    await live.close();
  });
});
