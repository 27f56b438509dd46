/** Confident learning beside cleanlab 2.9, score by score and index by index. Made by test/golden/cleanlab.py. */
import { describe, expect, it } from 'vitest';
import golden from '../../golden/values/suspects/cleanlab.json';
import { confidentThresholds } from '../../../src/core/suspects/confidentJoint';
import { classHealth, overlappingClasses } from '../../../src/core/suspects/labelHealth';
import { labelQuality, withoutConfidence } from '../../../src/core/suspects/labelQuality';
import {
  type LabelledProbabilities,
  type PruneMethod,
  pruneMethods,
  qualityMethods,
} from '../../../src/core/suspects/model';
import {
  confidentCounts,
  estimatedErrors,
  estimatedErrorsCalibrated,
  rankedRows,
  wrongLabels,
} from '../../../src/core/suspects/prune';

const near = (values: ArrayLike<number>, wanted: readonly number[], digits = 12): void => {
  expect(values.length).toBe(wanted.length);
  wanted.forEach((value, i) => expect(values[i]).toBeCloseTo(value, digits));
};

describe.each(golden.multi_class)('$name', (wanted) => {
  const data: LabelledProbabilities = {
    labels: Int32Array.from(wanted.labels),
    p: Float64Array.from(wanted.probabilities),
    classes: wanted.classes,
  };
  const known = confidentCounts(data);

  it('has the thresholds', () => near(confidentThresholds(data), wanted.thresholds));

  it.each(qualityMethods)('scores by %s', (method) =>
    near(labelQuality(data, method), wanted.scores[method]),
  );

  it.each(['self_confidence', 'normalized_margin'] as const)('scores by %s less the confidence', (method) =>
    near(labelQuality(withoutConfidence(data), method), wanted.adjusted[method]),
  );

  it('counts the confident joint, as it is and calibrated', () => {
    expect([...known.joint]).toEqual(wanted.joint.flat());
    expect([...known.calibrated]).toEqual(wanted.calibrated.flat());
  });

  it('estimates how many are wrong', () => {
    expect(estimatedErrors(data, known)).toBe(wanted.issues.off_diagonal);
    expect(estimatedErrorsCalibrated(known)).toBe(wanted.issues.off_diagonal_calibrated);
  });

  it.each(pruneMethods)('prunes by %s, in order', (method) =>
    expect([...rankedRows(data, wrongLabels(data, { method }, known))]).toEqual(wanted.pruned[method]),
  );

  it.each(Object.keys(wanted.half) as PruneMethod[])('prunes half by %s', (method) =>
    expect([...rankedRows(data, wrongLabels(data, { method, share: 0.5 }, known))]).toEqual(
      wanted.half[method as keyof typeof wanted.half],
    ),
  );

  it.each(qualityMethods)('ranks by %s', (method) => {
    const quality = labelQuality(data, method);
    // Scores that differ in the last digit alone may stand either way.
    const shown = (rows: Iterable<number>): string[] =>
      [...rows].map((i) => (quality[i] ?? NaN).toFixed(12)).map((score, n) => `${n} ${score}`);
    const ranked = rankedRows(data, wrongLabels(data, {}, known), method);
    expect(shown(ranked)).toEqual(shown(wanted.ranked[method]));
    expect([...ranked].sort()).toEqual([...wanted.ranked[method]].sort());
  });

  it('knows the noise of each class', () => {
    const health = classHealth(known);
    expect(health.map(({ issues }) => issues)).toEqual(wanted.health.issues);
    expect(health.map(({ inverseIssues }) => inverseIssues)).toEqual(wanted.health.inverse_issues);
    near(
      health.map(({ noise }) => noise),
      wanted.health.noise,
    );
    near(
      health.map(({ inverseNoise }) => inverseNoise),
      wanted.health.inverse_noise,
    );
    expect(1 - estimatedErrors(data, known) / data.labels.length).toBeCloseTo(wanted.health.score, 12);
  });

  it('lists overlapping classes', () => {
    const found = overlappingClasses(known);
    expect(found.map(({ count }) => count)).toEqual(wanted.overlap.map((row) => row[2]));
    near(
      found.map(({ probability }) => probability),
      wanted.overlap.map((row) => row[3] ?? NaN),
    );
  });
});
