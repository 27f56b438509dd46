/** The fit against scikit-learn: same folds, standardisation and C (test/golden/training.py). */
import { describe, expect, it } from 'vitest';
import { fitHead, type FitProblem } from '../../../src/core/training/fitHead';
import multiClass from '../../golden/values/training/multiClass.json';
import multiLabel from '../../golden/values/training/multiLabel.json';
import { largestGap } from './drawProblem';
import { referenceObjective, standardised } from './referenceObjective';

function problemOf(
  golden: { features: number[][]; fold: number[]; folds: number },
  targets: FitProblem['targets'],
  settings: Partial<FitProblem['settings']>,
): FitProblem {
  return {
    features: Float32Array.from(golden.features.flat()),
    dim: golden.features[0]!.length,
    present: new Uint8Array(golden.fold.length).fill(1),
    targets,
    fold: Int32Array.from(golden.fold),
    folds: golden.folds,
    groups: golden.fold.map((_, i) => `p${i}`),
    settings: { C: [1], classWeights: false, device: 'cpu', seed: 3, ...settings },
  };
}

/** Weights of the standardised problem from raw ones. */
function toStandardised(weights: ArrayLike<number>, features: readonly (readonly number[])[]): number[] {
  const dim = features[0]!.length;
  const unit = standardised(features, () => true);
  // The slope of the standardised feature by the raw one, from two rows where they differ.
  const scale = Array.from({ length: dim }, (_, j) => {
    const other = features.findIndex((x) => x[j] !== features[0]![j]);
    return other < 0 ? 0 : (features[other]![j]! - features[0]![j]!) / (unit[other]![j]! - unit[0]![j]!);
  });
  return Array.from({ length: weights.length }, (_, n) => weights[n]! * scale[n % dim]!);
}

describe('softmax', () => {
  const y = Int32Array.from(multiClass.y);
  const rowsOfClass = (held: number) =>
    [0, 1, 2].map((k) => multiClass.y.filter((c, i) => c === k && multiClass.fold[i] !== held).length);
  for (const golden of multiClass.cases) {
    it(`equals scikit-learn at C ${golden.C}${golden.classWeights ? ', balanced' : ''}`, async () => {
      const targets = { task: 'multi-class' as const, outputs: ['a', 'b', 'c'], y };
      const fit = await fitHead(
        problemOf(multiClass, targets, { C: [golden.C], classWeights: golden.classWeights }),
      );
      /** log of scikit-learn's balanced class weights, which our logits are corrected for. */
      const prior = (held: number) => {
        const counts = rowsOfClass(held);
        const rows = counts.reduce((a, b) => a + b, 0);
        return counts.map((count) => (golden.classWeights ? Math.log(rows / (3 * count)) : 0));
      };
      const probabilities = multiClass.y.flatMap((_, row) => {
        const shift = prior(multiClass.fold[row]!);
        const e = shift.map((s, k) => Math.exp(fit.logits[row * 3 + k]! + s));
        const total = e.reduce((a, b) => a + b, 0);
        return e.map((value) => value / total);
      });
      expect(largestGap(probabilities, golden.probabilities.flat())).toBeLessThan(5e-5);

      const w = toStandardised(fit.head.weights, multiClass.features);
      const b = [...fit.head.bias].map((value, k) => value + prior(-1)[k]!);
      // Intercepts on standardised features: the mean of each feature moves from the bias.
      const unit = standardised(multiClass.features, () => true);
      const offset = [0, 1, 2].map((k) => {
        const z = fit.head.weights
          .subarray(k * 8, k * 8 + 8)
          .reduce((sum, weight, j) => sum + weight * multiClass.features[0]![j]!, b[k]!);
        return z - unit[0]!.reduce((sum, x, j) => sum + x * w[k * 8 + j]!, 0);
      });
      const weights = multiClass.y.map((label) => Math.exp(prior(-1)[label]!));
      const { value } = referenceObjective(
        { rows: unit, labels: multiClass.y, weights, C: golden.C, width: 3 },
        Float64Array.from([...w, ...offset]),
      );
      expect(value / golden.objectives.at(-1)!).toBeCloseTo(1, 6);
      expect(value).toBeGreaterThan(golden.objectives.at(-1)! * (1 - 1e-7));
      const scale = Math.max(...golden.weights.flat().map(Math.abs));
      expect(largestGap(fit.head.weights, golden.weights.flat()) / scale).toBeLessThan(1e-4);
    });
  }

  it('reports the log loss of each C and takes the lowest', async () => {
    const targets = { task: 'multi-class' as const, outputs: ['a', 'b', 'c'], y };
    const plain = multiClass.cases.filter((golden) => !golden.classWeights);
    const fit = await fitHead(problemOf(multiClass, targets, { C: plain.map((golden) => golden.C) }));
    for (const [i, golden] of plain.entries()) {
      expect(fit.trials[i]!.C).toBe(golden.C);
      expect(fit.trials[i]!.logLoss).toBeCloseTo(golden.logLoss, 3);
    }
    const best = plain.toSorted((a, b) => a.logLoss - b.logLoss)[0]!;
    expect(fit.C).toEqual([best.C]);
  });
});

describe('sigmoid', () => {
  it('equals one scikit-learn fit per finding, masked targets left out', async () => {
    const targets = {
      task: 'multi-label' as const,
      outputs: ['f', 'g'],
      y: Int32Array.from(multiLabel.y.flat()),
    };
    const fit = await fitHead(problemOf(multiLabel, targets, { C: [multiLabel.findings[0]!.C] }));
    for (const [f, golden] of multiLabel.findings.entries()) {
      const logits = multiLabel.fold.map((_, row) => fit.logits[row * 2 + f]!);
      expect(largestGap(logits, golden.logits)).toBeLessThan(1e-4);
    }
  });
});
