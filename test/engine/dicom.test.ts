/** A folder of DICOM files with a table of labels, from init to a corrected label, and what the editor sees of it. */
import * as fs from 'node:fs/promises';
import * as os from 'node:os';
import * as path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { ItemQuery } from '../../src/protocol/engineApi';
import { quickModel } from '../support/cli';
import { writeDicom } from '../support/dicomFile';
import { forkEngine, type ForkedEngine } from '../support/forkedEngine';
import { commandJson, runCommand } from '../support/inProcess';

const everything: ItemQuery = {
  queue: 'all',
  splits: ['train', 'validation', 'test'],
  sort: 'path',
  descending: false,
};
const [width, height] = [40, 30];
const golden = path.resolve('test/golden/values/dicom/own');

let folder: string;
let root: string;
let engine: ForkedEngine;

/** A disc or a ring of 12 bit, somewhere else for each number. */
function drawn(n: number, ring: boolean): Buffer {
  const samples = new Uint16Array(width * height);
  for (let i = 0; i < samples.length; i++) {
    const radius = Math.hypot((i % width) - 15 - (n % 5), Math.floor(i / width) - 12 - (n % 3));
    samples[i] = (ring ? radius > 5 && radius < 9 : radius < 8) ? 2500 + 20 * n : 300 + (i % 7);
  }
  return Buffer.from(samples.buffer);
}

beforeAll(async () => {
  folder = await fs.mkdtemp(path.join(os.tmpdir(), 'overread-dicom-project-'));
  root = path.join(folder, 'project');
  await fs.mkdir(path.join(folder, 'scans'));
  const rows = ['file,finding'];
  const one = { width, height, bitsAllocated: 16, bitsStored: 12 } as const;
  for (let n = 0; n < 24; n++) {
    const ring = n % 2 === 1;
    await fs.writeFile(
      path.join(folder, 'scans', `s${n}.dcm`),
      writeDicom({ ...one, pixels: drawn(n, ring) }),
    );
    rows.push(`s${n}.dcm,${ring ? 'ring' : 'disc'}`);
  }
  const frames = writeDicom({
    ...one,
    frames: 3,
    pixels: Buffer.concat([0, 1, 2].map((n) => drawn(n, n === 1))),
  });
  await fs.writeFile(path.join(folder, 'scans', 'frames.dcm'), frames);
  rows.push('frames.dcm#1,disc', 'frames.dcm#2,ring', 'frames.dcm#3,disc');
  await fs.copyFile(path.join(golden, 'j2k-12.dcm'), path.join(folder, 'scans', 'j2k.dcm'));
  rows.push('j2k.dcm,disc');
  const localiser = writeDicom({
    ...one,
    pixels: drawn(1, false),
    more: [{ tag: '00080008', vr: 'CS', value: 'ORIGINAL\\PRIMARY\\LOCALIZER' }],
  });
  await fs.writeFile(path.join(folder, 'scans', 'scout.dcm'), localiser);
  rows.push('scout.dcm,disc');
  await fs.writeFile(path.join(folder, 'labels.csv'), `${rows.join('\n')}\n`);
  engine = forkEngine(() => undefined);
});
afterAll(async () => {
  await engine.kill();
  await fs.rm(folder, { recursive: true, force: true });
});

it('goes from init to a run and a corrected label', async () => {
  await commandJson(['init', root, '--csv', path.join(folder, 'labels.csv'), '--yes']);
  const run = await commandJson<{ images?: unknown }>(['finetune', root, ...quickModel]);
  expect(run).toBeTruthy();
  const told = await runCommand(['finetune', root, ...quickModel]);
  // The localiser is left out and counted; the frames are there.
  expect(told.stdout + told.stderr).toMatch(/1 .*OVR305|OVR305.*1 /);
  expect(told.stdout + told.stderr).toContain('28 images');
  await commandJson(['label', root, 'frames.dcm#2', 'disc', '--annotator', 'A. Reader']);
});

it('shows thumbnails, values with their levels and heat maps in the editor', async () => {
  await engine.rpc.call('openProject', root);
  const { list, total } = await engine.rpc.call('query', root, everything);
  const items = await engine.rpc.call('items', list, 0, total);
  const names = ['frames.dcm#2', 'j2k.dcm', 's3.dcm'];
  for (const name of names) {
    const item = items.find(({ sample }) => sample === name);
    expect(item?.sample).toBe(name);
    const [thumbnail] = await engine.rpc.call('thumbnails', root, [name]);
    expect(thumbnail).toHaveProperty('file');
    const pixels = await engine.rpc.call('pixels', root, name);
    expect(pixels).toMatchObject({ channels: 1, bits: 16 });
    expect(pixels.levels).toMatchObject({ most: 4095, slope: 1, intercept: 0 });
  }
  const frame = await engine.rpc.call('pixels', root, 'frames.dcm#2');
  expect(new Uint16Array(frame.data)).toEqual(new Uint16Array(new Uint8Array(drawn(1, true)).buffer));
  const maps = await engine.rpc.call('heatmaps', root, names, 'ring');
  expect(maps.length).toBe(names.length);
  const [scout] = await engine.rpc.call('thumbnails', root, ['scout.dcm']);
  expect(scout).toMatchObject({ error: expect.stringContaining('localiser') as string });
});
