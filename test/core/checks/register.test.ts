/** Registration: the transform that was applied is found, and strangers do not register. */
import { describe, expect, it } from 'vitest';
import { SplitMix32 } from '../../../src/core/base/random';
import { blurred, halved } from '../../../src/core/checks/registration/plane';
import { pyramidOf } from '../../../src/core/checks/registration/readPlane';
import { register, registerFiner, type Pyramid } from '../../../src/core/checks/registration/register';
import { groupsOf, similarPairs } from '../../../src/core/checks/similar/pairs';
import { sameAgreement } from '../../../src/core/checks/similar/confirm';

/** A scene of many blobs, the same for a seed, at any place. */
function scene(seed: number): (x: number, y: number) => number {
  const random = new SplitMix32(seed);
  const blobs = Array.from({ length: 260 }, () => ({
    x: 200 * random.uniform() - 100,
    y: 200 * random.uniform() - 100,
    size: 1.5 + 5 * random.uniform(),
    height: random.normal(),
  }));
  return (x, y) =>
    blobs.reduce((sum, blob) => {
      const square = ((x - blob.x) ** 2 + (y - blob.y) ** 2) / blob.size ** 2;
      return square > 20 ? sum : sum + blob.height * Math.exp(-square);
    }, 0);
}

interface Seen {
  readonly scale?: number;
  readonly angle?: number;
  readonly u?: number;
  readonly v?: number;
  readonly gain?: number;
  readonly light?: number;
}

/** The scene in a picture of 96 × 80 whose pixel (x, y) shows the place that the similarity maps it to. */
function seen(of: (x: number, y: number) => number, how: Seen = {}): Pyramid {
  const { scale = 1, angle = 0, u = 0, v = 0, gain = 1, light = 0 } = how;
  const [width, height] = [96, 80];
  const [a, b] = [scale * Math.cos(angle), scale * Math.sin(angle)];
  const data = Float32Array.from({ length: width * height }, (_, i) => {
    const [x, y] = [(i % width) - 47.5, Math.floor(i / width) - 39.5];
    return 100 + light + 40 * gain * of(a * x - b * y + u, b * x + a * y + v);
  });
  return pyramidOf({ width, height, data });
}

describe('registration', () => {
  it.each<Seen>([
    {},
    { u: 6, v: -4 },
    { angle: 0.07 },
    { scale: 0.85, u: 3 },
    { scale: 1.3, angle: -0.05, v: 5 },
    { gain: 0.5, light: 60, u: 2 },
  ])('finds %o again', (how) => {
    const of = scene(1);
    const found = register(seen(of, how), seen(of));
    expect(found.agreement).toBeGreaterThan(0.95);
    expect(Math.abs(Math.hypot(found.transform.a, found.transform.b) - (how.scale ?? 1))).toBeLessThan(0.01);
    expect(Math.atan2(found.transform.b, found.transform.a)).toBeCloseTo(how.angle ?? 0, 2);
    expect(found.transform.u).toBeCloseTo(how.u ?? 0, 0);
    expect(found.transform.v).toBeCloseTo(how.v ?? 0, 0);
    // From a start that is off by half a pixel.
    const { transform } = found;
    const off = { transform: { ...transform, u: transform.u + 0.5, v: transform.v - 0.5 } };
    expect(registerFiner(seen(of, how)[0], seen(of)[0], off, 1).agreement).toBeCloseTo(found.agreement, 2);
  });

  it('does not take one scene for another', () => {
    for (let seed = 2; seed < 10; seed++) {
      expect(register(seen(scene(1)), seen(scene(seed))).agreement).toBeLessThan(sameAgreement.alike - 0.2);
    }
  });

  it('says nothing of pictures without anything in them', () => {
    const empty = pyramidOf({ width: 96, height: 80, data: new Float32Array(96 * 80).fill(12) });
    expect(register(empty, empty).agreement).toBeLessThan(sameAgreement.alike);
    expect(register(empty, seen(scene(1))).agreement).toBeLessThan(sameAgreement.alike);
  });

  it('halves by means, and blurs what is even to itself', () => {
    const plane = { width: 4, height: 2, data: Float32Array.of(1, 3, 5, 7, 1, 3, 5, 7) };
    expect([...halved(plane).data]).toEqual([2, 6]);
    const even = blurred({ width: 5, height: 7, data: new Float32Array(35).fill(3) }, 2);
    even.data.forEach((value) => expect(value).toBeCloseTo(3, 5));
  });
});

describe('pairs and groups', () => {
  it('names each pair once, the most alike first', () => {
    const nearest = {
      count: 2,
      index: Int32Array.of(1, 2, 0, 2, 1, 0, -1, -1),
      similarity: Float32Array.of(0.9, 0.4, 0.9, 0.7, 0.7, 0.4, NaN, NaN),
    };
    expect(
      similarPairs(nearest, 0.5).map(({ first, second, similarity }) => [
        first,
        second,
        similarity.toFixed(1),
      ]),
    ).toEqual([
      [0, 1, '0.9'],
      [1, 2, '0.7'],
    ]);
  });

  it('joins what hangs together, in the order of the table', () => {
    const pairs = [
      [7, 9],
      [2, 3],
      [5, 9],
      [3, 4],
      [8, 1],
    ] as const;
    expect(groupsOf(pairs.map(([first, second]) => ({ first, second })))).toEqual([
      [1, 8],
      [2, 3, 4],
      [5, 7, 9],
    ]);
  });
});
