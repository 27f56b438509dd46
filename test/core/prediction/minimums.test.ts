/** Least figures for CI: what is read, and what counts as reached. */
import { describe, expect, it } from 'vitest';
import type { Metrics } from '../../../src/core/evaluation/model';
import { checkMinimums, judge, parseMinimum } from '../../../src/core/prediction/minimums';

const estimate = (value: number | null) => ({ value, low: null, high: null });
const metrics = {
  accuracy: estimate(0.8),
  auroc_macro: estimate(0.85),
  outputs: [{ name: 'Effusion: left', sensitivity: estimate(0.9), auroc: estimate(null) }],
} as unknown as Metrics;

describe('a minimum', () => {
  it.each([
    ['auroc=0.85', 'auroc', 0.85],
    ['sensitivity:Effusion: left=0.9', 'sensitivity:Effusion: left', 0.9],
    ['f1:a=b=1', 'f1:a=b', 1],
  ])('%s is read', (text, name, least) => {
    expect(parseMinimum(text)).toEqual({ name, least });
  });

  it.each([
    'auroc',
    'auroc=',
    'auroc=high',
    'auroc=1.01',
    'auroc=-0.1',
    '=0.5',
    'log_loss=0.5',
    'accuracy:A=0.5',
  ])('%s is refused with what can be asked for', (text) => {
    expect(() => parseMinimum(text)).toThrow(expect.objectContaining({ code: 'OVR001' }) as Error);
  });

  it('suggests the figure that was meant', () => {
    expect(() => parseMinimum('aurocs=0.5')).toThrow(
      expect.objectContaining({ fix: 'Did you mean "auroc"?' }) as Error,
    );
  });

  it('is met at its value and not below; an undefined figure meets none', () => {
    const asked = ['auroc=0.85', 'accuracy=0.81', 'sensitivity:Effusion: left=0.9', 'auroc:Effusion: left=0'];
    expect(judge(asked.map(parseMinimum), metrics).map(({ met }) => met)).toEqual([true, false, true, false]);
  });

  it('that names no output is refused before the work', () => {
    const names = ['Effusion: left'];
    expect(() => checkMinimums([parseMinimum('auroc=0.5')], names)).not.toThrow();
    expect(() => checkMinimums([parseMinimum('auroc:Efusion: left=0.5')], names)).toThrow(
      expect.objectContaining({ fix: 'Did you mean "Effusion: left"?' }) as Error,
    );
  });
});
