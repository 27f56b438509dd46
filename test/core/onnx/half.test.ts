import { describe, expect, it } from 'vitest';
import { SplitMix32 } from '../../../src/core/base/random';
import { halfBits } from '../../../src/core/onnx/half';
import { toFloat32 } from '../../../src/core/weights/stateDict/elements';

const decoded = (halves: Uint16Array) => toFloat32(new Uint8Array(halves.buffer), 'F16');
const one = (value: number) => halfBits(Float32Array.of(value))[0];

describe('halfBits', () => {
  const all = Uint16Array.from({ length: 65_536 }, (_, bits) => bits);
  const finite = all.filter((bits) => ((bits >> 10) & 31) !== 31);

  it('gives every number that half precision has its own bits', () => {
    expect(halfBits(decoded(finite))).toEqual(finite);
    expect([one(Infinity), one(-Infinity)]).toEqual([0x7c00, 0xfc00]);
    expect(Number.isNaN(decoded(halfBits(Float32Array.of(NaN)))[0])).toBe(true);
  });

  it('rounds what lies between two to the nearer one, and the middle to the even one', () => {
    const low = finite.filter((bits) => bits < 0x7bff);
    const high = low.map((bits) => bits + 1);
    const [from, to] = [decoded(low), decoded(high)];
    const at = (share: (i: number) => number, sign = 1) =>
      halfBits(from.map((value, i) => sign * (value + share(i) * (to[i]! - value))));
    const even = low.map((bits) => bits + (bits % 2));
    // Middles and these shares of the way are numbers of single precision: a step is at least 2⁻²⁴.
    expect(at(() => 0.5)).toEqual(even);
    expect(at(() => 0.5, -1)).toEqual(even.map((bits) => bits | 0x8000));
    const random = new SplitMix32(3);
    const shares = Array.from(low, () => (1 + random.below(127)) / 256);
    expect(at((i) => shares[i]!)).toEqual(low);
    expect(at((i) => 1 - shares[i]!)).toEqual(high);
  });

  it('has no number above 65,504 and none but zero below half of the smallest', () => {
    expect([65_504, 65_519, 65_520, 1e30].map(one)).toEqual([0x7bff, 0x7bff, 0x7c00, 0x7c00]);
    expect([2 ** -25, 2 ** -25 * 1.01, -1e-30].map(one)).toEqual([0, 1, 0x8000]);
  });
});
