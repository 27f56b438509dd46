/** The methods against their definitions (test/golden/heatmaps.py, PyTorch). */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Inference } from '../../../src/core/inference/inference';
import { interpolate, scaleTaps } from '../../../src/core/heatmaps/bilinear';
import { classActivationMaps, logitsOf } from '../../../src/core/heatmaps/linearLayer';
import { occlusion } from '../../../src/core/heatmaps/occlusion';
import { scoreCam } from '../../../src/core/heatmaps/scoreCam';
import { golden, goldenImage, openTiny, preprocessing, tinyLayer, type Ending } from './tinyNetwork';

const tolerance = 1e-4;

function expectClose(found: ArrayLike<number>, reference: readonly number[]): void {
  expect(found.length).toBe(reference.length);
  const largest = Math.max(...reference.map((value, i) => Math.abs(found[i]! - value)));
  expect(largest).toBeLessThan(tolerance);
}

const networks = {} as Record<Ending, Inference>;
beforeAll(async () => {
  networks.linear = await openTiny('linear');
  networks.nonlinear = await openTiny('nonlinear');
});
afterAll(async () => {
  await networks.linear.close();
  await networks.nonlinear.close();
});

const look = async (ending: Ending) => {
  const { features, map } = await networks[ending].run(goldenImage(), 1);
  return { features, map: map!, logits: logitsOf(tinyLayer(ending), features, 1) };
};

const runsOf = (ending: Ending) => ({
  inference: networks[ending],
  layer: tinyLayer(ending),
  image: goldenImage(),
});

describe('the tiny network', () => {
  it('is the reference', async () => {
    const { map, logits } = await look('linear');
    expectClose(map, golden.map.values);
    expectClose(logits, golden.linearLogits);
    expectClose((await look('nonlinear')).logits, golden.nonlinearLogits);
  });
});

describe('class activation maps', () => {
  it('equal the definition, and their mean with the bias is the logit', async () => {
    const { map, logits } = await look('linear');
    const layer = tinyLayer('linear');
    const places = golden.map.height * golden.map.width;
    const cams = classActivationMaps(layer, map, places);
    expectClose(cams, golden.cam);
    for (const [k, logit] of logits.entries()) {
      const sum = cams.subarray(k * places, (k + 1) * places).reduce((a, b) => a + b, 0);
      expect(sum / places + layer.bias[k]!).toBeCloseTo(logit, 5);
    }
  });
});

describe('Score-CAM', () => {
  it.each([
    ['of all channels', 'nonlinear', undefined, golden.scoreCam],
    ['of the three with the most energy', 'nonlinear', 3, golden.scoreCamOfThree],
    ['where class activation maps are defined too', 'linear', undefined, golden.scoreCamLinear],
  ] as const)('equals the definition %s', async (_name, ending, channels, reference) => {
    const { map } = await look(ending);
    const values = await scoreCam({ ...runsOf(ending), preprocessing, map, shape: golden.map, channels });
    expectClose(values, reference);
  });

  it('of an image in which no channel differs is zero', async () => {
    const map = new Float32Array(golden.map.values.length).fill(3);
    const values = await scoreCam({ ...runsOf('nonlinear'), preprocessing, map, shape: golden.map });
    expect(values.every((value) => value === 0)).toBe(true);
  });

  it('names its progress and can be cancelled', async () => {
    const { map } = await look('nonlinear');
    const cancel = new AbortController();
    const seen: (readonly [number, number | undefined])[] = [];
    const request = {
      ...runsOf('nonlinear'),
      preprocessing,
      map,
      shape: golden.map,
      signal: cancel.signal,
      onProgress: ({ done, total }: { done: number; total?: number }) => {
        seen.push([done, total]);
      },
    };
    await scoreCam(request);
    // Of six channels one is the same everywhere.
    expect(seen).toEqual([
      [0, 5],
      [5, 5],
    ]);
    cancel.abort();
    await expect(scoreCam(request)).rejects.toMatchObject({ code: 'OVR002' });
  });
});

describe('occlusion', () => {
  it.each([
    ['nonlinear', 5, golden.occlusion5],
    ['linear', 11, golden.occlusion11],
  ] as const)('equals the definition: %s, %i places along a side', async (ending, grid, reference) => {
    const { logits } = await look(ending);
    expectClose(await occlusion({ ...runsOf(ending), size: golden.size, logits, grid }), reference);
  });

  it('does not write into the image', async () => {
    const { logits } = await look('nonlinear');
    const request = { ...runsOf('nonlinear'), size: golden.size, logits, grid: 5 };
    await occlusion(request);
    expect(request.image).toEqual(goldenImage());
  });
});

describe('enlarging', () => {
  it('equals interpolate(mode="bilinear", align_corners=False)', () => {
    const { height, width, values } = golden.enlarged;
    const found = new Float32Array(height * width);
    const map = Float32Array.from(golden.map.values.slice(0, golden.map.height * golden.map.width));
    const rows = scaleTaps(golden.map.height, height);
    interpolate(map, golden.map.width, rows, scaleTaps(golden.map.width, width), found);
    expectClose(found, values);
  });
});
