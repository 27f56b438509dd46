import { describe, expect, it } from 'vitest';
import { seedFromText, SplitMix32 } from '../../../src/core/base/random';
import { getArchitecture } from '../../../src/core/networks';
import { expectedTensors } from '../../../src/core/networks/build';
import { drawWeights, tensorGenerator } from '../../../src/core/weights/random';
import { readGolden, resolvedFrom, runModel } from '../networks/golden';
import { buildBackbone } from '../../../src/core/backbones/backbone';

interface Golden {
  readonly seeds: readonly { seed: number; uint32: number[]; uniform: number[]; normal: number[] }[];
  readonly texts: readonly { text: string; seed: number; tensor: number }[];
}

const golden = readGolden('splitmix32') as Golden;

describe('SplitMix32', () => {
  it.each(golden.seeds)('draws what NumPy draws from seed $seed', ({ seed, uint32, uniform, normal }) => {
    const take = <T>(count: number, draw: (random: SplitMix32) => T) => {
      const random = new SplitMix32(seed);
      return Array.from({ length: count }, () => draw(random));
    };
    const numbers = take(1000, (random) => random.uint32());
    expect([0, 1, 2, 3, 998, 999].map((i) => numbers[i])).toEqual(uint32);
    expect(take(4, (random) => random.uniform())).toEqual(uniform);
    const normals = take(500, (random) => random.normal());
    for (const [at, i] of [0, 1, 2, 499].entries()) expect(normals[i]).toBeCloseTo(normal[at]!, 12);
  });

  it.each(golden.texts)('seeds from "$text" as Python does', ({ text, seed, tensor }) => {
    expect(seedFromText(text)).toBe(seed);
    const { seed: found } = tensorGenerator(text, 7) as unknown as { seed: number };
    expect(found).toBe(tensor);
  });
});

describe('random weights', () => {
  const variance = (data: Float32Array) => data.reduce((sum, value) => sum + value * value, 0) / data.length;

  it('follow the rule of the family', () => {
    const dense = drawWeights(getArchitecture('densenet121'), 3);
    // He: 2 / inputs. 150,528 draws: the variance is within a few per cent.
    const conv = dense.get('features.denseblock4.denselayer16.conv1.weight')!;
    expect(variance(conv.data) / (2 / 992)).toBeCloseTo(1, 1);
    const linear = dense.get('classifier.weight')!;
    expect(Math.max(...linear.data.subarray(0, 100_000))).toBeLessThanOrEqual(1 / 32);
    expect(variance(linear.data) / (1 / 3 / 1024)).toBeCloseTo(1, 1);
    expect(new Set(dense.get('features.norm5.running_var')!.data)).toEqual(new Set([1]));
    const lite = drawWeights(getArchitecture('tf_efficientnet_lite0'), 3);
    expect(variance(lite.get('conv_head.weight')!.data) / (2 / 1280)).toBeCloseTo(1, 1);
    // Depthwise: nine inputs and nine outputs a group.
    expect(variance(lite.get('blocks.5.0.conv_dw.weight')!.data) / (2 / 25)).toBeCloseTo(1, 0);
  });

  it('are a map of all tensors, whichever were asked for', () => {
    const architecture = getArchitecture('resnet18');
    const weights = drawWeights(architecture, 3);
    const names = expectedTensors(architecture).map(({ name }) => name);
    const bias = weights.get('fc.bias')!;
    expect([...weights.keys()]).toEqual(names);
    expect(weights.size).toBe(names.length);
    expect(weights.has('fc.bias') && !weights.has('fc') && weights.get('fc') === undefined).toBe(true);
    expect(drawWeights(architecture, 3)).toBe(weights);
    const visited: [string, unknown][] = [];
    weights.forEach((tensor, name) => visited.push([name, tensor]));
    expect(visited.map(([name]) => name)).toEqual(names);
    const all = new Map(weights);
    expect(all.get('fc.bias')).toBe(bias);
    expect([...weights.values()].every((tensor, at) => tensor === visited[at]?.[1])).toBe(true);
    for (const { name, shape } of expectedTensors(architecture)) expect(all.get(name)!.shape).toEqual(shape);
  });

  it('depend on the seed and on nothing else', () => {
    const architecture = getArchitecture('tf_efficientnet_lite0');
    const name = 'blocks.3.0.conv_pw.weight';
    const first = drawWeights(architecture, 3).get(name)!.data;
    expect(drawWeights(architecture, 4).get(name)!.data).not.toEqual(first);
    // Those of another seed came between: they are drawn anew, in another order.
    const again = drawWeights(architecture, 3);
    for (const expected of [...again.keys()].reverse()) again.get(expected);
    expect(again.get(name)!.data).not.toBe(first);
    expect(again.get(name)!.data).toEqual(first);
  });

  it.each(['densenet121', 'tf_efficientnet_lite0'])('keep the features of %s apart', async (name) => {
    const state = drawWeights(getArchitecture(name), 0);
    const size = 96;
    const { onnx } = await buildBackbone(resolvedFrom(name, state, { size }));
    const random = new SplitMix32(5);
    const image = Float32Array.from({ length: 3 * size * size }, () => random.normal());
    const features = (await runModel(onnx, image, size))['features']!;
    const mean = features.reduce((sum, value) => sum + value, 0) / features.length;
    const deviation = Math.sqrt(variance(features.map((value) => value - mean)));
    expect(deviation).toBeGreaterThan(0.01);
    expect(deviation).toBeLessThan(100);
    expect(features.filter((value) => value === 0).length).toBeLessThan(features.length / 2);
  });
});
