/** The model of reviews beside scikit-learn, exact statistics beside SciPy (test/golden/reviews.py), and how a batch is drawn. */
import { describe, expect, it } from 'vitest';
import golden from '../../golden/values/suspects/reviews.json';
import { SplitMix32 } from '../../../src/core/base/random';
import { auditSize, hypergeometricTail, wrongAtMost } from '../../../src/core/suspects/exactTests';
import { clopperPearson } from '../../../src/core/evaluation/exactTests';
import { batchByModel, drawUniformly, firstBatch } from '../../../src/core/suspects/learned/batch';
import { ReviewModel, type Reviewed } from '../../../src/core/suspects/learned/reviewModel';
import { chooseStrength, usualStrength } from '../../../src/core/suspects/learned/strength';

describe('the model of changed labels', () => {
  it.each(golden.models)('equals scikit-learn: $labels labels, C $C', (wanted) => {
    const samples = wanted.given.length;
    const model = new ReviewModel({
      features: Float32Array.from(wanted.features),
      dim: wanted.dim,
      present: new Uint8Array(samples).fill(1),
      labels: wanted.labels,
      metadata: { values: Float64Array.from(wanted.metadata), width: wanted.width },
    });
    const items = wanted.given.map((label, sample): Reviewed => ({
      sample,
      label,
      changed: wanted.changed[sample] === 1,
    }));
    const reviewed = items.slice(0, wanted.reviewed);
    const fit = model.fit(reviewed, wanted.C);
    model
      .probabilities(fit, items)
      .forEach((p, i) => expect(p).toBeCloseTo(wanted.probabilities[i] ?? NaN, 6));
    // A start elsewhere ends at the same place.
    const again = model.fit(reviewed, wanted.C, model.kernel(reviewed), model.fit(reviewed, 10 * wanted.C));
    model
      .probabilities(again, items)
      .forEach((p, i) => expect(p).toBeCloseTo(wanted.probabilities[i] ?? NaN, 6));
  });

  it('chooses its strength by what was foretold, once there is enough', () => {
    const foretold = [
      { p: [0.5, 0.6, 0.9], changed: true },
      { p: [0.5, 0.4, 0.1], changed: false },
    ];
    expect(chooseStrength({ changed: 40, kept: 40 }, foretold)).toBe(1e-3);
    expect(chooseStrength({ changed: 39, kept: 400 }, foretold)).toBe(usualStrength);
    expect(chooseStrength({ changed: 40, kept: 40 }, [])).toBe(usualStrength);
    const wrong = foretold.map(({ p, changed }) => ({ p, changed: !changed }));
    expect(chooseStrength({ changed: 50, kept: 50 }, wrong)).toBe(1e-4);
  });
});

describe('exact statistics', () => {
  it.each(golden.binomial)('binomial interval of %d in %d at %d', (found, drawn, level, low, high) => {
    const interval = clopperPearson(found, drawn, level);
    expect(interval.low).toBeCloseTo(low, 10);
    expect(interval.high).toBeCloseTo(high, 10);
  });

  it.each(golden.tails)('hypergeometric tail of %d: %d, %d wrong, %d drawn', (found, all, wrong, drawn, p) =>
    expect(hypergeometricTail(found, all, wrong, drawn)).toBeCloseTo(p, 9),
  );

  it.each(golden.bounds)('bound after %d wrong: %d, %d drawn, alpha %d', (found, all, drawn, alpha, most) =>
    expect(wrongAtMost(found, all, drawn, alpha)).toBe(most),
  );

  it('needs about 72 draws without any change, and fewer of few', () => {
    expect(auditSize(1_000_000, 0.05, 0.025)).toBe(72);
    for (const all of [1, 40, 300, 112_120]) {
      const n = auditSize(all, 0.05, 0.025);
      expect(n).toBeLessThanOrEqual(Math.min(all, 72));
      expect(wrongAtMost(0, all, n, 0.025)).toBeLessThan(0.05 * all);
      if (n > 1) expect(wrongAtMost(0, all, n - 1, 0.025)).toBeGreaterThanOrEqual(0.05 * all);
    }
  });
});

describe('a batch', () => {
  const candidates = Array.from({ length: 50 }, (_, item) => ({ item, stratum: item < 10 ? 0 : 1 }));
  const byNumber = (item: number): number => item;

  it('is two drawn and eight by score, mixed', () => {
    const firsts = new Set<string>();
    const drawnOnce = new Set<number>();
    for (let seed = 0; seed < 200; seed++) {
      const batch = batchByModel(candidates, byNumber, 10, new SplitMix32(seed));
      const drawn = batch.filter(({ by }) => by === 'uniform');
      expect(drawn.map(({ propensity }) => propensity)).toEqual([0.04, 0.04]);
      drawn.forEach(({ item }) => drawnOnce.add(item));
      const names = new Set(drawn.map(({ item }) => item));
      const best = candidates.map(({ item }) => item).filter((item) => !names.has(item));
      const chosen = batch.filter(({ by }) => by === 'score');
      expect(chosen.map(({ item }) => item).sort((a, b) => b - a)).toEqual(best.reverse().slice(0, 8));
      expect(chosen.every(({ propensity }) => propensity === 1)).toBe(true);
      firsts.add(batch[0]?.by ?? '');
    }
    expect(firsts).toEqual(new Set(['uniform', 'score']));
    expect(drawnOnce.size).toBe(50);
  });

  it('begins half by confident learning, half by given label', () => {
    const batch = firstBatch(candidates, byNumber, 10, new SplitMix32(3));
    const chosen = batch.filter(({ by }) => by === 'confident').map(({ item }) => item);
    expect(chosen.sort((a, b) => a - b)).toEqual([45, 46, 47, 48, 49]);
    const drawn = batch.filter(({ by }) => by === 'class');
    const small = drawn.filter(({ item }) => item < 10);
    expect([2, 3]).toContain(small.length);
    small.forEach(({ propensity }) => expect(propensity).toBeCloseTo(small.length / 10, 12));
    drawn
      .filter(({ item }) => item >= 10)
      .forEach(({ propensity }) => expect(propensity).toBeCloseTo((5 - small.length) / 35, 12));
    expect(new Set(batch.map(({ item }) => item)).size).toBe(10);
  });

  it('is what there is where that is less, the same for a seed, and passes over what has no score', () => {
    const few = candidates.slice(0, 4);
    expect(batchByModel(few, byNumber, 10, new SplitMix32(1))).toHaveLength(4);
    expect(firstBatch(few, byNumber, 10, new SplitMix32(1))).toHaveLength(4);
    expect(drawUniformly([], 3, new SplitMix32(1), 'audit')).toEqual([]);
    const once = batchByModel(candidates, byNumber, 10, new SplitMix32(9));
    expect(batchByModel(candidates, byNumber, 10, new SplitMix32(9))).toEqual(once);
    const unknown = batchByModel(candidates, () => NaN, 10, new SplitMix32(9));
    expect(unknown.map(({ by }) => by)).toEqual(['uniform', 'uniform']);
  });
});
