/** The registry and what a network says of weights that do not fit; numbers are in test/architectures. */
import { describe, expect, it } from 'vitest';
import { architectureNames, defaultArchitecture, getArchitecture } from '../../../src/core/networks';
import { expectedTensors } from '../../../src/core/networks/build';
import { buildBackbone } from '../../../src/core/backbones/backbone';
import {
  decodeFloats,
  drawGoldenImage,
  drawGoldenWeights,
  readArchitectureGolden,
  relativeDifference,
  resolvedFrom,
  runModel,
} from './golden';

describe('tf_efficientnet_lite0', () => {
  const name = 'tf_efficientnet_lite0';
  const golden = readArchitectureGolden(name);
  const state = drawGoldenWeights(name, golden.seed);

  it('equals timm', async () => {
    const { image, size, features } = golden.cases[1]!;
    const { onnx } = await buildBackbone(resolvedFrom(name, state, { size }));
    const found = await runModel(onnx, drawGoldenImage(image, size, golden.seed), size);
    expect(relativeDifference(found['features']!, decodeFloats(features))).toBeLessThan(1e-4);
  });

  it('names what is missing or misshapen in the weights', async () => {
    const first = expectedTensors(getArchitecture(name))[0]!;
    const without = new Map([...state].filter(([key]) => key !== first.name));
    await expect(buildBackbone(resolvedFrom(name, without))).rejects.toMatchObject({
      code: 'OVR502',
      message: expect.stringContaining(first.name) as string,
    });
    const misshapen = new Map(state).set(first.name, { shape: [1], data: new Float32Array(1) });
    await expect(buildBackbone(resolvedFrom(name, misshapen))).rejects.toMatchObject({
      code: 'OVR502',
      expected: expect.stringContaining(first.shape.join(', ')) as string,
    });
  });
});

describe('registry', () => {
  it('has the default and suggests the nearest name', () => {
    expect(architectureNames).toContain(defaultArchitecture);
    expect(() => getArchitecture('densnet121')).toThrow(
      expect.objectContaining({ code: 'OVR500', fix: 'Did you mean "densenet121"?' }) as Error,
    );
  });

  it('has as many parameters as timm says', () => {
    const count = (name: string) =>
      expectedTensors(getArchitecture(name))
        .filter(({ role }) => role !== 'normMean' && role !== 'normVariance')
        .reduce((sum, { shape }) => sum + shape.reduce((product, size) => product * size, 1), 0);
    expect(count('densenet121')).toBe(7_978_856);
    expect(count('tf_efficientnet_lite0')).toBe(4_652_008);
  });
});
