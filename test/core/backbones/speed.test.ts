import * as fs from 'node:fs/promises';
import * as os from 'node:os';
import * as path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { WeightsIdentity } from '../../../src/core/networks/model';
import { readSpeeds, recordSpeed, speedOf } from '../../../src/core/backbones/speed';
import { resolvedFrom } from '../networks/golden';

let folder: string;
const identity: WeightsIdentity = resolvedFrom('densenet121', new Map()).identity;
const measured = { device: 'cpu', images: 64, seconds: 3 } as const;

beforeEach(async () => {
  folder = await fs.mkdtemp(path.join(os.tmpdir(), 'overread-speed-'));
});
afterEach(() => fs.rm(folder, { recursive: true, force: true }));

it('is remembered by architecture, size, device and cut; the newest replaces the one before', async () => {
  await recordSpeed(folder, identity, measured);
  await recordSpeed(folder, { ...identity, truncate: 'denseblock2' }, { ...measured, seconds: 1 });
  await recordSpeed(
    folder,
    { ...identity, preprocessing: { ...identity.preprocessing, size: 320 } },
    measured,
  );
  await recordSpeed(folder, identity, { ...measured, device: 'cuda', seconds: 0.5 });
  await recordSpeed(folder, { ...identity, name: 'densenet121.other' }, { ...measured, seconds: 2 });
  const speeds = await readSpeeds(folder);
  expect(
    speeds
      .map(({ size, device, truncate, imagesPerSecond }) =>
        [size, device, truncate, imagesPerSecond].join(' '),
      )
      .sort(),
  ).toEqual(['224 cpu  32', '224 cpu denseblock2 64', '224 cuda  128', '320 cpu  21.3']);
  expect(speedOf(speeds, 'densenet121')!.truncate).toBeNull();
  expect(speedOf(speeds, 'alexnet')).toBeUndefined();
});

it('leaves out work that is too little to tell', async () => {
  await recordSpeed(folder, identity, { ...measured, images: 31 });
  await recordSpeed(folder, identity, { ...measured, seconds: 0 });
  await recordSpeed(folder, identity, { ...measured, seconds: NaN });
  expect(await fs.readdir(folder)).toEqual([]);
});

it.each([
  '',
  '{"version": 1, "speeds": [{"arch',
  'null',
  '[]',
  '{"version": 2, "speeds": []}',
  '{"version": 1, "speeds": "none"}',
  '{"version": 1, "speeds": [null, 7, {"architecture": "densenet121", "imagesPerSecond": "fast"}]}',
])('a broken file is passed over and replaced: %s', async (text) => {
  await fs.writeFile(path.join(folder, 'speed.json'), text);
  expect(await readSpeeds(folder)).toEqual([]);
  await recordSpeed(folder, identity, measured);
  expect(await readSpeeds(folder)).toMatchObject([
    { architecture: 'densenet121', images: 64, imagesPerSecond: 21.3 },
  ]);
});

it('does not fail the work where the cache cannot be written', async () => {
  const file = path.join(folder, 'file');
  await fs.writeFile(file, '');
  await recordSpeed(file, identity, measured);
  expect(await readSpeeds(file)).toEqual([]);
});
