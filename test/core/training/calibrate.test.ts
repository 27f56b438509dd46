import { thresholdsOn } from '../../../src/core/training/calibrateOn';
import { describe, expect, it } from 'vitest';
import { applyCalibration, fitPlatt, fitTemperature } from '../../../src/core/training/calibrate';
import { chooseThreshold } from '../../../src/core/training/thresholds';
import golden from '../../golden/values/training/calibration.json';
import thresholds from '../../golden/values/training/thresholds.json';

describe('temperature', () => {
  it('minimises the log loss as scipy finds it', () => {
    const t = fitTemperature(Float64Array.from(golden.logits.flat()), 3, Int32Array.from(golden.y));
    expect(t).toBeCloseTo(golden.temperature, 5);
  });
  it('stays within bounds when every row is right, and is 1 without labels', () => {
    const logits = Float64Array.of(5, 0, 0, 5);
    expect(fitTemperature(logits, 2, Int32Array.of(0, 1))).toBeCloseTo(0.05, 6);
    expect(fitTemperature(logits, 2, Int32Array.of(1, 0))).toBeCloseTo(20, 6);
    expect(fitTemperature(logits, 2, Int32Array.of(-1, -1))).toBe(1);
  });
});

describe('Platt scaling', () => {
  const scores = Float64Array.from(golden.scores);
  const labels = Int32Array.from(golden.labels);
  it("equals scikit-learn's sigmoid calibration", () => {
    const { slope, intercept } = fitPlatt(scores, labels);
    expect(slope).toBeCloseTo(golden.slope, 4);
    expect(intercept).toBeCloseTo(golden.intercept, 4);
  });
  it('leaves out masked rows', () => {
    const more = Float64Array.from([...scores, 100, -100]);
    const masked = Int32Array.from([...labels, -1, -1]);
    expect(fitPlatt(more, masked)).toEqual(fitPlatt(scores, labels));
  });
  it('never turns the ranking round', () => {
    const upsideDown = labels.map((label) => 1 - label);
    expect(fitPlatt(scores, upsideDown)).toEqual({ slope: 1, intercept: 0 });
  });
  it('stays finite when the scores separate the labels', () => {
    const { slope, intercept } = fitPlatt(Float64Array.of(-2, -1, 1, 2), Int32Array.of(0, 0, 1, 1));
    expect(slope).toBeGreaterThan(0);
    expect(Number.isFinite(slope + intercept)).toBe(true);
  });
});

it('applies a calibration without overflow and keeps missing rows missing', () => {
  const softmax = applyCalibration(Float64Array.of(4000, 1000, Number.NaN, Number.NaN), 2, {
    kind: 'temperature',
    temperature: 2,
  });
  expect([...softmax]).toEqual([1, 0, Number.NaN, Number.NaN]);
  const platt = applyCalibration(Float64Array.of(0, -3000), 2, {
    kind: 'platt',
    slope: [2, 1],
    intercept: [Math.log(3), 0],
  });
  expect(platt[0]).toBeCloseTo(0.75, 12);
  expect(platt[1]).toBe(0);
});

describe('thresholds', () => {
  it("reach the highest of scikit-learn's Matthews correlations that call no more than have the finding", () => {
    for (const { probabilities, labels, best } of thresholds) {
      const t = chooseThreshold(Float64Array.from(probabilities), Int32Array.from(labels));
      expect(matthews(probabilities, labels, t)).toBeCloseTo(best, 10);
      const called = probabilities.filter((p) => p >= t).length;
      expect(called).toBeLessThanOrEqual(labels.filter((label) => label === 1).length);
      // Not on a probability: a rounding elsewhere must not move an image over it.
      expect(probabilities).not.toContain(t);
    }
  });
  it('do not bury a finding that is hard to tell in false alarms', () => {
    // Ten of 400 have it, one in fifteen of the first 150: the correlation alone would call 141.
    const labels = Int32Array.from({ length: 400 }, (_, i) => (i % 15 === 5 && i < 150 ? 1 : 0));
    const probabilities = Float64Array.from(labels, (_, i) => 0.08 - i / 10_000);
    const t = chooseThreshold(probabilities, labels);
    const alarms = probabilities.filter((p, i) => p >= t && labels[i] === 0).length;
    const misses = probabilities.filter((p, i) => p < t && labels[i] === 1).length;
    expect(alarms).toBeLessThanOrEqual(misses);
    expect(matthews([...probabilities], [...labels], 0.06595)).toBeGreaterThan(
      matthews([...probabilities], [...labels], t),
    );
  });
  it('are 0.5 where there is nothing to go by', () => {
    expect(chooseThreshold(Float64Array.of(0.1, 0.9), Int32Array.of(0, 0))).toBe(0.5);
    expect(chooseThreshold(Float64Array.of(0.1, 0.9), Int32Array.of(-1, -1))).toBe(0.5);
    expect(chooseThreshold(Float64Array.of(0.3, 0.3, 0.3), Int32Array.of(0, 1, 0))).toBe(0.5);
  });
});

function matthews(p: readonly number[], labels: readonly number[], threshold: number): number {
  const count = (called: boolean, label: number) =>
    p.filter((value, i) => value >= threshold === called && labels[i] === label).length;
  const [tp, fp, fn, tn] = [count(true, 1), count(true, 0), count(false, 1), count(false, 0)];
  return (tp * tn - fp * fn) / Math.sqrt((tp + fp) * (tp + fn) * (tn + fp) * (tn + fn));
}

describe('thresholdsOn', () => {
  it.each([
    [9, 0.5],
    [10, 0.85],
  ])('with %s positive patients in the chosen rows a finding has the threshold %s', (positives, wanted) => {
    // Two images of each patient, and positives that are not chosen: neither makes a patient more.
    const rows = 60;
    const y = Int32Array.from({ length: rows }, (_, row) => (row < 2 * positives || row >= 50 ? 1 : 0));
    const probabilities = Float64Array.from(y, (label) => (label === 1 ? 0.9 : 0.8));
    const chosen = Uint8Array.from({ length: rows }, (_, row) => (row < 50 ? 1 : 0));
    const groups = Array.from({ length: rows }, (_, row) => `p${Math.floor(row / 2)}`);
    const targets = { task: 'multi-label', outputs: ['Mass'], y } as const;
    const [threshold] = thresholdsOn(probabilities, targets, chosen, groups);
    expect(threshold).toBeCloseTo(wanted, 12);
  });
});
