/** Several findings at once beside cleanlab 2.9, and what it cannot say: labels that are not known. */
import { describe, expect, it } from 'vitest';
import golden from '../../golden/values/suspects/cleanlab.json';
import { labelQuality } from '../../../src/core/suspects/labelQuality';
import { pruneMethods, qualityMethods } from '../../../src/core/suspects/model';
import { findingProblem, qualityOfImages, wrongImages } from '../../../src/core/suspects/multiLabel';
import { confidentCounts, wrongLabels } from '../../../src/core/suspects/prune';

const marked = (marks: Uint8Array): number[] => [...marks.keys()].filter((i) => marks[i] === 1);

describe.each(golden.multi_label)('$name', (wanted) => {
  const y = Int32Array.from(wanted.labels);
  const p = Float64Array.from(wanted.probabilities);
  const { findings } = wanted;
  const problems = Array.from({ length: findings }, (_, f) => findingProblem(y, p, findings, f));

  it('counts the confident joints', () => {
    const counts = problems.map((problem) => confidentCounts(problem));
    expect(counts.map(({ joint }) => [...joint])).toEqual(wanted.joint.map((joint) => joint.flat()));
    expect(counts.map(({ calibrated }) => [...calibrated])).toEqual(
      wanted.calibrated.map((joint) => joint.flat()),
    );
  });

  it.each(qualityMethods)('scores by %s, each finding and all as one', (method) => {
    const perFinding = problems.map((problem) => labelQuality(problem, method));
    const samples = y.length / findings;
    for (let i = 0; i < samples; i++) {
      const own = Float64Array.from(perFinding, (scores) => scores[i] ?? NaN);
      own.forEach((score, f) =>
        expect(score).toBeCloseTo(wanted.per_finding[method][i * findings + f] ?? NaN, 12),
      );
    }
    qualityOfImages(problems, samples, method).forEach((score, i) =>
      expect(score).toBeCloseTo(wanted.scores[method][i] ?? NaN, 12),
    );
  });

  it.each(pruneMethods)('prunes by %s', (method) => {
    const perFinding = problems.map((problem) => marked(wrongLabels(problem, { method })));
    expect(perFinding).toEqual(wanted.pruned_per_finding[method]);
    expect(marked(wrongImages(problems, y.length / findings, method))).toEqual(wanted.pruned[method]);
  });

  it('knows the health of all', () => {
    const wrong = new Set(problems.flatMap((problem) => marked(wrongLabels(problem))));
    expect(1 - wrong.size / (y.length / findings)).toBeCloseTo(wanted.health, 12);
  });

  it('leaves out what is not known, per finding', () => {
    const some = y.map((label, n) => (n % findings === 0 && n % 5 === 0 ? -1 : label));
    const whole = findingProblem(some, p, findings, 1);
    expect([...whole.labels]).toEqual([...(problems[1]?.labels ?? [])]);
    const masked = findingProblem(some, p, findings, 0);
    const known = marked(Uint8Array.from(y, (_, n) => (n % findings === 0 && n % 5 !== 0 ? 1 : 0)));
    expect([...masked.samples]).toEqual(known.map((n) => n / findings));
    expect(masked.positives + masked.negatives).toBe(known.length);
  });
});
