/** Curves, calibration, decision curves and operating points against scikit-learn's and dcurves' (test/golden/curves.py). */
import { describe, expect, it } from 'vitest';
import { curveBands } from '../../../src/core/evaluation/curveBands';
import { precisionRecallCurve, rocCurve, visiblePoints } from '../../../src/core/evaluation/curves';
import { decisionCurve } from '../../../src/core/evaluation/decisionCurve';
import { computeMetrics, type MetricsInput } from '../../../src/core/evaluation/metrics';
import { figuresAt } from '../../../src/core/evaluation/operatingFigures';
import { candidateThresholds, chooseOperatingThreshold } from '../../../src/core/evaluation/operatingPoints';
import { layOutPart, type OutputEntries, type Part } from '../../../src/core/evaluation/part';
import { reliability } from '../../../src/core/evaluation/reliability';
import golden from '../../golden/values/evaluation/curves.json';

type Golden = (typeof golden)['plain'];

function inputOf(y: readonly number[], p: readonly number[], groups: readonly string[]): MetricsInput {
  return {
    targets: { task: 'multi-label', outputs: ['finding'], y: Int32Array.from(y) },
    probabilities: Float64Array.from(p),
    rows: Int32Array.from(p.keys()),
    groups,
    thresholds: [0.5],
  };
}

function partOf({ y, p, groups }: Pick<Golden, 'y' | 'p' | 'groups'>): Part {
  return layOutPart(inputOf(y, p, groups));
}

function outputOf(
  y: readonly number[],
  p: readonly number[],
  groups = y.map((_, i) => `p${i}`),
): OutputEntries {
  return layOutPart(inputOf(y, p, groups)).outputs[0]!;
}

function expectClose(got: readonly number[], wanted: readonly number[]): void {
  expect(got).toHaveLength(wanted.length);
  got.forEach((value, n) => expect(value).toBeCloseTo(wanted[n]!, 9));
}

/** The curve's value at x, the upper one where it rises. */
function valueAt(xs: readonly number[], ys: readonly number[], x: number): number {
  let at = xs.length - 1;
  while (at > 0 && xs[at]! > x) at--;
  if (xs[at] === x || at === xs.length - 1) return ys[at]!;
  return ys[at]! + ((x - xs[at]!) / (xs[at + 1]! - xs[at]!)) * (ys[at + 1]! - ys[at]!);
}

