import * as fs from 'node:fs/promises';
import * as os from 'node:os';
import * as path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildBackbone } from '../../../src/core/backbones/backbone';
import { exportBackbone } from '../../../src/core/backbones/exportBackbone';
import { decodeModel } from '../../../src/core/onnx/schema';
import type { NetworkWeights } from '../../../src/core/weights/model';
import {
  decodeFloats,
  drawGoldenImage,
  drawGoldenWeights,
  readGolden,
  relativeDifference,
  resolvedFrom,
  runModel,
} from '../networks/golden';

const name = 'tf_efficientnet_lite0';
const golden = readGolden(name) as {
  seed: number;
  cases: { image: string; size: number; features: string }[];
};

let folder: string;
beforeAll(async () => {
  folder = await fs.mkdtemp(path.join(os.tmpdir(), 'overread-export-'));
});
afterAll(() => fs.rm(folder, { recursive: true, force: true }));

function weights(
  preprocessing: Parameters<typeof resolvedFrom>[2],
  truncate: string | null = null,
): NetworkWeights {
  const resolved = resolvedFrom(name, drawGoldenWeights(name, golden.seed), preprocessing);
  return { ...resolved, identity: { ...resolved.identity, truncate } };
}

describe('an exported backbone', () => {
  it.each(golden.cases)("gives timm's features at $size pixels", async ({ image, size, features }) => {
    const file = path.join(folder, `whole-${size}.onnx`);
    // The golden image is normalised already.
    const result = await exportBackbone(weights({ size, mean: [0, 0, 0], std: [1, 1, 1] }), file, {
      map: false,
    });
    expect(result).toMatchObject({ file, size, featureSize: 1280, map: null, truncate: null });
    const onnx = await fs.readFile(file);
    expect(onnx.length).toBe(result.bytes);
    const found = await runModel(onnx, drawGoldenImage(image, size, golden.seed), size);
    expect(Object.keys(found)).toEqual(['features']);
    expect(relativeDifference(found['features']!, decodeFloats(features))).toBeLessThan(1e-4);
  });

  it('takes values in [0, 1]: mean and deviation are inside', async () => {
    const mean = [0.485, 0.456, 0.406];
    const std = [0.229, 0.224, 0.225];
    const resolved = weights({ size: 96, mean, std });
    const file = path.join(folder, 'unit.onnx');
    const result = await exportBackbone(resolved, file, { map: false });
    expect(result.largestDifference).toBeLessThan(1e-4);
    const image = drawGoldenImage('image1', 96, golden.seed).map((value) => 1 / (1 + Math.exp(-value)));
    const normalised = image.map((value, at) => {
      const channel = Math.floor(at / 96 ** 2);
      return (value - mean[channel]!) / std[channel]!;
    });
    const expected = await runModel((await buildBackbone(resolved)).onnx, normalised, 96);
    const found = await runModel(await fs.readFile(file), image, 96);
    expect(relativeDifference(found['features']!, expected['features']!)).toBeLessThan(1e-4);
  });

  it('may be cut, gives the map, and says in its metadata what it is', async () => {
    const file = path.join(folder, 'cut.onnx');
    const resolved = weights({ size: 96 }, 'blocks.3');
    const result = await exportBackbone(resolved, file, { map: true });
    expect(result).toMatchObject({ truncate: 'blocks.3', featureSize: 80, map: [80, 6, 6] });
    const onnx = await fs.readFile(file);
    const found = await runModel(onnx, new Float32Array(3 * 96 * 96).fill(0.5), 96);
    const map = found['map']!;
    expect(map.length).toBe(80 * 36);
    const means = Float32Array.from({ length: 80 }, (_, channel) => {
      const plane = map.subarray(channel * 36, (channel + 1) * 36);
      return plane.reduce((sum, value) => sum + value, 0) / 36;
    });
    expect(relativeDifference(found['features']!, means)).toBeLessThan(1e-5);
    const metadata = Object.fromEntries(
      decodeModel(onnx).metadataProps.map(({ key, value }) => [key, value]),
    );
    expect(metadata).toMatchObject({
      architecture: name,
      truncate: 'blocks.3',
      feature_size: '80',
      weights: `${name}.golden`,
      weights_sha256: '0'.repeat(64),
      trained_on: 'nothing: random weights',
      input: 'image: float32 N x 3 x size x size, RGB in [0, 1]',
    });
    expect(JSON.parse(metadata['preprocessing']!)).toEqual(resolved.identity.preprocessing);
  });

  it('is refused where nothing would be left of the image, or there is no such block', async () => {
    const file = path.join(folder, 'refused.onnx');
    await expect(
      exportBackbone(weights({ size: 96 }, 'blocks.9'), file, { map: false }),
    ).rejects.toMatchObject({
      code: 'OVR505',
    });
    const densenet = resolvedFrom('densenet121', new Map(), { size: 16 });
    await expect(exportBackbone(densenet, file, { map: false })).rejects.toMatchObject({
      code: 'OVR001',
      message: expect.stringContaining('too small for densenet121') as string,
    });
    expect(await fs.readdir(folder)).not.toContain('refused.onnx');
  });

  it('leaves no file when what was written does not give the features', async () => {
    const file = path.join(folder, 'wrong.onnx');
    const resolved = weights({ size: 96 });
    let loads = 0;
    const drifting: NetworkWeights = {
      ...resolved,
      // The second reading gives other weights: what was exported is then not what Overread computes with.
      load: () => Promise.resolve(drawGoldenWeights(name, loads++ === 0 ? 99 : golden.seed)),
    };
    await expect(exportBackbone(drifting, file, { map: false })).rejects.toMatchObject({ code: 'OVR802' });
    expect((await fs.readdir(folder)).filter((entry) => entry.startsWith('wrong'))).toEqual([]);
  });
});
