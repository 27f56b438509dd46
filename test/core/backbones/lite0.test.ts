/**
 * The real EfficientNet-Lite0 weights, through the user's pip as a user gets them. Fetched once into the
 * tests' own cache (17 MB), which outlives the layer's; where no source can be reached these tests are skipped, and say so.
 */
import { existsSync } from 'node:fs';
import * as path from 'node:path';
import { describe, expect, it } from 'vitest';
import { cacheFolder } from '../../../scripts/environment/cache.mjs';
import { decodeImage } from '../../../src/core/images/decode';
import { preprocess } from '../../../src/core/images/preprocess';
import { buildBackbone } from '../../../src/core/backbones/backbone';
import { resolveWeights } from '../../../src/core/weights/resolve';
import {
  decodeFloats,
  drawGoldenImage,
  loadState,
  readGolden,
  relativeDifference,
  runModel,
} from '../networks/golden';

interface Golden {
  readonly seed: number;
  readonly image: string;
  readonly size: number;
  readonly features: string;
  readonly xrays: readonly { file: string; features: string }[];
}

const golden = readGolden('lite0_real') as Golden;
const xrays = path.join(__dirname, '..', '..', '..', '..', 'shared', 'data', 'cxr', 'images');
const resolved = await resolveWeights({
  architecture: 'tf_efficientnet_lite0',
  weights: 'in1k',
  cacheDir: cacheFolder(),
  env: process.env,
}).catch((error: unknown) => {
  console.warn(`SKIPPED: the real Lite0 weights cannot be had (${String(error)})`);
  return undefined;
});
if (!existsSync(xrays)) console.warn('SKIPPED: no X-rays at ../shared/data/cxr');

describe.skipIf(!resolved)('EfficientNet-Lite0 with ImageNet weights', () => {
  it('is what was published', async () => {
    // From the hub the same numbers come in another file.
    if (resolved!.identity.source === 'package-index') {
      expect(resolved!.identity.sha256).toBe(
        '579344248a93e23026e6b78f1f6faf0bc1d282386f6c881cdbaacd49cabf77db',
      );
    }
    expect(resolved!.identity.name).toBe('tf_efficientnet_lite0.in1k');
    expect((await loadState(resolved!)).size).toBe(247);
  });

  it('equals timm on a drawn image', async () => {
    const { onnx } = await buildBackbone(resolved!);
    const image = drawGoldenImage(golden.image, golden.size, golden.seed);
    const found = (await runModel(onnx, image, golden.size))['features']!;
    expect(relativeDifference(found, decodeFloats(golden.features))).toBeLessThan(1e-4);
  });

  it.skipIf(!existsSync(xrays)).each(golden.xrays)('equals timm on X-ray $#', async ({ file, features }) => {
    const { onnx } = await buildBackbone(resolved!);
    const { preprocessing } = resolved!.identity;
    const input = preprocess(await decodeImage(path.join(xrays, file)), preprocessing);
    const found = (await runModel(onnx, input, preprocessing.size))['features']!;
    const reference = decodeFloats(features);
    // Decoders of JPEG differ by a grey level here and there: the features are as near as that allows.
    let product = 0;
    let ours = 0;
    let theirs = 0;
    for (let i = 0; i < reference.length; i++) {
      product += found[i]! * reference[i]!;
      ours += found[i]! ** 2;
      theirs += reference[i]! ** 2;
    }
    expect(product / Math.sqrt(ours * theirs)).toBeGreaterThan(0.9999);
    expect(relativeDifference(found, reference)).toBeLessThan(0.1);
  });
});
