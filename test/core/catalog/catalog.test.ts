import * as fs from 'node:fs/promises';
import * as os from 'node:os';
import * as path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { architectureNames, getArchitecture } from '../../../src/core/networks';
import { expectedTensors } from '../../../src/core/networks/build';
import { readArchitecture, readCatalog } from '../../../src/core/catalog/catalog';
import { recordSpeed } from '../../../src/core/backbones/speed';
import { aboutFileSize } from '../../../src/core/weights/fileSize';
import { describePublished } from '../../../src/core/weights/publishedFile';
import { resolveWeights } from '../../../src/core/weights/resolve';
import { writeSafetensors } from '../../../src/core/weights/stateDict/safetensors';
import { drawGoldenWeights } from '../networks/golden';

let folder: string;
let place: { cacheDir: string; env: Record<string, string> };

beforeAll(async () => {
  folder = await fs.mkdtemp(path.join(os.tmpdir(), 'overread-catalog-'));
  place = {
    cacheDir: path.join(folder, 'cache'),
    env: { HF_HOME: path.join(folder, 'hf'), HF_HUB_OFFLINE: '1', PATH: '' },
  };
});
afterAll(() => fs.rm(folder, { recursive: true, force: true }));

describe('the catalogue', () => {
  it('has a row for every architecture, in order, and suggests nothing without a project', async () => {
    const { rows, suggestion } = await readCatalog({ ...place, project: null });
    expect(rows.map(({ name }) => name)).toEqual(architectureNames);
    expect(suggestion).toBeNull();
    for (const row of rows) {
      expect(row.imagesPerSecond).toBeNull();
      expect(row.blocks.length).toBeGreaterThan(1);
      expect(row.weights.map(({ here }) => here)).not.toContain(true);
      const last = row.blocks.at(-1)!;
      expect(last.parameters).toBeLessThanOrEqual(row.parameters);
      expect(row.blocks.map(({ parameters }) => parameters)).toEqual(
        row.blocks.map(({ parameters }) => parameters).toSorted((a, b) => a - b),
      );
      expect(row.blocks.map(({ gmacs }) => gmacs)).toEqual(
        row.blocks.map(({ gmacs }) => gmacs).toSorted((a, b) => a - b),
      );
    }
  });

  it('has the figures of DenseNet-121 that timm publishes, and its blocks', async () => {
    const { row } = await readArchitecture('densenet121', place);
    expect(row).toMatchObject({
      title: 'DenseNet-121',
      parameters: 7_978_856,
      featureSize: 1024,
      inputSize: 224,
    });
    expect(row.gmacs).toBeCloseTo(2.87, 2);
    const third = row.blocks.find(({ name }) => name === 'denseblock3')!;
    // 512 channels in from the transition, and 16 … 24 layers of 32 channels each.
    expect(third.featureSize).toBe(256 + 24 * 32);
  });

  it('is read from what was counted the second time', async () => {
    const [first, second] = [
      await readArchitecture('densenet121', place),
      await readArchitecture('densenet121', place),
    ];
    expect(second.row.blocks).toBe(first.row.blocks);
  });

  it('suggests by the project', async () => {
    const project = { modality: 'x-ray', anatomy: 'lungs', trainingSamples: 400 } as const;
    const { suggestion } = await readCatalog({ ...place, project });
    expect(suggestion).toMatchObject({
      architecture: 'densenet121',
      train: 'last layer',
      trainingSamples: 400,
    });
  });

  it('shows what was measured here: the newest of the whole network', async () => {
    const cacheDir = path.join(folder, 'measured');
    const { identity } = await resolveWeights({ architecture: 'densenet121', weights: 'random', ...place });
    const measured = { device: 'cpu', images: 100, seconds: 4 } as const;
    await recordSpeed(cacheDir, { ...identity, truncate: 'denseblock3' }, { ...measured, seconds: 1 });
    await recordSpeed(cacheDir, identity, measured);
    const { row, speeds } = await readArchitecture('densenet121', { ...place, cacheDir });
    expect(row.imagesPerSecond).toBe(25);
    expect(speeds.map(({ truncate, imagesPerSecond }) => [truncate, imagesPerSecond])).toContainEqual([
      'denseblock3',
      100,
    ]);
    const { rows } = await readCatalog({ ...place, cacheDir, project: null });
    expect(rows.filter(({ imagesPerSecond }) => imagesPerSecond !== null).map(({ name }) => name)).toEqual([
      'densenet121',
    ]);
  });
});

describe('the file of published weights', () => {
  it('is as large as said, but for its header', () => {
    for (const name of ['densenet121', 'tf_efficientnet_lite0']) {
      const written = writeSafetensors(drawGoldenWeights(name, 1)).length;
      const norms = expectedTensors(getArchitecture(name)).filter(
        ({ role }) => role === 'normVariance',
      ).length;
      const said = aboutFileSize(getArchitecture(name));
      // Each BatchNorm has a counter that we do not write: eight bytes, and some 90 in the header.
      expect(said).toBeGreaterThan(written + 8 * norms);
      expect(said).toBeLessThan(written + 200 * norms);
    }
  });

  it('brought to the place that is told is found there, and then is here', async () => {
    const architecture = getArchitecture('tf_efficientnet_lite0');
    const published = architecture.weights[0]!;
    const file = describePublished(architecture, published, place);
    expect(file).toMatchObject({
      name: 'tf_efficientnet_lite0.in1k',
      url: 'https://huggingface.co/timm/tf_efficientnet_lite0.in1k/resolve/main/model.safetensors',
      target: path.join(place.cacheDir, 'weights', 'tf_efficientnet_lite0.in1k', 'model.safetensors'),
    });
    const request = { architecture: architecture.name, weights: published.tag, ...place };
    await expect(resolveWeights(request)).rejects.toMatchObject({ code: 'OVR501' });
    await fs.mkdir(path.dirname(file.target), { recursive: true });
    await fs.writeFile(file.target, writeSafetensors(drawGoldenWeights(architecture.name, 1)));
    const { row } = await readArchitecture(architecture.name, place);
    expect(row.weights[0]).toMatchObject({ name: file.name, here: true, licence: 'Apache-2.0' });
    expect((await resolveWeights(request)).identity).toMatchObject({ name: file.name, source: 'cache' });
  });

  it('is fetched from the mirror that HF_ENDPOINT names', () => {
    const architecture = getArchitecture('densenet121');
    const env = { HF_ENDPOINT: 'https://mirror.example/' };
    expect(describePublished(architecture, architecture.weights[0]!, { ...place, env }).url).toMatch(
      /^https:\/\/mirror\.example\/timm\/densenet121/,
    );
  });
});