describe.each(Object.entries(golden))('curves beside scikit-learn: %s', (_, wanted) => {
  const part = partOf(wanted);
  const output = part.outputs[0]!;

  it('ROC: its points lie on ours, ours are among its points, and the areas agree', () => {
    const roc = rocCurve(output)!;
    const points = new Set(wanted.roc.fpr.map((x, n) => `${x.toFixed(9)} ${wanted.roc.tpr[n]!.toFixed(9)}`));
    roc.falsePositiveRate.forEach((x, n) =>
      expect(points).toContain(`${x.toFixed(9)} ${roc.truePositiveRate[n]!.toFixed(9)}`),
    );
    let area = 0;
    for (let n = 1; n < roc.thresholds.length; n++) {
      area +=
        (roc.falsePositiveRate[n]! - roc.falsePositiveRate[n - 1]!) *
        ((roc.truePositiveRate[n]! + roc.truePositiveRate[n - 1]!) / 2);
    }
    expect(area).toBeCloseTo(wanted.roc.area, 9);
    wanted.roc.fpr.forEach((x, n) => {
      const top = Math.max(...wanted.roc.tpr.filter((_tpr, k) => wanted.roc.fpr[k] === x));
      if (wanted.roc.tpr[n] === top)
        expect(valueAt(roc.falsePositiveRate, roc.truePositiveRate, x)).toBeCloseTo(top, 9);
    });
  });

  it('precision and recall at every distinct score', () => {
    const curve = precisionRecallCurve(output)!;
    expectClose(curve.precision, wanted.pr.precision);
    expectClose(curve.recall, wanted.pr.recall);
    expectClose(curve.thresholds, wanted.pr.thresholds);
    const area = curve.recall.reduce(
      (sum, r, n) => sum + (r - (curve.recall[n - 1] ?? 0)) * curve.precision[n]!,
      0,
    );
    expect(area).toBeCloseTo(wanted.pr.area, 9);
  });

  it('bands are the percentiles of the curves of the same resamplings', async () => {
    const [bands] = await curveBands(part, { seed: wanted.seed, replicates: wanted.replicates });
    expectClose(bands!.roc.low, wanted.bands.roc[0]!);
    expectClose(bands!.roc.high, wanted.bands.roc[1]!);
    expectClose(bands!.precisionRecall.low, wanted.bands.pr[0]!);
    expectClose(bands!.precisionRecall.high, wanted.bands.pr[1]!);
  });

  it('the reliability diagram, whose error is the one of the figures', () => {
    const { bins, ece } = reliability(output);
    expectClose(
      bins.map(({ observed }) => observed),
      wanted.reliability.observed,
    );
    expectClose(
      bins.map(({ predicted }) => predicted),
      wanted.reliability.predicted,
    );
    expect(ece).toBeCloseTo(computeMetrics(inputOf(wanted.y, wanted.p, wanted.groups)).ece.value!, 12);
    for (const { low, high, observed } of bins) expect(low <= observed && observed <= high).toBe(true);
  });

  it('net benefit is that of dcurves, at the own and at a given prevalence', () => {
    for (const [prevalence, expected] of [
      [null, wanted.decision.own],
      [wanted.prevalence, wanted.decision.given],
    ] as const) {
      const curve = decisionCurve(output, prevalence)!;
      expectClose(curve.model, expected.model);
      expectClose(curve.all, expected.all);
    }
  });

  it('operating points lie below the same scores, and above the next lower one', () => {
    const targets = ['youden', { sensitivity: 0.9 }, { specificity: 0.8 }] as const;
    targets.forEach((target, n) => {
      const chosen = chooseOperatingThreshold(output, target);
      const threshold = 'threshold' in chosen ? chosen.threshold : NaN;
      const score = wanted.scores[n]!;
      const lower = Math.max(...wanted.p.filter((p) => p < score));
      expect(threshold).toBeLessThanOrEqual(score);
      expect(threshold).toBeGreaterThan(lower);
    });
  });
});

describe('too few of a kind', () => {
  it('there is no curve without positives or negatives', () => {
    expect(rocCurve(outputOf([1, 1], [0.2, 0.3]))).toBeNull();
    expect(rocCurve(outputOf([0, 0], [0.2, 0.3]))).toBeNull();
    expect(precisionRecallCurve(outputOf([0, 0], [0.2, 0.3]))).toBeNull();
    expect(decisionCurve(outputOf([0, 0], [0.2, 0.3]), 0.1)).toBeNull();
    expect(reliability(outputOf([], [])).ece).toBeNull();
  });

  it('nine positive patients give no band, no threshold and no interval', async () => {
    const y = Array.from({ length: 60 }, (_, n) => (n < 9 ? 1 : 0));
    const p = y.map((label, n) => (label + n / 60) / 2);
    const part = layOutPart(
      inputOf(
        y,
        p,
        y.map((_, n) => `p${n}`),
      ),
    );
    expect(await curveBands(part, { seed: 1, replicates: 10 })).toEqual([null]);
    expect(chooseOperatingThreshold(part.outputs[0]!, 'youden')).toEqual({
      why: expect.stringContaining('9 positive and 51 negative patients') as string,
    });
    expect(chooseOperatingThreshold(part.outputs[0]!, { threshold: 0.2 })).toEqual({ threshold: 0.2 });
    expect(figuresAt(part.outputs[0]!, 0.5, null).sensitivity).toMatchObject({ low: null, high: null });
  });
});

