/** Random weights come from the distributions that the reference's constructor draws from. */
import { readFileSync } from 'node:fs';
import * as path from 'node:path';
import { describe, expect, it } from 'vitest';
import { architectureNames, getArchitecture } from '../../src/core/networks';
import { expectedTensors } from '../../src/core/networks/build';
import { drawTensor } from '../../src/core/weights/random';

interface Figures {
  readonly name: string;
  readonly count: number;
  readonly mean: number;
  readonly deviation: number;
  /** 1.8: uniform; 3: normal; null: all numbers are equal. */
  readonly kurtosis: number | null;
  readonly largest: number;
}

const folder = path.join(__dirname, '..', 'golden', 'values', 'initialisation');

describe.each(architectureNames)('random weights of %s', (name) => {
  const text = readFileSync(path.join(folder, `${name}.json`), 'utf8');
  const { tensors } = JSON.parse(text) as { readonly tensors: readonly Figures[] };
  const architecture = getArchitecture(name);
  const expected = new Map(expectedTensors(architecture).map((tensor) => [tensor.name, tensor]));

  it.each(tensors)('$name', (reference) => {
    const tensor = expected.get(reference.name);
    expect(tensor).toBeDefined();
    const found = figuresOf(drawTensor(tensor!, architecture.initialisation, 1));
    expect(found.count).toBe(reference.count);
    if (reference.kurtosis === null) {
      expect(found.deviation).toBe(0);
      expect(found.mean).toBe(reference.mean);
      return;
    }
    // Five standard errors of the difference of two samples, with the errors of a normal distribution.
    const errors = 5 * Math.sqrt(2 / reference.count);
    expect(Math.abs(found.mean - reference.mean)).toBeLessThan(errors * reference.deviation);
    expect(Math.abs(found.deviation / reference.deviation - 1)).toBeLessThan(errors / Math.SQRT2);
    if (reference.count < 1000) return;
    expect(Math.abs(found.kurtosis - reference.kurtosis)).toBeLessThan(errors * Math.sqrt(24));
    if (reference.kurtosis < 2.4) expect(found.largest / reference.largest).toBeCloseTo(1, 1);
  });
});

/** In two plain passes: there are 68 million numbers, and a closure and a power for each take four times as long. */
function figuresOf(values: Float32Array) {
  const count = values.length;
  let sum = 0;
  for (let i = 0; i < count; i++) sum += values[i]!;
  const mean = sum / count;
  let [second, fourth, largest] = [0, 0, 0];
  for (let i = 0; i < count; i++) {
    const value = values[i]!;
    const square = (value - mean) * (value - mean);
    second += square;
    fourth += square * square;
    largest = Math.max(largest, Math.abs(value));
  }
  const variance = second / count;
  return { count, mean, deviation: Math.sqrt(variance), kurtosis: fourth / count / variance ** 2, largest };
}
