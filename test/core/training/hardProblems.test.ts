/** Problems that small or well-corrected datasets pose: no labels overlap, and features far from zero. */
import { describe, expect, it } from 'vitest';
import { SplitMix32 } from '../../../src/core/base/random';
import { fitHead } from '../../../src/core/training/fitHead';
import { randomCases } from '../../support/randomCases';

const folds = 5;

/** Two classes in `dim` normal features; the first tells them apart by `gap` standard deviations. */
function draw(rows: number, dim: number, gap: number, offset: number, spread: number, seed = 3) {
  const random = new SplitMix32(seed);
  const y = Int32Array.from({ length: rows }, (_, i) => i % 2);
  const features = Float32Array.from({ length: rows * dim }, (_, n) => {
    const shift = n % dim === 0 ? gap * (y[Math.floor(n / dim)]! - 0.5) : 0;
    return offset + spread * (random.normal() + shift);
  });
  return {
    features,
    dim,
    present: new Uint8Array(rows).fill(1),
    targets: { task: 'multi-class' as const, outputs: ['a', 'b'], y },
    fold: Int32Array.from({ length: rows }, (_, i) => Math.floor(i / 2) % folds),
    folds,
    groups: Array.from({ length: rows }, (_, i) => `p${i}`),
    settings: { C: 'auto' as const, classWeights: false, device: 'cpu' as const, seed: 0 },
  };
}

describe('the last layer', () => {
  it('is fitted where the classes do not overlap', async () => {
    const problem = draw(60, 3, 40, 0, 1);
    const fit = await fitHead(problem);
    problem.targets.y.forEach((label, i) => {
      expect(fit.probabilities[i * 2 + label]).toBeGreaterThan(0.9);
    });
  });

  it('is fitted where all images but two are of one class', async () => {
    for (let seed = 0; seed < randomCases(3, 8); seed++) {
      const problem = draw(60, 200, 1, 0.2, 1, seed);
      problem.targets.y.fill(0).set([1, 1], 7 + seed);
      const fit = await fitHead(problem);
      expect(fit.probabilities.every((p) => p >= 0 && p <= 1)).toBe(true);
    }
  });

  it.each([10, 1000, 20_000])('does not mind features whose mean is %d times their spread', async (times) => {
    const near = await fitHead(draw(60, 200, 3, 0, 1));
    const far = await fitHead(draw(60, 200, 3, times * 0.01, 0.01));
    expect(far.C).toEqual(near.C);
    far.probabilities.forEach((p, n) => {
      // The features themselves keep this much of their spread in float32.
      expect(Math.abs(p - near.probabilities[n]!)).toBeLessThan(1e-4 + times * 2e-6);
    });
  });
});
