/** The statistics of cohorts against statsmodels, SciPy and scikit-learn (test/golden/cohorts.py). */
import { describe, expect, it } from 'vitest';
import { twoSided } from '../../../src/core/cohorts/normal';
import { correctedV, crossTable, phiSquared } from '../../../src/core/cohorts/shortcuts/cramersV';
import { sortEntries, stratifiedAuroc } from '../../../src/core/cohorts/shortcuts/stratifiedAuroc';
import { scoreTest } from '../../../src/core/cohorts/scoreTest';
import { shallowTree } from '../../../src/core/cohorts/shallowTree';
import golden from '../../golden/values/cohorts/cohorts.json';

describe('the score test by patient', () => {
  it.each(golden.tests.map((one, n) => ({ n, ...one })))('is that of statsmodels, case $n', (one) => {
    const p = scoreTest(
      Uint8Array.from(one.inside),
      Uint8Array.from(one.event),
      Int32Array.from(one.patient),
    );
    expect(p).toBeCloseTo(one.p, 10);
    expect(p / one.p).toBeCloseTo(1, 8);
  });

  it('cannot be made where all are inside, or nothing ever happens', () => {
    const patient = Int32Array.of(0, 1, 2);
    expect(scoreTest(Uint8Array.of(1, 1, 1), Uint8Array.of(1, 0, 0), patient)).toBeNaN();
    expect(scoreTest(Uint8Array.of(1, 0, 0), Uint8Array.of(0, 0, 0), patient)).toBeNaN();
  });
});

it('normal tails are those of SciPy', () => {
  for (const { z, p } of golden.tails) expect(twoSided(-z) / p).toBeCloseTo(1, 11);
  expect(twoSided(NaN)).toBeNaN();
});

it.each(golden.trees.map((one, n) => ({ n, ...one })))('the tree is that of scikit-learn, case $n', (one) => {
  const choices = one.x.map((column, c) => ({
    yes: { name: `x${c}`, where: `x${c}` },
    no: { name: `not x${c}`, where: `NOT x${c}` },
    met: Uint8Array.from(column),
  }));
  const nodes = shallowTree(choices, Uint8Array.from(one.y), Int32Array.from(one.y.keys()), {
    depth: 3,
    patients: 20,
  });
  const entries = nodes.filter(({ isLeaf }) => isLeaf).map((leaf) => [...leaf.entries]);
  const byFirst = (a: readonly number[], b: readonly number[]): number => (a[0] ?? 0) - (b[0] ?? 0);
  expect(entries.toSorted(byFirst)).toEqual(one.leaves.toSorted(byFirst));
});

it.each(golden.tables.map((one, n) => ({ n, ...one })))("Cramér's V is SciPy's, table $n", (one) => {
  const [a, b] = [Int32Array.from(one.a), Int32Array.from(one.b)];
  const table = crossTable(a, b, [Math.max(...a) + 1, Math.max(...b) + 1]);
  const { phi2, rows, columns } = phiSquared(table);
  expect(Math.sqrt(phi2 / Math.min(rows - 1, columns - 1))).toBeCloseTo(one.v, 12);
  expect(correctedV(table)).toBeCloseTo(one.corrected, 12);
});

it.each(golden.strata.map((one, n) => ({ n, ...one })))(
  'AUROC inside groups is scikit-learn’s, case $n',
  (one) => {
    const strata = one.own.length;
    const patient = Int32Array.from(one.y.keys());
    const entries = {
      positive: Uint8Array.from(one.y),
      stratum: Int32Array.from(one.stratum),
      patient,
      strata,
    };
    const once = new Uint16Array(one.y.length).fill(1);
    const found = stratifiedAuroc(sortEntries(Float64Array.from(one.p), entries), once);
    expect(found.whole).toBeCloseTo(one.whole, 12);
    expect(found.within).toBeCloseTo(one.within, 12);
    [...found.ofStratum].forEach((value, g) => expect(value).toBeCloseTo(one.own[g] ?? NaN, 12));
  },
);
