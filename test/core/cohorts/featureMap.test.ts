/** The map of a made-up project: places by components, colours by what is known, UMAP deterministic and refused for too many. */
import { describe, expect, it } from 'vitest';
import { SplitMix32 } from '../../../src/core/base/random';
import { featureMap } from '../../../src/core/featureMap/featureMap';
import { mostOfUmap, umapOf } from '../../../src/core/featureMap/umap';
import type { Project } from '../../../src/core/project/project';
import type { WholeRun } from '../../../src/core/runs/wholeRun';
import { plantedWorld } from './builders';
import { whitenedComponents } from '../../support/whitenedComponents';

const count = 120;
const dim = 20;

/** Two clouds; image 5 has no features. */
async function componentsOf() {
  const random = new SplitMix32(2);
  const features = Float32Array.from({ length: count * dim }, (_, at) => {
    const row = Math.floor(at / dim);
    return (at % dim === 0 && row % 2 === 0 ? 8 : 0) + random.normal();
  });
  const present = new Uint8Array(count).fill(1);
  present[5] = 0;
  return whitenedComponents(features, dim, present);
}

describe('the map', () => {
  it('places every image with features, and colours it by what is known of it', async () => {
    const planted = plantedWorld(count, 3);
    const components = await componentsOf();
    const map = featureMap(planted as unknown as Project, planted.run as WholeRun, components);
    expect([map.xy[10], map.xy[11]]).toEqual([NaN, NaN]);
    expect(map.xy[0]).toBe(components.rows[0]);
    expect(map.xy[1]).toBe(components.rows[1]);
    const colour = (id: string) => map.colours.find((one) => one.id === id);
    const wrong = colour('wrong');
    if (wrong?.kind !== 'category') throw new Error('no errors');
    wrong.codes.forEach((code, i) => {
      expect(wrong.names[code]).toBe(planted.isWrong(i) ? 'wrong' : 'right');
    });
    expect(colour('column view')).toMatchObject({ kind: 'category', names: ['AP', 'PA'] });
    expect(colour('column age')).toMatchObject({ kind: 'number' });
    expect(colour('split')).toMatchObject({ names: ['train', 'validation', 'test'] });
  });

  it('by UMAP keeps clouds apart, and is the same for a seed', async () => {
    const random = new SplitMix32(3);
    const rows = Float32Array.from({ length: count * dim }, (_, at) => {
      const [row, axis] = [Math.floor(at / dim), at % dim];
      return (axis % 2 === row % 2 ? 1 : 0) + 0.3 * random.normal();
    });
    const { present } = await componentsOf();
    const components = { rows, dim, present };
    const { xy } = await umapOf(components, 1);
    expect((await umapOf(components, 1)).xy).toEqual(xy);
    expect([xy[10], xy[11]]).toEqual([NaN, NaN]);
    const middle = (parity: number): [number, number] => {
      const own = [...components.present.keys()].filter((i) => i % 2 === parity && i !== 5);
      const mean = (axis: number): number => own.reduce((sum, i) => sum + xy[2 * i + axis]!, 0) / own.length;
      return [mean(0), mean(1)];
    };
    const centres = [middle(0), middle(1)] as const;
    const far = (i: number, [x, y]: readonly [number, number]): number =>
      Math.hypot(xy[2 * i]! - x, xy[2 * i + 1]! - y);
    const right = [...components.present.keys()].filter(
      (i) => i !== 5 && far(i, centres[i % 2 === 0 ? 0 : 1]) < far(i, centres[i % 2 === 0 ? 1 : 0]),
    );
    expect(right.length).toBeGreaterThan(110);
  });

  it('is refused by UMAP for too many images', async () => {
    const many = mostOfUmap + 1;
    const components = { rows: new Float32Array(many), dim: 1, present: new Uint8Array(many).fill(1) };
    await expect(umapOf(components, 1)).rejects.toMatchObject({ code: 'OVR001' });
  });
});
