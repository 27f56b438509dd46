/** Small files of every kind that people have, against what Pillow and tifffile read of them (test/golden/formats.py). */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { OverreadError } from '../../../src/core/base/errors';
import { decodeImage, useDecoded } from '../../../src/core/images/decode';
import type { DecodedImage } from '../../../src/core/images/model';
import { readPixels } from '../../../src/core/images/pixels';
import { drawThumbnail } from '../../../src/core/images/thumbnail';
import sharp from 'sharp';
import { randomCases } from '../../support/randomCases';

interface Case {
  readonly name: string;
  readonly bytes: string;
  readonly width: number;
  readonly height: number;
  readonly channels: 1 | 3;
  readonly bits: 8 | 16;
  readonly pixels: string;
  readonly tolerance: number;
}

const file = path.resolve(import.meta.dirname, '../../golden/values/formats.json');
const { cases, refused } = JSON.parse(readFileSync(file, 'utf8')) as {
  readonly cases: readonly Case[];
  readonly refused: Readonly<Record<string, string>>;
};

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'overread-golden-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** Three values for each pixel. */
function asColours({ channels, data }: Pick<DecodedImage, 'channels' | 'data'>): number[] {
  return channels === 3 ? [...data] : [...data].flatMap((level) => [level, level, level]);
}

function expectedColours({ pixels, bits, channels }: Case): number[] {
  const bytes = Buffer.from(pixels, 'base64');
  const data =
    bits === 16
      ? new Uint16Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length))
      : bytes;
  return asColours({ channels, data });
}

describe.each(cases)('$name', (one) => {
  it('has the pixels, the size for viewing and a thumbnail', async () => {
    const [name = '', page] = one.name.split('#');
    const stored = path.join(folder, name);
    const bytes = Buffer.from(one.bytes, 'base64');
    await writeFile(stored, bytes);
    const reference = page === undefined ? stored : `${stored}#${page}`;
    const image = await decodeImage(reference);
    expect([image.width, image.height, image.bits]).toEqual([one.width, one.height, one.bits]);
    const expected = expectedColours(one);
    const off = asColours(image).map((value, i) => Math.abs(value - (expected[i] ?? -1)));
    expect(Math.max(...off)).toBeLessThanOrEqual(one.tolerance);
    const view = await readPixels(reference);
    expect([view.width, view.height]).toEqual([one.width, one.height]);
    const thumbnail = await sharp(await drawThumbnail(bytes, reference)).metadata();
    expect([thumbnail.width, thumbnail.height]).toEqual([one.width, one.height]);
  });
});

describe('is refused in one sentence', () => {
  it.each([
    ['double.tif', 'OVR301', /^The TIFF image cannot be decoded/],
    ['pages.tif', 'OVR301', /^The TIFF file has 3 pages, and which of them is the image is not said$/],
    ['short palette.bmp', 'OVR301', /^The BMP image cannot be decoded \(it ends /],
    ['16 bit of run lengths.bmp', 'OVR301', /16 bit do not go with run lengths 8/],
    ['few run lengths.bmp', 'OVR301', /too few for 10000 × 9000 pixels/],
    ['huge run lengths.bmp', 'OVR302', /100000 × 100000 pixels/],
  ])('%s', async (name, code, message) => {
    const stored = path.join(folder, name);
    await writeFile(stored, Buffer.from(refused[name] ?? '', 'base64'));
    await expect(decodeImage(stored)).rejects.toMatchObject({
      code,
      message: expect.stringMatching(message) as string,
    });
  });
});

/** Numbers from 0 up to a limit, drawn by a seed: the same mutations every time (mulberry32). */
function drawnNumbers(seed: number): (limit: number) => number {
  let state = seed;
  return (limit) => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) % limit;
  };
}

it('mutated bitmaps, anymaps and TIFF files are pixels or one clear error', async () => {
  const draw = drawnNumbers(11);
  for (const { name, bytes } of cases.filter((one) => /\.bmp|\.p.m|\.tif/.test(one.name))) {
    for (let k = 0; k < randomCases(3, 12); k++) {
      const mutated = Buffer.from(bytes, 'base64');
      for (let flips = 1 + draw(4); flips > 0; flips--) mutated[2 + draw(mutated.length - 2)] = draw(256);
      const outcome = await useDecoded(mutated, name, () => Promise.resolve(undefined)).catch(
        (error: unknown) => error,
      );
      if (outcome !== undefined) expect(outcome, name).toBeInstanceOf(OverreadError);
    }
  }
});
