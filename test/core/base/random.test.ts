import { describe, expect, it } from 'vitest';
import { SplitMix32, seedFromText } from '../../../src/core/base/random';

describe('SplitMix32', () => {
  it('is a function of its seed', () => {
    const draw = (seed: number): number[] => {
      const random = new SplitMix32(seed);
      return Array.from({ length: 5 }, () => random.uint32());
    };
    expect(draw(7)).toEqual(draw(7));
    expect(draw(7)).not.toEqual(draw(8));
  });

  it('draws uniform numbers with the mean and variance of the uniform distribution', () => {
    const random = new SplitMix32(1);
    const n = 200_000;
    let sum = 0;
    let squares = 0;
    let outside = 0;
    for (let i = 0; i < n; i++) {
      const u = random.uniform();
      if (!(u >= 0 && u < 1)) outside++;
      sum += u;
      squares += u * u;
    }
    expect(outside).toBe(0);
    const mean = sum / n;
    // Four standard errors around 1/2 and 1/12.
    expect(Math.abs(mean - 0.5)).toBeLessThan((4 * Math.sqrt(1 / 12)) / Math.sqrt(n));
    expect(Math.abs(squares / n - mean * mean - 1 / 12)).toBeLessThan(0.001);
  });

  it('draws normal numbers with mean 0 and variance 1', () => {
    const random = new SplitMix32(2);
    const values = Array.from({ length: 100_000 }, () => random.normal());
    const mean = values.reduce((a, b) => a + b, 0) / values.length;
    const variance = values.reduce((a, b) => a + (b - mean) ** 2, 0) / values.length;
    expect(Math.abs(mean)).toBeLessThan(4 / Math.sqrt(values.length));
    expect(Math.abs(variance - 1)).toBeLessThan(0.02);
  });

  it('shuffles every item into every place', () => {
    const random = new SplitMix32(3);
    const counts = Array.from({ length: 4 }, () => new Array<number>(4).fill(0));
    for (let round = 0; round < 4000; round++) {
      random.shuffle([0, 1, 2, 3]).forEach((item, place) => counts[item]![place]!++);
    }
    for (const count of counts.flat()) expect(Math.abs(count - 1000)).toBeLessThan(150);
  });

  it('seeds from text, differently for different text', () => {
    expect(seedFromText('patient-1')).not.toBe(seedFromText('patient-2'));
    expect(seedFromText('ü')).toBe(seedFromText('ü'));
  });
});
