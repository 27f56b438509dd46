/** Features in half precision beside those in single, on the CPU, which rounds weights and values to half and computes in single. */
import { describe, expect, it } from 'vitest';
import { buildBackbone, type BackboneOptions } from '../../../src/core/backbones/backbone';
import { SplitMix32 } from '../../../src/core/base/random';
import { openInference } from '../../../src/core/inference/inference';
import { dataTypes, decodeModel } from '../../../src/core/onnx/schema';
import type { NetworkWeights } from '../../../src/core/weights/model';
import { drawGoldenWeights, relativeDifference, resolvedFrom } from '../networks/golden';

/** docs/gpu.md states it: the largest difference of a feature, relative to their root mean square. */
const tolerance = 1e-2;

const inHalf = (resolved: NetworkWeights): NetworkWeights => ({
  ...resolved,
  identity: { ...resolved.identity, precision: 'fp16' },
});

async function run(resolved: NetworkWeights, options: BackboneOptions & { readonly channels: 1 | 3 }) {
  const backbone = await buildBackbone(resolved, { ...options, bytes: true });
  const { size } = resolved.identity.preprocessing;
  const random = new SplitMix32(5);
  const levels = Uint8Array.from({ length: 2 * options.channels * size * size }, () => random.below(256));
  const inference = await openInference(backbone, 'cpu', undefined, { threads: 1 });
  const { features, map } = await inference.run(levels, 2);
  await inference.close();
  return { features, map, bytes: backbone.onnx.byteLength };
}

describe('a backbone in half precision', () => {
  it.each([
    ['tf_efficientnet_lite0', 96, 3],
    ['efficientnet_b0', 96, 1],
    ['densenet121', 96, 1],
    ['resnet18', 96, 3],
    ['mobilenetv3_small_100', 96, 3],
    ['mnasnet_100', 96, 3],
    ['inception_v3', 139, 1],
    ['corodet', 512, 3],
  ] as const)('gives the features of single precision to a hundredth: %s', async (name, size, channels) => {
    const resolved = resolvedFrom(name, drawGoldenWeights(name, 11), { size });
    const single = await run(resolved, { channels, withMap: true });
    const half = await run(inHalf(resolved), { channels, withMap: true });
    const difference = relativeDifference(half.features, single.features);
    expect(difference).toBeLessThan(tolerance);
    // It is half precision, and not single under its name.
    expect(difference).toBeGreaterThan(1e-6);
    expect(half.bytes / single.bytes).toBeLessThan(0.6);
    expect(relativeDifference(half.map!, single.map!)).toBeLessThan(5 * tolerance);
  });

  it('keeps no weight in single precision but those that normalise the image', async () => {
    const resolved = inHalf(resolvedFrom('densenet121', drawGoldenWeights('densenet121', 11), { size: 64 }));
    const { graph } = decodeModel((await buildBackbone(resolved, { channels: 1, bytes: true })).onnx);
    const single = graph.initializer.filter(({ dataType }) => dataType === dataTypes.float32);
    expect(single.map(({ name }) => name)).toEqual(['overread.mean', 'overread.std', 'overread.white']);
    const half = graph.initializer.filter(({ dataType }) => dataType === dataTypes.float16);
    expect(half.length).toBeGreaterThan(300);
  });

  it('stands variances that half precision cannot hold', async () => {
    const state = new Map(drawGoldenWeights('densenet121', 11));
    const norm = 'features.denseblock1.denselayer1.norm1';
    const scaled = (part: string, by: number) => {
      const tensor = state.get(`${norm}.${part}`)!;
      state.set(`${norm}.${part}`, { ...tensor, data: tensor.data.map((value) => value * by) });
    };
    scaled('running_var', 1e8);
    scaled('weight', 1e4);
    const resolved = resolvedFrom('densenet121', state, { size: 64 });
    const single = await run(resolved, { channels: 3 });
    const half = await run(inHalf(resolved), { channels: 3 });
    expect(relativeDifference(half.features, single.features)).toBeLessThan(tolerance);
  });

  it('says what to do where numbers become larger than half precision holds', async () => {
    const state = new Map(drawGoldenWeights('resnet18', 11));
    const tensor = state.get('conv1.weight')!;
    state.set('conv1.weight', { ...tensor, data: tensor.data.map((value) => value * 1e7) });
    const resolved = resolvedFrom('resnet18', state, { size: 64 });
    await run(resolved, { channels: 3 });
    await expect(run(inHalf(resolved), { channels: 3 })).rejects.toMatchObject({
      code: 'OVR504',
      fix: expect.stringContaining('--precision fp32') as string,
    });
  });
});
