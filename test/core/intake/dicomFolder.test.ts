import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findClassImages } from '../../../src/core/intake/classFolders';
import { writeDicom, type ElementValue } from '../../support/dicomFile';

const pixels = new Uint8Array(16).fill(90);
const image = (...more: ElementValue[]) => writeDicom({ width: 4, height: 4, pixels, more });
const report = image().subarray(0, image().indexOf(Buffer.from([0xe0, 0x7f])));

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'overread-dicom-'));
  await mkdir(path.join(folder, 'ill'));
  await mkdir(path.join(folder, 'well'));
  const files: Record<string, Uint8Array> = {
    'ill/a.dcm': image(),
    'ill/IM0001': image(),
    'well/1.2.840.113619.7': image(),
    'well/b.DCM': image(),
    'well/README': Buffer.from('nothing to see'),
    'ill/report.dcm': report,
    'ill/scout.dcm': image({ tag: '00080008', vr: 'CS', value: 'ORIGINAL\\PRIMARY\\LOCALIZER' }),
    'well/raw.dcm': image({ tag: '00080068', vr: 'CS', value: 'FOR PROCESSING' }),
    'well/raw2.dcm': image({ tag: '00080068', vr: 'CS', value: 'FOR PROCESSING' }),
    DICOMDIR: image(),
  };
  for (const [name, bytes] of Object.entries(files)) await writeFile(path.join(folder, name), bytes);
});
afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
});

describe('a folder of DICOM files', () => {
  it('gives one image for a file with several frames, or all of them when they are asked for', async () => {
    const file = path.join(folder, 'ill', 'c.dcm');
    await writeFile(file, writeDicom({ width: 2, height: 1, frames: 3, pixels: new Uint8Array(6) }));
    const paths = async (frames?: 'one' | 'all') =>
      (await findClassImages(folder, frames ? { frames } : {})).images
        .map((found) => found.path)
        .filter((name) => name.includes('c.dcm'));
    expect(await paths()).toEqual(['ill/c.dcm']);
    expect(await paths('all')).toEqual(['ill/c.dcm#1', 'ill/c.dcm#2', 'ill/c.dcm#3']);
    await rm(file);
  });

  it('gives those that hold an image, with and without an ending, and counts the others by their kind', async () => {
    const { images, problems } = await findClassImages(folder);
    expect(images.map((found) => found.path)).toEqual([
      'ill/a.dcm',
      'ill/IM0001',
      'well/1.2.840.113619.7',
      'well/b.DCM',
    ]);
    expect(problems.filter(({ code }) => code === 'OVR306').map(({ message }) => message)).toEqual([
      '2 DICOM files hold no image to be read and are left out (it is an image FOR PROCESSING), such as well/raw.dcm',
      '1 DICOM file holds no image to be read and is left out (it has no pixel data), such as ill/report.dcm',
      '1 DICOM file holds no image to be read and is left out (it is a localiser), such as ill/scout.dcm',
    ]);
  });
});
