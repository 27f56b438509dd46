/** Classifiers as PyTorch's exporters and ONNX Runtime's quantiser write them: cut, their features are PyTorch's. */
import * as path from 'node:path';
import { describe, expect, it } from 'vitest';
import { buildBackbone } from '../../../src/core/backbones/backbone';
import { inlineExternalData } from '../../../src/core/onnxClassifier/externalData';
import { decodeFloats, relativeDifference } from '../networks/golden';
import {
  drawImages,
  expectedModels,
  goldenImages,
  onnxFolder,
  onnxWeights,
  readGoldenModel,
  runBackbone,
} from './golden';

/** 8-bit networks round activations; a rounding that falls the other way is a step of the scale. */
const tolerance = (file: string) => (file.includes('8bit') ? 2e-2 : 1e-5);

async function weightsOf(file: string) {
  return onnxWeights(await inlineExternalData(readGoldenModel(file), path.join(onnxFolder, file)));
}

describe.each(expectedModels)('%s', (file, expected) => {
  const images = drawImages(file.replace('.onnx', ''), expected);

  it('features of a batch equal the reference', async () => {
    const backbone = await buildBackbone(await weightsOf(file));
    expect(backbone).toMatchObject({ featureSize: expected.dim, channels: expected.channels, map: null });
    const { features } = await runBackbone(backbone, images);
    expect(relativeDifference(features!, decodeFloats(expected.features))).toBeLessThan(tolerance(file));
  });

  it('gives the map that is pooled, or none', async () => {
    const backbone = await buildBackbone(await weightsOf(file), { withMap: true });
    if (expected.map === undefined) {
      expect(backbone.map).toBeNull();
      return;
    }
    const [channels, height, width] = expected.map;
    expect(backbone.map).toEqual({ channels, height, width, pooledLinearly: true });
    const { map, features } = await runBackbone(backbone, images);
    const sums = new Float32Array(goldenImages);
    for (const [i, value] of map!.entries()) sums[Math.floor((i * goldenImages) / map!.length)]! += value;
    expect(relativeDifference(sums, decodeFloats(expected.mapSum!))).toBeLessThan(1e-5);
    const area = height * width;
    const means = Float32Array.from(features!, (_, k) => {
      const pixels = map!.subarray(k * area, (k + 1) * area);
      return pixels.reduce((sum, value) => sum + value) / area;
    });
    expect(relativeDifference(means, features!)).toBeLessThan(1e-5);
  });
});