describe('figuresAt', () => {
  // 20 positives with 0.9 (15) and 0.2 (5); 80 negatives with 0.9 (8) and 0.2 (72).
  const y = [...Array<number>(20).fill(1), ...Array<number>(80).fill(0)];
  const p = y.map((label, n) => (label === 1 ? (n < 15 ? 0.9 : 0.2) : n < 28 ? 0.9 : 0.2));

  it('counts what is called, with exact intervals', () => {
    const figures = figuresAt(outputOf(y, p), 0.5, null);
    expect(figures).toMatchObject({
      true_positives: 15,
      false_positives: 8,
      false_negatives: 5,
      true_negatives: 72,
    });
    expect(figures.sensitivity.value).toBeCloseTo(0.75, 12);
    // scipy.stats.binomtest(15, 20).proportion_ci(method='exact')
    expect(figures.sensitivity.low).toBeCloseTo(0.508954, 6);
    expect(figures.sensitivity.high).toBeCloseTo(0.913429, 6);
    expect(figures.ppv.value).toBeCloseTo(15 / 23, 12);
    expect(figures.npv.value).toBeCloseTo(72 / 77, 12);
  });

  it('two images of each patient make the interval wider, not the value another', () => {
    const twice = outputOf(
      [...y, ...y],
      [...p, ...p],
      [...y, ...y].map((_, n) => `p${n % y.length}`),
    );
    const figures = figuresAt(twice, 0.5, null);
    expect(figures.sensitivity.value).toBeCloseTo(0.75, 12);
    expect(figures.sensitivity.low).toBeCloseTo(0.508954, 6);
  });

  it('predictive values at a given prevalence are Bayes’, within wider ends', () => {
    const figures = figuresAt(outputOf(y, p), 0.5, 0.02);
    expect(figures.ppv.value).toBeCloseTo((0.75 * 0.02) / (0.75 * 0.02 + 0.1 * 0.98), 12);
    expect(figures.npv.value).toBeCloseTo((0.9 * 0.98) / (0.9 * 0.98 + 0.25 * 0.02), 12);
    expect(figures.ppv.low!).toBeLessThan(figures.ppv.value!);
    expect(figures.npv.high!).toBeGreaterThan(figures.npv.value!);
    const own = figuresAt(outputOf(y, p), 0.5, 0.2);
    expect(own.ppv.value).toBeCloseTo(15 / 23, 12);
  });

  it('nothing called has no PPV', () => {
    expect(figuresAt(outputOf(y, p), 0.95, null).ppv).toEqual({ value: null, low: null, high: null });
    expect(figuresAt(outputOf(y, p), 0.95, 0.1).ppv).toEqual({ value: null, low: null, high: null });
  });
});

describe('thresholds to choose from', () => {
  it('part the scores in every way, with few digits', () => {
    const output = outputOf([1, 0, 1, 0], [0.9004, 0.9, 0.31, 0.02]);
    expect(candidateThresholds(output)).toEqual([0.9002, 0.61, 0.17, 0.01]);
    expect(candidateThresholds(output, 2)).toEqual([0.9002, 0.17]);
  });

  it('an unreachable specificity calls nothing', () => {
    const y = [...Array<number>(12).fill(0), ...Array<number>(12).fill(1)];
    const chosen = chooseOperatingThreshold(
      outputOf(
        y,
        y.map(() => 0.7),
      ),
      { specificity: 0.99 },
    );
    expect(chosen).toEqual({ threshold: 0.85 });
  });
});

describe('visiblePoints', () => {
  it('keeps the ends and what can be told apart', () => {
    const x = Array.from({ length: 10_001 }, (_, n) => n / 10_000);
    const kept = visiblePoints(x, x, 100);
    expect(kept[0]).toBe(0);
    expect(kept.at(-1)).toBe(10_000);
    expect(kept.length).toBeLessThan(110);
  });
});
