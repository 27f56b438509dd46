import { describe, expect, it } from 'vitest';
import { atOnce } from '../../../src/core/base/pieces';
import { SplitMix32 } from '../../../src/core/base/random';
import { ItemPredictions } from '../../../src/core/evaluation/itemPredictions';
import { countErrors, Outcomes } from '../../../src/core/evaluation/outcomes';
import { effectiveLabels } from '../../../src/core/labels/effectiveLabels';
import type { LabelEvent } from '../../../src/core/labels/model';
import { event, multiClass, multiLabel, sample, randomEvents } from '../labels/builders';
import { makeWorld } from '../review/builders';

const opened = (
  data: Parameters<typeof effectiveLabels>[0],
  probabilities: readonly number[],
  thresholds: readonly number[],
  events: readonly LabelEvent[] = [],
) => {
  const labels = effectiveLabels(data, events, { disputed: 'exclude' });
  const outputs =
    data.task === 'multi-class' ? data.findings[0]!.values : data.findings.map(({ name }) => name);
  const columns = {
    outputs,
    probabilities: Float64Array.from(probabilities),
    outOfFold: new Uint8Array(data.samples.length),
    thresholds,
  };
  const count = data.samples.length;
  const assignment = {
    split: data.samples.map((_, i) => (i === count - 1 ? ('test' as const) : ('train' as const))),
    fold: new Int32Array(count),
    folds: 2,
  };
  const predictions = ItemPredictions.of(data, columns);
  const outcomes = Outcomes.of(labels, predictions, assignment);
  const errors = (parts: readonly ('train' | 'validation' | 'test')[]) =>
    countErrors(labels, outcomes, predictions, assignment, parts);
  return { labels, outcomes, errors, assignment, columns };
};

describe('outcomes of a multi-class project', () => {
  const data = multiClass(
    [sample('a', ['x']), sample('b', ['x']), sample('c', ['y']), sample('d', [null]), sample('e', ['y'])],
    ['x', 'y'],
  );
  const p = [0.9, 0.1, 0.2, 0.8, 0.99, 0.01, 0.5, 0.5, NaN, NaN];

  it('are wrong where the most probable class is another than the label; without a label or a prediction nothing is', () => {
    const { outcomes, errors } = opened(data, p, []);
    expect([...outcomes.wrong]).toEqual([0, 1, 1, 0, 0]);
    expect(outcomes.loss[2]).toBeCloseTo(-Math.log(0.01), 12);
    expect(outcomes.loss[3]).toBeNaN();
    expect(outcomes.loss[4]).toBeNaN();
    expect(errors(['train'])).toBe(2);
    expect(errors(['test'])).toBe(0);
  });

  it('are no errors once kept, excluded or uncertain', () => {
    const keep = event(1, 'Ann', 'keep', 'b', { finding: 'class' });
    const kept = opened(data, p, [], [keep]);
    expect(kept.outcomes.wrong[1]).toBe(1);
    expect(kept.errors(['train'])).toBe(1);
    expect(opened(data, p, [], [event(1, 'Ann', 'exclude', 'b')]).outcomes.wrong[1]).toBe(0);
    const uncertain = event(1, 'Ann', 'set', 'b', { finding: 'class', value: 'uncertain' });
    expect(opened(data, p, [], [uncertain]).outcomes.wrong[1]).toBe(0);
  });

  it('keep the loss finite where a label had the probability 0', () => {
    expect(opened(data, [0, 1, ...p.slice(2)], []).outcomes.loss[0]).toBeCloseTo(36.04, 2);
  });
});

describe('a finding that is too rare to judge', () => {
  /** Ten patients of the training part who have it, less those that are taken away, and one of the test part. */
  const rare = (positives: number) =>
    multiLabel(
      Array.from({ length: 21 }, (_, i) => sample(`s${i}`, [i < positives ? '1' : '0'])),
      [{ name: 'Mass' }],
    );
  const p = Array.from({ length: 21 }, () => 0.9);

  it('has fewer than ten positive patients in the training part: its outcomes stand, and are no errors', () => {
    const enough = opened(rare(10), p, [0.5]);
    expect(enough.outcomes.tooRare(0)).toBe(false);
    expect(enough.errors(['train'])).toBe(10);
    const few = opened(rare(9), p, [0.5]);
    expect(few.outcomes.tooRare(0)).toBe(true);
    expect(few.outcomes.rareFindings).toEqual([true]);
    expect(few.outcomes.wrong.reduce((sum, wrong) => sum + wrong, 0)).toBe(12);
    expect(few.errors(['train'])).toBe(0);
    expect(few.outcomes.loss[20]).toBeCloseTo(-Math.log(0.1), 12);
  });

  it('can cease to be by one label, and become it again', () => {
    const { labels, outcomes, errors } = opened(rare(9), p, [0.5]);
    const set = event(1, 'Ann', 'set', 's15', { finding: 'Mass', value: '1' });
    const affected = atOnce(outcomes.taking(labels.apply([set])));
    expect(affected).toHaveLength(21);
    for (const item of affected) outcomes.judge(item);
    expect(errors(['train'])).toBe(10);
    const undo = event(2, 'Ann', 'undo', 's15', { finding: 'Mass', target: set.batch });
    for (const item of atOnce(outcomes.taking(labels.apply([undo])))) outcomes.judge(item);
    expect(outcomes.tooRare(3)).toBe(true);
    expect(errors(['train'])).toBe(0);
  });
});

describe.each(['multi-class', 'multi-label'] as const)('outcomes of random %s worlds', (task) => {
  it('are the same however the events came', () => {
    const world = makeWorld(task, 120, 21);
    const events = randomEvents(world.dataset, new SplitMix32(22), 300);
    const predictions = ItemPredictions.of(world.dataset, world.predictions);
    const labels = effectiveLabels(world.dataset, [], { disputed: 'majority' });
    const stepwise = Outcomes.of(labels, predictions, world.assignment);
    for (let k = 0; k < events.length; k += 7) {
      for (const item of atOnce(stepwise.taking(labels.apply(events.slice(k, k + 7))))) stepwise.judge(item);
    }
    const whole = effectiveLabels(world.dataset, events, { disputed: 'majority' });
    const fresh = Outcomes.of(whole, predictions, world.assignment);
    expect([...stepwise.wrong]).toEqual([...fresh.wrong]);
    expect([...stepwise.loss]).toEqual([...fresh.loss]);
    expect(stepwise.rareFindings).toEqual(fresh.rareFindings);
  });
});
