/** A last layer for the classes or findings of another project. */
import { describe, expect, it } from 'vitest';
import { Probabilities } from '../../../src/core/prediction/runModel';
import { mapHead } from '../../../src/core/prediction/mappedHead';
import type { Head } from '../../../src/core/training/model';

const head = (task: Head['task'], outputs: readonly string[]): Head => ({
  task,
  outputs,
  dim: 2,
  weights: Float32Array.from(outputs.flatMap((_, k) => [k + 1, -k])),
  bias: Float32Array.from(outputs, (_, k) => k / 10),
  calibration:
    task === 'multi-class'
      ? { kind: 'temperature', temperature: 1.5 }
      : { kind: 'platt', slope: outputs.map((_, k) => 1 + k), intercept: outputs.map((_, k) => -k / 5) },
  thresholds: task === 'multi-label' ? outputs.map((_, k) => 0.1 * (k + 1)) : [],
});

/** Probabilities of one image by output. */
function ask(model: Head): Record<string, number> {
  const rows = new Probabilities(model, 1);
  rows.set(0, Float32Array.from([0.5, -0.25]));
  return Object.fromEntries(model.outputs.map((name, k) => [name, rows.values[k] ?? NaN]));
}

describe('the head for another project', () => {
  it.each(['multi-class', 'multi-label'] as const)(
    'gives each output of a %s what it gave it before',
    (task) => {
      const before = head(task, ['a', 'b', 'c']);
      const { head: after, leftOut } = mapHead(before, task, ['c', 'a', 'b'], 'overread.yaml');
      expect(after.outputs).toEqual(['c', 'a', 'b']);
      expect(leftOut).toEqual([]);
      const said = ask(before);
      for (const [name, p] of Object.entries(ask(after))) expect(p).toBeCloseTo(said[name] ?? NaN, 12);
      if (task === 'multi-label') expect(after.thresholds).toEqual([0.1 * 3, 0.1, 0.2]);
    },
  );

  it('leaves out findings that the project lacks, and says which', () => {
    const before = head('multi-label', ['a', 'b', 'c']);
    const { head: after, leftOut } = mapHead(before, 'multi-label', ['c'], 'overread.yaml');
    expect(leftOut).toEqual(['a', 'b']);
    expect(ask(after)).toEqual({ c: ask(before)['c'] });
  });

  it.each([
    ['another task', 'multi-label', ['a', 'b'], /is multi-class, and the project is multi-label/],
    ['a class that the model does not know', 'multi-class', ['a', 'b', 'bb'], /does not know "bb"/],
    ['a class of the model that the project lacks', 'multi-class', ['a'], /no class "b"/],
  ] as const)('%s is refused', (_, task, outputs, message) => {
    expect(() => mapHead(head('multi-class', ['a', 'b']), task, outputs, 'overread.yaml')).toThrow(
      expect.objectContaining({ code: 'OVR805', message: expect.stringMatching(message) as string }) as Error,
    );
  });
});
