/** Tests of counts against SciPy's and statsmodels' (test/golden/count_statistics.py). */
import { describe, expect, it } from 'vitest';
import {
  binomialTest,
  clopperPearson,
  mcNemar,
  type Alternative,
} from '../../../src/core/evaluation/exactTests';
import { benjaminiHochberg } from '../../../src/core/evaluation/falseDiscovery';
import golden from '../../golden/values/evaluation/statistics.json';

/** Equal to nine digits, however small. */
function expectNear(got: number, wanted: number): void {
  expect(Math.abs(got - wanted), `${String(got)} beside ${String(wanted)}`).toBeLessThanOrEqual(
    1e-9 * Math.abs(wanted) + 1e-300,
  );
}

describe('exact binomial statistics', () => {
  it.each(golden.intervals)('the interval of %d of %d equals SciPy’s', (found, drawn, level, low, high) => {
    const interval = clopperPearson(found, drawn, level);
    expectNear(interval.low, low);
    expectNear(interval.high, high);
  });

  it('nothing drawn says nothing', () => {
    expect(clopperPearson(0, 0)).toEqual({ low: 0, high: 1 });
    expect(binomialTest(0, 0, 0.3)).toBe(1);
  });

  it.each(golden.binomial)('the test of %d of %d against %d, %s, equals SciPy’s', (...row) => {
    const [found, drawn, share, alternative, p] = row as [number, number, number, Alternative, number];
    expectNear(binomialTest(found, drawn, share, alternative), p);
  });
});

describe('mcNemar', () => {
  it.each(golden.mcNemar)('%d against %d equals statsmodels’', (first, second, p) => {
    expectNear(mcNemar(first, second), p);
    expectNear(mcNemar(second, first), p);
  });
});

describe('benjaminiHochberg', () => {
  it('equals statsmodels’', () => {
    for (const { values, adjusted } of golden.benjaminiHochberg) {
      benjaminiHochberg(values).forEach((value, n) => expectNear(value, adjusted[n]!));
    }
  });

  it('a test that could not be made counts as none', () => {
    expect(benjaminiHochberg([0.02, NaN, 0.01])).toEqual([0.02, NaN, 0.02]);
    expect(benjaminiHochberg([])).toEqual([]);
  });
});
