import { describe, expect, it } from 'vitest';
import { OverreadError } from '../../../src/core/base/errors';
import { SplitMix32 } from '../../../src/core/base/random';
import { fitHead } from '../../../src/core/training/fitHead';
import { drawMultiClass, drawMultiLabel, largestGap, reordered } from './drawProblem';

const code = (error: unknown) => (error instanceof OverreadError ? error.code : String(error));
const failure = (work: Promise<unknown>) => work.then(() => 'no error', code);

describe('fitHead', () => {
  it('gives the same bits twice', async () => {
    const problem = drawMultiLabel(120, 10, 3);
    const first = await fitHead(problem);
    const second = await fitHead(problem);
    expect(second).toEqual(first);
  });

  it('does not depend on the order of the rows', async () => {
    for (const problem of [drawMultiClass(90, 12, 3), drawMultiLabel(90, 12, 2)]) {
      const order = new SplitMix32(7).shuffle([...problem.fold.keys()]);
      const [straight, mixed] = [await fitHead(problem), await fitHead(reordered(problem, order))];
      const outputs = problem.targets.outputs.length;
      const back = new Float64Array(straight.probabilities.length);
      order.forEach((from, to) => {
        back.set(mixed.probabilities.subarray(to * outputs, (to + 1) * outputs), from * outputs);
      });
      expect(largestGap(back, straight.probabilities)).toBeLessThan(1e-4);
    }
  });

  it('treats an unlabelled row as one that is not there, but predicts it', async () => {
    const problem = drawMultiClass(80, 6, 3);
    problem.targets.y[70] = -1;
    problem.targets.y[71] = -1;
    const kept = [...problem.fold.keys()].filter((row) => row !== 70 && row !== 71);
    const [masked, removed] = [await fitHead(problem), await fitHead(reordered(problem, kept))];
    expect(largestGap(masked.head.weights, removed.head.weights)).toBeLessThan(1e-5);
    expect(masked.probabilities.slice(70 * 3, 72 * 3).every(Number.isFinite)).toBe(true);
    expect([masked.outOfFold[70], masked.outOfFold[71]]).toEqual([1, 1]);
  });

  it('predicts rows outside the training part with the head that it returns', async () => {
    const problem = drawMultiClass(90, 6, 3);
    for (let row = 60; row < 90; row++) problem.fold[row] = -1;
    const fit = await fitHead(problem);
    for (let row = 60; row < 90; row++) {
      expect(fit.outOfFold[row]).toBe(0);
      for (let k = 0; k < 3; k++) {
        const x = problem.features.subarray(row * 6, row * 6 + 6);
        const z = x.reduce((sum, value, j) => sum + value * fit.head.weights[k * 6 + j]!, fit.head.bias[k]!);
        expect(fit.logits[row * 3 + k]).toBeCloseTo(z, 4);
      }
    }
  });

  it('gives samples without features no prediction and does not train on them', async () => {
    const problem = drawMultiClass(60, 6, 3);
    problem.present[10] = 0;
    problem.features.fill(0, 60, 66);
    const kept = [...problem.fold.keys()].filter((row) => row !== 10);
    const [absent, removed] = [await fitHead(problem), await fitHead(reordered(problem, kept))];
    expect(absent.probabilities.slice(30, 33).every(Number.isNaN)).toBe(true);
    expect(absent.outOfFold[10]).toBe(0);
    expect(largestGap(absent.head.weights, removed.head.weights)).toBeLessThan(1e-5);
  });

  it('works when a fold lacks a class', async () => {
    const problem = drawMultiClass(60, 6, 3);
    // The only sample of class 2 is in fold 1: the model that leaves fold 1 out has never seen the class.
    problem.targets.y.forEach((label, row) => {
      if (label === 2) problem.targets.y[row] = row === 4 ? 2 : 0;
    });
    problem.targets.y[4] = 2;
    const fit = await fitHead(problem);
    expect(fit.probabilities.every(Number.isFinite)).toBe(true);
    expect(fit.logits.every(Number.isFinite)).toBe(true);
    const rarest = fit.probabilities[4 * 3 + 2]!;
    expect(rarest).toBeGreaterThan(0);
    expect(rarest).toBeLessThan(0.1);
    expect(fit.trials.every((trial) => Number.isFinite(trial.logLoss))).toBe(true);
  });

  it('gives a class without any training row a small constant probability', async () => {
    const problem = drawMultiClass(60, 6, 3);
    problem.targets.y.forEach((label, row) => (problem.targets.y[row] = label === 2 ? 0 : label));
    problem.fold[59] = -1;
    problem.targets.y[59] = 2;
    const fit = await fitHead(problem);
    expect(fit.head.weights.slice(12).every((weight) => weight === 0)).toBe(true);
    expect(fit.probabilities[59 * 3 + 2]).toBeGreaterThan(0);
    expect(fit.probabilities[59 * 3 + 2]).toBeLessThan(0.1);
  });

  it('keeps a finding without positives at its base rate, and no threshold calls it', async () => {
    const problem = drawMultiLabel(60, 6, 2);
    for (let row = 0; row < 60; row++) problem.targets.y[row * 2 + 1] = 0;
    const fit = await fitHead(problem);
    expect(fit.head.weights.slice(6).every((weight) => weight === 0)).toBe(true);
    expect(fit.probabilities[1]).toBeCloseTo(0.5 / 41, 6);
    expect(fit.head.thresholds[1]).toBe(0.5);
    expect(fit.head.calibration).toMatchObject({ kind: 'platt', slope: [expect.any(Number), 1] });
  });

  it('does not calibrate a finding below 20 positive patients', async () => {
    const problem = drawMultiLabel(120, 6, 1);
    const many = await fitHead(problem);
    const twins = problem.groups.map((_, row) => `p${row % 19}`);
    const few = await fitHead({ ...problem, groups: twins });
    expect(many.head.calibration).not.toEqual({ kind: 'platt', slope: [1], intercept: [0] });
    expect(few.head.calibration).toEqual({ kind: 'platt', slope: [1], intercept: [0] });
  });

  it('keeps the prior when classes are weighed', async () => {
    const problem = drawMultiLabel(400, 6, 1);
    const weighed = await fitHead({ ...problem, settings: { ...problem.settings, classWeights: true } });
    const plain = await fitHead(problem);
    const mean = (values: Float64Array) => values.reduce((sum, p) => sum + p, 0) / values.length;
    expect(mean(weighed.probabilities)).toBeCloseTo(mean(plain.probabilities), 1);
    expect(largestGap(weighed.head.weights, plain.head.weights)).toBeGreaterThan(1e-3);
  });

  it('searches further while the best C is at the edge', async () => {
    // Labels that the features say nothing about: the stronger the penalty, the better.
    const problem = drawMultiClass(120, 20, 2);
    const random = new SplitMix32(5);
    problem.targets.y.forEach((_, row) => (problem.targets.y[row] = random.below(2)));
    const fit = await fitHead({ ...problem, settings: { ...problem.settings, C: 'auto' } });
    expect(fit.trials.length).toBeGreaterThan(3);
    expect(fit.C[0]).toBeLessThan(0.001);
    const lowest = Math.min(...fit.trials.map((trial) => trial.logLoss));
    expect(fit.trials.find((trial) => trial.C === fit.C[0])!.logLoss).toBe(lowest);
  });

  it('chooses C per finding', async () => {
    const problem = drawMultiLabel(200, 10, 2);
    const random = new SplitMix32(5);
    for (let row = 0; row < 200; row++) problem.targets.y[row * 2 + 1] = random.below(2);
    const fit = await fitHead({ ...problem, settings: { ...problem.settings, C: 'auto' } });
    expect(fit.C).toHaveLength(2);
    expect(fit.C[0]).toBeGreaterThan(fit.C[1]!);
  });

  it('names what cannot be trained on', async () => {
    const none = drawMultiClass(30, 4, 2);
    none.fold.fill(-1);
    expect(await failure(fitHead(none))).toBe('OVR700');
    const one = drawMultiClass(30, 4, 2);
    one.targets.y.fill(1);
    expect(await failure(fitHead(one))).toBe('OVR207');
    const onlyNegative = drawMultiLabel(30, 4, 2);
    onlyNegative.targets.y.fill(0);
    expect(await failure(fitHead(onlyNegative))).toBe('OVR207');
    const broken = drawMultiClass(30, 4, 2);
    broken.features[17] = Number.NaN;
    expect(await failure(fitHead(broken))).toBe('OVR701');
  });

  it('stops when it is cancelled', async () => {
    const controller = new AbortController();
    controller.abort();
    expect(await failure(fitHead({ ...drawMultiClass(30, 4, 2), signal: controller.signal }))).toBe('OVR002');
  });
});
