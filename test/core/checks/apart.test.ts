/** Images that lie apart, in a set that was made up: what is near what is known. */
import { describe, expect, it } from 'vitest';
import { SplitMix32 } from '../../../src/core/base/random';
import { imagesApart } from '../../../src/core/checks/similar/apart';
import { whitenedSpace } from '../../../src/core/neighbours/components';

const dim = 40;

/** Images around the origin, on axes of falling variance as features have; some of them moved away together or alone. */
async function apart(
  images: number,
  moved: ReadonlyMap<number, readonly [axis: number, by: number]>,
  missing?: number,
) {
  const random = new SplitMix32(11);
  const features = Float32Array.from({ length: images * dim }, (_, n) => {
    const [axis, by] = moved.get(Math.floor(n / dim)) ?? [-1, 0];
    return (3 * (random.uniform() - 0.5)) / Math.sqrt(1 + (n % dim)) + (n % dim === axis ? by : 0);
  });
  const present = new Uint8Array(images).fill(1);
  if (missing !== undefined) present[missing] = 0;
  const space = await whitenedSpace(features, dim, present);
  return space ? imagesApart(space, {}) : null;
}

describe('images that lie apart', () => {
  it('are found alone and as a group of those that are like each other, the farthest first', async () => {
    const group = [3, 77, 150, 151, 299];
    const moved = new Map<number, readonly [number, number]>(group.map((i) => [i, [5, 6]]));
    moved.set(200, [20, 9]);
    const found = await apart(300, moved, 10);
    expect(found?.neighbour).toBe(29);
    expect(found?.groups.map(({ images }) => images)).toEqual([[200], group]);
    expect(found?.groups[0]?.times).toBeGreaterThan(2);
    expect(found?.groups[1]?.times).toBeGreaterThan(1.5);
  });

  it('are none in a set of one kind, nor where there are too few to say what is usual', async () => {
    expect((await apart(600, new Map()))?.groups).toEqual([]);
    expect((await apart(59, new Map([[7, [0, 50]]])))?.groups).toEqual([]);
    expect((await apart(60, new Map([[7, [0, 50]]])))?.groups.map(({ images }) => images)).toEqual([[7]]);
  });

  it('are none where all images are copies: there is no usual distance', async () => {
    const features = Float32Array.from({ length: 80 * 2 }, (_, n) => (n < 4 ? n : 1));
    const space = await whitenedSpace(features, 2, new Uint8Array(80).fill(1));
    expect(space && (await imagesApart(space, {})).groups).toEqual([]);
  });
});
