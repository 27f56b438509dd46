/** The explainer on image files, with the tiny network. */
import * as fs from 'node:fs/promises';
import * as os from 'node:os';
import * as path from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { openInference, type Inference } from '../../../src/core/inference/inference';
import { chooseMethod } from '../../../src/core/heatmaps/chooseMethod';
import { Explainer, heatmapOf } from '../../../src/core/heatmaps/explainer';
import { decodeImage } from '../../../src/core/images/decode';
import { preprocess } from '../../../src/core/images/preprocess';
import type { Head } from '../../../src/core/training/model';
import { tinyHead, tinyNetwork, type Ending } from './tinyNetwork';
import { patience } from '../../../scripts/test/patience.mjs';

let folder: string;
let file: string;
beforeAll(async () => {
  folder = await fs.mkdtemp(path.join(os.tmpdir(), 'overread-explain-'));
  file = path.join(folder, 'image.png');
  const data = Uint8Array.from({ length: 60 * 40 }, (_, i) => (i * 7 + Math.floor(i / 60) * 13) % 256);
  await sharp(data, { raw: { width: 60, height: 40, channels: 1 } })
    .png()
    .toFile(file);
});
afterAll(() => fs.rm(folder, { recursive: true, force: true }));

async function open(
  ending: Ending,
  wanted: 'auto' | 'occlusion' = 'auto',
  options: ConstructorParameters<typeof Explainer>[4] = {},
) {
  const backbone = tinyNetwork(ending);
  const local = await openInference(backbone, 'cpu');
  const counted = { runs: 0, images: 0 };
  const inference: Inference = {
    opened: local.opened,
    lanes: local.lanes,
    run: (images, count) => {
      counted.runs++;
      counted.images += count;
      return local.run(images, count);
    },
    close: () => local.close(),
  };
  const method = chooseMethod(backbone.map, wanted, 'tiny');
  return {
    counted,
    local,
    explainer: new Explainer(backbone, tinyHead(ending), inference, method, options),
    preprocessing: backbone.weights.preprocessing,
  };
}

describe('Explainer', () => {
  it('gives the centred logit of each place, whose mean is the image’s', async () => {
    const { explainer, local, preprocessing } = await open('linear');
    const maps = await explainer.mapsOf(file);
    expect(maps.method).toBe('cam');
    // 60 × 40 is resized to 33 × 22, of which the middle 22 are seen.
    expect(maps.region).toEqual({ left: 6 / 33, top: 0, width: 22 / 33, height: 1 });
    const image = preprocess(await decodeImage(file), preprocessing);
    const { features } = await local.run(Float32Array.from(image), 1);
    const { outputs, dim, weights, bias } = tinyHead('linear');
    const own = outputs.map((_, k) =>
      features.reduce((sum, x, i) => sum + x * weights[k * dim + i]!, bias[k]!),
    );
    const average = own.reduce((sum, logit) => sum + logit, 0) / own.length;
    for (const [k, name] of outputs.entries()) {
      const map = heatmapOf(maps, 'id', outputs, k);
      expect(map).toMatchObject({ sample: 'id', output: name, width: 6, height: 6, region: maps.region });
      expect(map.values.buffer.byteLength).toBe(6 * 6 * 4);
      const mean = map.values.reduce((sum, value) => sum + value, 0) / 36;
      expect(mean).toBeCloseTo(own[k]! - average, 5);
      expect(maps.logits[k]).toBeCloseTo(own[k]! - average, 5);
    }
    const p = explainer.probabilities(maps);
    expect(p[0]! / p[1]!).toBeCloseTo(Math.exp((own[0]! - own[1]!) / 2), 5);
    expect(p.reduce((a, b) => a + b)).toBeCloseTo(1, 9);
    await explainer.close();
  });

  it('explains findings by their own logits', async () => {
    const backbone = tinyNetwork('linear');
    const head: Head = {
      ...tinyHead('linear'),
      task: 'multi-label',
      calibration: { kind: 'platt', slope: [1, 2, 1], intercept: [0, -1, 0] },
      thresholds: [0.5, 0.5, 0.5],
    };
    const explainer = new Explainer(backbone, head, await openInference(backbone, 'cpu'), 'cam');
    const { logits } = await explainer.mapsOf(file);
    expect(logits.reduce((sum, logit) => sum + logit, 0)).not.toBeCloseTo(0, 1);
    const p = explainer.probabilities(await explainer.mapsOf(file))[1]!;
    expect(Math.log(p / (1 - p))).toBeCloseTo(2 * logits[1]! - 1, 6);
    await explainer.close();
  });

  it('computes an image once: for all outputs, for requests at the same time, and for copies', async () => {
    const { explainer, counted } = await open('nonlinear');
    const copy = path.join(folder, 'copy.png');
    await fs.copyFile(file, copy);
    const [first, second] = await Promise.all([explainer.mapsOf(file), explainer.mapsOf(file)]);
    expect(second).toBe(first);
    expect(await explainer.mapsOf(copy)).toBe(first);
    // The image, and one batch of five masks: of six channels one is the same everywhere.
    expect(counted).toEqual({ runs: 2, images: 6 });
    expect(first.method).toBe('score-cam');
    await explainer.close();
  });

  it('runs less often when somebody waits', async () => {
    const quick = await open('nonlinear', 'auto', { channels: 2, grid: 4 });
    await quick.explainer.mapsOf(file);
    expect(quick.counted.images).toBe(3);
    const patches = await open('nonlinear', 'occlusion', { channels: 2, grid: 4 });
    expect(await patches.explainer.mapsOf(file)).toMatchObject({ method: 'occlusion', width: 4, height: 4 });
    expect(patches.counted.images).toBe(17);
    await quick.explainer.close();
    await patches.explainer.close();
  });

  it('fails for an image that is none, and tries it again', async () => {
    const { explainer } = await open('linear');
    const broken = path.join(folder, 'broken.png');
    await fs.writeFile(broken, 'no image');
    await expect(explainer.mapsOf(broken)).rejects.toMatchObject({ code: 'OVR301' });
    await expect(explainer.mapsOf(broken)).rejects.toMatchObject({ code: 'OVR301' });
    await expect(explainer.mapsOf(path.join(folder, 'nowhere.png'))).rejects.toMatchObject({
      code: 'OVR300',
    });
    await explainer.close();
  });

  it('closes after what runs has ended', async () => {
    const { explainer, counted } = await open('nonlinear');
    const maps = explainer.mapsOf(file);
    await vi.waitFor(() => expect(counted.runs).toBeGreaterThan(0), patience);
    await explainer.close();
    await expect(maps).resolves.toMatchObject({ method: 'score-cam' });
  });
});
