/** An attribute beside the label, made up so that what should come out is known. */
import { describe, expect, it } from 'vitest';
import { SplitMix32 } from '../../../src/core/base/random';
import { aspectGroups } from '../../../src/core/cohorts/shortcuts/aspectRatios';
import { besideLabels } from '../../../src/core/cohorts/shortcuts/besideLabels';
import type { Grouping } from '../../../src/core/cohorts/groupings';
import type { Project } from '../../../src/core/project/project';
import { checkedConfig } from './builders';
import { multiClass, sample } from '../labels/builders';

const count = 600;

/** The view goes with the label so far; the model knows the view and nothing else. */
function madeUp(together: number) {
  const random = new SplitMix32(6);
  const view = Int32Array.from({ length: count }, () => random.below(2));
  const y = view.map((own) => (random.uniform() < together ? own : random.below(2)));
  const probabilities = Float64Array.from(
    [...view].flatMap((own) => {
      const p = (own === 1 ? 0.6 : 0.2) + 0.2 * random.uniform();
      return [1 - p, p];
    }),
  );
  const dataset = multiClass(
    [...y.keys()].map((i) => sample(`s${i}`, [null], { group: `p${Math.floor(i / 2)}` })),
    ['normal', 'pneumonia'],
  );
  const assignment = { split: [], fold: new Int32Array(count), folds: 2 };
  const project = { dataset, assignment, config: checkedConfig() } as unknown as Project;
  const groups = ['AP', 'PA'].map((name) => ({ name, where: '' }));
  const grouping: Grouping = { column: 'view', note: null, groups, of: view, numbers: null };
  const targets = { task: 'multi-class' as const, outputs: ['normal', 'pneumonia'], y };
  return besideLabels(project, grouping, targets, probabilities, 100);
}

describe('an attribute beside the label', () => {
  it('that the model goes by leaves nothing inside its groups', () => {
    const [, pneumonia] = madeUp(0.8);
    expect(pneumonia?.association.value).toBeGreaterThan(0.7);
    expect(pneumonia?.association.low).toBeGreaterThan(0.6);
    expect(pneumonia?.auroc).toBeGreaterThan(0.8);
    expect(pneumonia?.within).toBeCloseTo(0.5, 1);
    expect(pneumonia?.difference.high).toBeLessThan(-0.2);
    expect(pneumonia?.strata.map(({ images }) => images).reduce((a, b) => a + b)).toBe(count);
  });

  it('that does not go with it is none', () => {
    const [, pneumonia] = madeUp(0);
    expect(pneumonia?.association.value).toBeLessThan(0.1);
    expect(pneumonia?.association.low).toBe(0);
    expect(Math.abs(pneumonia?.difference.value ?? 1)).toBeLessThan(0.05);
  });
});

describe('shapes of images', () => {
  it('are the commonest and either side of it', () => {
    const found = aspectGroups(Float64Array.of(1, 1, 1, 0.8, 1.3, NaN));
    if (typeof found === 'string') throw new Error(found);
    expect([...found.of]).toEqual([1, 1, 1, 0, 2, -1]);
  });

  it('are thirds where none is common, and none where all are the same', () => {
    const many = Float64Array.from({ length: 90 }, (_, i) => 0.5 + i / 30);
    const found = aspectGroups(many);
    if (typeof found === 'string') throw new Error(found);
    expect([0, 1, 2].map((g) => found.of.filter((own) => own === g).length)).toEqual([30, 30, 30]);
    expect(aspectGroups(Float64Array.of(1, 1.001, NaN))).toBe('all images have the same shape');
  });
});
