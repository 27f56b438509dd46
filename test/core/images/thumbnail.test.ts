import { mkdtemp, readFile, readdir, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import sharp from 'sharp';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { sha256 } from '../../../src/core/base/files';
import { ContentHashes } from '../../../src/core/images/contentHashes';
import { readPixels } from '../../../src/core/images/pixels';
import { drawThumbnail, Thumbnails } from '../../../src/core/images/thumbnail';
import { percentileWindow } from '../../../src/core/images/window';

const golden = path.join(import.meta.dirname, '../../golden/values/images');
let root: string;
const cacheFolder = () => path.join(root, '.user-cache');

beforeEach(async () => {
  root = await mkdtemp(path.join(tmpdir(), 'overread-thumbnails-'));
});

afterEach(async () => {
  await rm(root, { recursive: true, force: true });
});

/** A 16-bit grey PNG: a ramp of 12 bit and one white pixel at full range. */
async function deepImage(): Promise<string> {
  const data = Uint16Array.from({ length: 600 * 400 }, (_, i) => (i % 600) * 6);
  data[0] = 65535;
  const file = path.join(root, 'deep.png');
  await sharp(data, { raw: { width: 600, height: 400, channels: 1 } })
    .toColourspace('grey16')
    .png()
    .toFile(file);
  return file;
}

describe('Thumbnails', () => {
  it('makes a file named by content, once, and finds it again', async () => {
    const thumbnails = new Thumbnails(cacheFolder(), await ContentHashes.open(root, cacheFolder()));
    const image = path.join(golden, 'grey.png');
    const [first, second] = await Promise.all([
      thumbnails.makeThumbnail(image),
      thumbnails.makeThumbnail(image),
    ]);
    expect(second).toBe(first);
    const hash = sha256(await readFile(image));
    expect(first).toBe(path.join(cacheFolder(), 'thumbnails', hash.slice(0, 2), `${hash}-256.webp`));
    expect(await sharp(first).metadata()).toMatchObject({ format: 'webp', width: 256, height: 196 });
    const before = await stat(first);
    const again = new Thumbnails(cacheFolder(), await ContentHashes.open(root, cacheFolder()));
    expect(await again.makeThumbnail(image)).toBe(first);
    expect((await stat(first)).mtimeMs).toBe(before.mtimeMs);
  });

  it('makes many with few at once, and leaves nothing half made', async () => {
    const names = (await readdir(golden)).filter((name) => /\.(png|jpg|tif|webp)$/.test(name));
    const thumbnails = new Thumbnails(cacheFolder(), await ContentHashes.open(root, cacheFolder()), {
      atOnce: 2,
    });
    const made = await Promise.all(names.map((name) => thumbnails.makeThumbnail(path.join(golden, name))));
    expect(new Set(made).size).toBe(names.length);
    const all = await readdir(path.join(cacheFolder(), 'thumbnails'), { recursive: true });
    expect(all.filter((name) => name.endsWith('.tmp'))).toEqual([]);
  });

  it('rejects for what is no image, and tries again when asked again', async () => {
    const thumbnails = new Thumbnails(cacheFolder(), await ContentHashes.open(root, cacheFolder()), {
      atOnce: 1,
    });
    const file = path.join(root, 'a.png');
    await expect(thumbnails.makeThumbnail(file)).rejects.toMatchObject({ code: 'OVR300' });
    await writeFile(file, 'text');
    await expect(thumbnails.makeThumbnail(file)).rejects.toMatchObject({ code: 'OVR301' });
    await writeFile(file, await readFile(path.join(golden, 'grey.png')));
    await utimes(file, 1, 1);
    expect(await thumbnails.makeThumbnail(file)).toMatch(/webp$/);
  });
});

describe('drawThumbnail', () => {
  it('is upright and never enlarged', async () => {
    const file = path.join(golden, 'turned.jpg');
    const drawn = await drawThumbnail(await readFile(file), file);
    expect(await sharp(drawn).metadata()).toMatchObject({ width: 60, height: 100 });
  });

  it('windows 16 bit so that the ramp is seen in spite of one white pixel', async () => {
    const file = await deepImage();
    const { data, info } = await sharp(await drawThumbnail(await readFile(file), file))
      .raw()
      .toBuffer({ resolveWithObject: true });
    const row = Math.floor(info.height / 2) * info.width * info.channels;
    expect(data[row]).toBeLessThan(10);
    expect(data[row + (info.width - 1) * info.channels]).toBeGreaterThan(245);
  });
});

describe('percentileWindow', () => {
  it('leaves half a percent on either side', () => {
    const samples = Uint16Array.from({ length: 10_000 }, (_, i) => i);
    const { low, high } = percentileWindow(samples);
    expect([low, high]).toEqual([50, 9949]);
    expect(percentileWindow(Uint16Array.of(5, 5, 5))).toEqual({ low: 5, high: 5 });
  });
});

describe('readPixels', () => {
  it('gives grey of 16 bit as stored', async () => {
    const pixels = await readPixels(await deepImage());
    expect(pixels).toMatchObject({ width: 600, height: 400, channels: 1, bits: 16 });
    const data = new Uint16Array(pixels.data);
    expect(data).toHaveLength(240_000);
    expect([data[0], data[1], data[599]]).toEqual([65535, 6, 3594]);
  });

  it('gives colour as 8-bit RGB', async () => {
    const pixels = await readPixels(path.join(golden, 'palette.png'));
    expect(pixels).toMatchObject({ width: 60, height: 70, channels: 3, bits: 8 });
    expect(pixels.data.byteLength).toBe(60 * 70 * 3);
  });

  it('shrinks what is too large, at its own depth', async () => {
    const pixels = await readPixels(await deepImage(), 300);
    expect(pixels).toMatchObject({ width: 300, height: 200, channels: 1, bits: 16 });
    const data = new Uint16Array(pixels.data);
    expect(Math.abs(data[100 * 300 + 150]! - 1800)).toBeLessThan(10);
  });
});
