/** Grey levels that the graph normalises: the bits of those that the processor normalised. */
import { describe, expect, it } from 'vitest';
import { buildBackbone } from '../../../src/core/backbones/backbone';
import { addImageInput } from '../../../src/core/backbones/imageInput';
import { SplitMix32 } from '../../../src/core/base/random';
import type { Preprocessing } from '../../../src/core/images/model';
import { normalise } from '../../../src/core/images/preprocess';
import { openInference } from '../../../src/core/inference/inference';
import type { Backbone } from '../../../src/core/networks/model';
import { GraphBuilder } from '../../../src/core/onnx/graphBuilder';
import { drawGoldenWeights, resolvedFrom } from '../networks/golden';

const imagenet = { mean: [0.485, 0.456, 0.406], std: [0.229, 0.224, 0.225] };
const half = { mean: [0.5, 0.5, 0.5], std: [0.5, 0.5, 0.5] };

function preprocessing(size: number, values: typeof imagenet): Preprocessing {
  return { size, cropPct: 1, interpolation: 'bicubic', channels: 3, crop: 'timm', ...values };
}

/** A network that gives its normalised input. */
function mirror(of: Preprocessing, channels: 1 | 3): Backbone {
  const graph = new GraphBuilder('mirror');
  const image = addImageInput(graph, of, channels, true);
  graph.node('Flatten', [image], { axis: 1 }, 'features');
  const featureSize = channels * of.size ** 2;
  graph.output('features', 'float32', ['N', featureSize]);
  const identity = { architecture: 'mirror', name: 'mirror', sha256: '', trainedOn: null, truncate: null };
  const weights = { ...identity, source: 'random' as const, preprocessing: of };
  return { weights, featureSize, channels, bytes: true, map: null, onnx: graph.toModel() };
}

describe('addImageInput', () => {
  it.each([
    ['ImageNet', imagenet, 3],
    ['ImageNet, grey', imagenet, 1],
    ['one half', half, 3],
  ] as const)('normalises every level to the same bits: %s', async (_, values, channels) => {
    const of = preprocessing(16, values);
    const levels = Uint8Array.from({ length: 2 * channels * 256 }, (_, i) => i % 256);
    const expected = new Float32Array(levels.length);
    normalise(levels, expected, of, channels);
    const inference = await openInference(mirror(of, channels), 'cpu');
    const { features } = await inference.run(levels, 2);
    expect(features).toEqual(expected);
    await inference.close();
  });
});

describe('a backbone that takes grey levels', () => {
  it.each([1, 3] as const)(
    'gives the features of one that takes numbers, bit for bit: %i channels',
    async (channels) => {
      const name = 'tf_efficientnet_lite0';
      const resolved = resolvedFrom(name, drawGoldenWeights(name, 7), { size: 64 });
      const random = new SplitMix32(1);
      const levels = Uint8Array.from({ length: 2 * channels * 64 * 64 }, () => random.below(256));
      const numbers = new Float32Array(levels.length);
      normalise(levels, numbers, resolved.identity.preprocessing, channels);
      const features = async (
        backbone: Backbone,
        images: Uint8Array<ArrayBuffer> | Float32Array<ArrayBuffer>,
      ) => {
        const inference = await openInference(backbone, 'cpu');
        const { features } = await inference.run(images, 2);
        await inference.close();
        return features;
      };
      const plain = await buildBackbone(resolved, { channels });
      const expected = await features(plain, numbers);
      expect(await features(await buildBackbone(resolved, { channels, bytes: true }), levels)).toEqual(
        expected,
      );
      expect(await features(plain, levels.slice())).toEqual(expected);
    },
  );
});
