/** Where features are pooled linearly, a map's mean is the logit: of real architectures, whole and cut. */
import { describe, expect, it } from 'vitest';
import { openInference } from '../../../src/core/inference/inference';
import { chooseMethod } from '../../../src/core/heatmaps/chooseMethod';
import { classActivationMaps, logitsOf } from '../../../src/core/heatmaps/linearLayer';
import { buildBackbone } from '../../../src/core/backbones/backbone';
import { tensorGenerator } from '../../../src/core/weights/random';
import { drawGoldenImage, drawGoldenWeights, resolvedFrom } from '../networks/golden';

const seed = 11;
const size = 128;

describe('mean of CAM + bias = logit', () => {
  it.each([
    ['densenet121', null, 4],
    ['densenet121', 'denseblock2', 16],
    ['tf_efficientnet_lite0', null, 4],
  ])('%s, cut after %s', async (architecture, truncate, side) => {
    const resolved = resolvedFrom(architecture, drawGoldenWeights(architecture, seed), { size });
    const backbone = await buildBackbone(
      { ...resolved, identity: { ...resolved.identity, truncate } },
      { withMap: true },
    );
    expect(backbone.map).toMatchObject({ height: side, width: side, pooledLinearly: true });
    expect(chooseMethod(backbone.map, 'auto', architecture)).toBe('cam');
    const dim = backbone.featureSize;
    const random = tensorGenerator('head', seed);
    const layer = {
      outputs: ['a', 'b'],
      dim,
      weights: Float32Array.from({ length: 2 * dim }, () => random.normal()),
      bias: Float32Array.of(0.5, -2),
    };
    const inference = await openInference(backbone, 'cpu');
    const images = Float32Array.from([
      ...drawGoldenImage('one', size, seed),
      ...drawGoldenImage('two', size, seed),
    ]);
    const { features, map } = await inference.run(images, 2);
    await inference.close();
    const logits = logitsOf(layer, features, 2);
    const places = side * side;
    for (const image of [0, 1]) {
      const own = map!.subarray(image * dim * places, (image + 1) * dim * places);
      const cams = classActivationMaps(layer, own, places);
      for (const output of [0, 1]) {
        const values = cams.subarray(output * places, (output + 1) * places);
        const mean = values.reduce((sum, value) => sum + value, 0) / places;
        const spread = Math.max(...values) - Math.min(...values);
        expect(spread).toBeGreaterThan(0.1);
        const logit = logits[image * 2 + output]!;
        expect(Math.abs(mean + layer.bias[output]! - logit)).toBeLessThan(1e-4 * Math.max(1, spread));
      }
    }
  });
});
