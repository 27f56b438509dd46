/** What a check says of real films: odd ones that were put among them are found, and few others. */
import { existsSync } from 'node:fs';
import * as fs from 'node:fs/promises';
import * as os from 'node:os';
import * as path from 'node:path';
import sharp, { type Sharp } from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { pictureFaults, type PictureFault } from '../../../src/core/checks/pictures/pictureFaults';
import { sketchOf, type Sketch } from '../../../src/core/checks/pictures/sketch';
import { decodeImage } from '../../../src/core/images/decode';
import { checksOf } from '../../support/checkedSets';
import { withoutXrays, xrayProject } from '../../support/xrays';

const data = path.resolve(import.meta.dirname, '../../../../shared/data');
const missing = existsSync(path.join(data, 'cxr', 'samples.csv')) ? null : 'no images at ../shared/data';
if (missing !== null) console.warn(`Real pictures are not looked at: ${missing}.`);

async function sketches(set: string): Promise<{ readonly files: string[]; readonly all: Sketch[] }> {
  const [, ...lines] = (await fs.readFile(path.join(data, set, 'samples.csv'), 'utf8')).trim().split('\n');
  const files = lines.map((line) => path.join(data, set, line.slice(0, line.indexOf('.jpg') + 4)));
  const all: Sketch[] = [];
  for (const file of files) all.push(sketchOf(await decodeImage(file)));
  return { files, all };
}

type Change = (picture: Sharp, width: number, height: number) => Sharp;

/** What goes wrong on the way to a data set. */
const changes: Readonly<Record<string, readonly [PictureFault['kind'], Change]>> = {
  inverted: ['inverted', (picture) => picture.negate({ alpha: false })],
  blank: ['blank', (picture) => picture.linear(0, 90)],
  faint: ['low-contrast', (picture) => picture.linear(0.1, 100)],
  'half of it': [
    'cropped',
    (picture, width, height) => picture.extract({ left: 0, top: 0, width: Math.floor(width / 2.2), height }),
  ],
  'a strip': [
    'cropped',
    (picture, width, height) =>
      picture
        .extract({ left: 0, top: 0, width, height: Math.floor(0.7 * height) })
        .extend({ bottom: Math.ceil(0.3 * height), background: '#000' }),
  ],
  small: ['tiny', (picture) => picture.resize(28)],
};

async function changed(file: string, change: Change): Promise<Sketch> {
  const { width, height } = await sharp(file).metadata();
  const { data: pixels, info } = await change(sharp(file).toColourspace('b-w'), width, height)
    .toColourspace('b-w')
    .raw()
    .toBuffer({ resolveWithObject: true });
  const channels = info.channels === 1 ? 1 : 3;
  return sketchOf({ width: info.width, height: info.height, channels, bits: 8, data: pixels });
}

describe.skipIf(missing !== null)('pictures of real sets', { timeout: 240_000 }, () => {
  it.each([
    ['cxr', 2, 0.85],
    ['busi', 8, 0.85],
  ])('%s: at most %i as they are, and of spoiled ones nearly all', async (set, most, least) => {
    const { files, all } = await sketches(set);
    const alarms = pictureFaults(all);
    expect(alarms.length).toBeLessThanOrEqual(most);
    expect(alarms.filter(({ kind }) => kind !== 'cropped').length).toBeLessThanOrEqual(1);
    for (const [name, [kind, change]] of Object.entries(changes)) {
      // A fortieth of the images, so that what is usual stays so.
      const places = files.map((_, i) => i).filter((i) => i % 40 === 7);
      const spoiled = [...all];
      for (const i of places) spoiled[i] = await changed(files[i] ?? '', change);
      const found = pictureFaults(spoiled).filter(
        (fault) => fault.kind === kind && places.includes(fault.image),
      );
      expect([name, found.length / places.length >= least]).toEqual([name, true]);
    }
  });
});

const without = missing ?? (await withoutXrays());
if (without !== null) console.warn(`Films are not looked at by features: ${without}.`);

describe.skipIf(without !== null)('ultrasound among chest films', { timeout: 600_000 }, () => {
  let folder: string;
  beforeAll(async () => {
    folder = await fs.mkdtemp(path.join(os.tmpdir(), 'overread-apart-'));
  });
  afterAll(() => fs.rm(folder, { recursive: true, force: true }));

  it('is found as one group that lies apart, a dozen of 702; the features pass the self-test', async () => {
    const films = await xrayProject();
    try {
      const table = path.join(folder, 'data', 'samples.csv');
      await fs.mkdir(path.join(folder, 'data'));
      await fs.cp(path.join(data, 'cxr', 'images'), path.join(folder, 'data', 'images'), { recursive: true });
      const [header = '', ...rows] = (await fs.readFile(path.join(data, 'cxr', 'samples.csv'), 'utf8'))
        .trim()
        .split('\n');
      const rest = header.split(',').length - 3;
      const odd: string[] = [];
      const ultrasound = (await fs.readFile(path.join(data, 'busi', 'samples.csv'), 'utf8'))
        .trim()
        .split('\n')
        .slice(1);
      for (let k = 0; k < 12; k++) {
        const [from = ''] = (ultrasound[17 + 61 * k] ?? '').split(',');
        const name = `images/odd${k}.jpg`;
        await fs.copyFile(path.join(data, 'busi', from), path.join(folder, 'data', name));
        odd.push(name);
        rows.push(`${name},Pneumonia,odd${k}${','.repeat(rest)}`);
      }
      await fs.writeFile(table, `${[header, ...rows].join('\n')}\n`);
      const checks = await checksOf(path.join(folder, 'study'), table, 'apart', films.root);
      const apart = checks.filter(({ code }) => code === 'OVR315');
      expect(apart.find(({ samples }) => samples.includes('images/odd0.jpg'))).toMatchObject({
        kind: 'off-topic',
        samples: odd,
      });
      const others = apart.flatMap(({ samples }) => samples).filter((sample) => !odd.includes(sample));
      expect(others.length).toBeLessThanOrEqual(4);
      expect(checks.filter(({ code }) => code === 'OVR320')).toEqual([]);
    } finally {
      await films.remove();
    }
  });
});
