/** A guarantee is given where an exact test shows it, and hardly ever where it is not so. */
import { describe, expect, it } from 'vitest';
import { SplitMix32 } from '../../../src/core/base/random';
import { guarantee } from '../../../src/core/evaluation/guarantee';
import { layOutPart, type OutputEntries } from '../../../src/core/evaluation/part';
import { binomialTest } from '../../../src/core/evaluation/exactTests';

function outputOf(
  p: readonly number[],
  y: readonly number[],
  groups = p.map((_, n) => `p${n}`),
): OutputEntries {
  return layOutPart({
    targets: { task: 'multi-label', outputs: ['finding'], y: Int32Array.from(y) },
    probabilities: Float64Array.from(p),
    rows: Int32Array.from(p.keys()),
    groups,
    thresholds: [0.5],
  }).outputs[0]!;
}

/** Scores whose positives are as frequent as `risk` of the score says. */
function drawn(seed: number, count: number, risk: (p: number) => number): OutputEntries {
  const random = new SplitMix32(seed);
  const p = Array.from({ length: count }, () => random.uniform());
  return outputOf(
    p,
    p.map((score) => (random.uniform() < risk(score) ? 1 : 0)),
  );
}

const request = { figure: 'ppv', atLeast: 0.9, confidence: 0.9, seed: 3 } as const;

describe('guarantee', () => {
  it('gives the least strict threshold that is shown before one is not', () => {
    const risk = (p: number): number => (p > 0.6 ? 0.99 : 0.1);
    const given = guarantee(drawn(1, 2000, risk), drawn(2, 600, risk), request);
    if (!('threshold' in given)) throw new Error(given.why);
    expect(given.threshold).toBeGreaterThan(0.5);
    expect(given.threshold).toBeLessThan(0.65);
    expect(binomialTest(given.right, given.called, 0.9, 'greater')).toBeLessThanOrEqual(0.1);
    expect(given.low).toBeGreaterThanOrEqual(0.9 - 1e-9);
  });

  it('NPV of "low" likewise, from the other end', () => {
    const risk = (p: number): number => (p > 0.4 ? 0.5 : 0.001);
    const given = guarantee(drawn(3, 2000, risk), drawn(4, 900, risk), {
      ...request,
      figure: 'npv',
      atLeast: 0.97,
    });
    if (!('threshold' in given)) throw new Error(given.why);
    expect(given.threshold).toBeGreaterThan(0.3);
    expect(given.threshold).toBeLessThan(0.5);
  });

  it('is wrong at most as often as its confidence says', () => {
    // The PPV is 0.9 less a little at every threshold: whatever is given is wrong.
    let wrong = 0;
    const outOfFold = drawn(5, 1000, () => 0.899);
    for (let seed = 10; seed < 410; seed++) {
      if (
        'threshold' in
        guarantee(
          outOfFold,
          drawn(seed, 300, () => 0.899),
          request,
        )
      )
        wrong++;
    }
    // 400 trials at 0.1: above 55 with a probability of 1 in 500.
    expect(wrong).toBeLessThan(55);
    expect(wrong).toBeGreaterThan(5);
  });

  it('counts one image of each patient', () => {
    const p = Array.from({ length: 400 }, (_, n) => n / 400);
    const y = p.map(() => 1);
    const many = guarantee(
      outputOf(p, y),
      outputOf(
        p,
        y,
        p.map((_, n) => `p${n % 10}`),
      ),
      request,
    );
    expect(many).toMatchObject({
      patients: 10,
      why: expect.stringContaining('22 would be needed') as string,
    });
  });

  it('says how far it was where the first test fails', () => {
    const given = guarantee(
      drawn(6, 500, () => 0.5),
      drawn(7, 200, () => 0.5),
      request,
    );
    expect(given).toMatchObject({ why: expect.stringMatching(/does not show 90 %$/) as string });
  });
});
