import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import * as path from 'node:path';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { decodeImage } from '../../../src/core/images/decode';
import { placeImage } from '../../../src/core/images/geometry';
import type { DecodedImage, Preprocessing } from '../../../src/core/images/model';
import { preprocess } from '../../../src/core/images/preprocess';

const golden = path.join(import.meta.dirname, '../../golden/values/images');
const real = path.join(import.meta.dirname, '../../../../shared/data/cxr/images');

interface Manifest {
  readonly mean: [number, number, number];
  readonly std: [number, number, number];
  readonly preprocessing: Readonly<Record<string, Omit<Preprocessing, 'channels' | 'mean' | 'std'>>>;
  readonly decodedSha256: Readonly<Record<string, string>>;
  readonly cases: readonly {
    readonly image: string;
    readonly preprocessing: string;
    readonly kind: 'exact' | 'lossy' | 'colour jpeg';
    readonly channels: 1 | 3;
    readonly offset: number | null;
    readonly tensorSha256: string;
  }[];
  readonly realStatistics: Readonly<Record<string, readonly number[]>> | null;
}

const manifest = JSON.parse(readFileSync(path.join(golden, 'manifest.json'), 'utf8')) as Manifest;
const levels = gunzipSync(readFileSync(path.join(golden, 'levels.bin.gz')));

function settings(name: string): Preprocessing {
  return { ...manifest.preprocessing[name]!, channels: 3, mean: manifest.mean, std: manifest.std };
}

function sha256(data: Uint8Array | Float32Array): string {
  return createHash('sha256').update(data).digest('hex');
}

/** The grey level, 0 to 255, of each number of a normalised tensor. */
function greyLevels(tensor: Float32Array): Float64Array {
  const area = tensor.length / 3;
  return Float64Array.from(tensor, (value, i) => {
    const channel = Math.floor(i / area);
    return (value * manifest.std[channel]! + manifest.mean[channel]!) * 255;
  });
}

describe('preprocess equals timm on PIL', () => {
  it.each(manifest.cases)('$image as $preprocessing', async (example) => {
    const tensor = preprocess(
      await decodeImage(path.join(golden, example.image)),
      settings(example.preprocessing),
    );
    if (example.offset === null) {
      expect(sha256(tensor)).toBe(example.tensorSha256);
      return;
    }
    const area = tensor.length / 3;
    let worst = 0;
    greyLevels(tensor).forEach((level, i) => {
      const pixel = i % area;
      const at = example.channels === 1 ? pixel : pixel * 3 + Math.floor(i / area);
      worst = Math.max(worst, Math.abs(level - levels[example.offset! + at]!));
    });
    // A decoder of another processor may round a coefficient the other way; here they agree to the bit.
    expect(worst).toBeLessThan(example.kind === 'colour jpeg' ? 2.01 : 1.01);
  });

  it('writes into a slot of a batch', async () => {
    const image = await decodeImage(path.join(golden, 'tiny.png'));
    const alone = preprocess(image, settings('full'));
    const batch = new Float32Array(3 * alone.length);
    preprocess(image, settings('full'), batch.subarray(alone.length, 2 * alone.length));
    expect(batch.subarray(alone.length, 2 * alone.length)).toEqual(alone);
    expect(batch.subarray(0, alone.length).every((value) => value === 0)).toBe(true);
  });

  it('gives grey stored as RGB the same numbers as grey', async () => {
    const grey = await decodeImage(path.join(golden, 'grey.png'));
    const rgb: DecodedImage = {
      ...grey,
      channels: 3,
      data: Uint8Array.from({ length: grey.data.length * 3 }, (_, i) => grey.data[Math.floor(i / 3)]!),
    };
    expect(preprocess(rgb, settings('timm'))).toEqual(preprocess(grey, settings('timm')));
  });

  it.skipIf(!existsSync(real) || manifest.realStatistics === null)(
    'has the statistics of real radiographs',
    async () => {
      for (const [name, expected] of Object.entries(manifest.realStatistics ?? {})) {
        const tensor = preprocess(await decodeImage(path.join(real, name)), settings('imagenet'));
        const found = greyLevels(tensor)
          .subarray(0, 224 * 224)
          .map(Math.round);
        const mean = (values: ArrayLike<number>) =>
          Array.from(values).reduce((sum, value) => sum + value, 0) / values.length;
        const all = mean(found);
        const spread = Math.sqrt(mean(found.map((level) => (level - all) ** 2)));
        const quarter = (top: number, left: number) =>
          mean(
            found.filter((_, i) => Math.floor(i / 224 / 112) === top && Math.floor((i % 224) / 112) === left),
          );
        const statistics = [
          all,
          spread,
          Math.min(...found),
          Math.max(...found),
          quarter(0, 0),
          quarter(0, 1),
          quarter(1, 0),
          quarter(1, 1),
        ];
        // The stored numbers come from three equal channels, the standard deviation too.
        statistics.forEach((value, i) => expect(Math.abs(value - expected[i]!)).toBeLessThan(0.05));
      }
    },
  );
});

describe('decodeImage equals PIL', () => {
  const exact = Object.entries(manifest.decodedSha256).filter(([name]) => !/jpg$|lossy|deep/.test(name));

  it.each(exact)('%s', async (name, expected) => {
    const { data, channels, bits } = await decodeImage(path.join(golden, name));
    expect(bits).toBe(8);
    const rgb =
      channels === 3
        ? data
        : Uint8Array.from({ length: data.length * 3 }, (_, i) => data[Math.floor(i / 3)]!);
    expect(sha256(Uint8Array.from(rgb))).toBe(expected);
  });

  it('keeps grey at one channel and 16 bit at 16', async () => {
    const grey = await decodeImage(path.join(golden, 'greyAlpha.png'));
    expect(grey).toMatchObject({ width: 64, height: 50, channels: 1, bits: 8 });
    const deep = await decodeImage(path.join(golden, 'deep12.png'));
    expect(deep).toMatchObject({ width: 90, height: 70, channels: 1, bits: 16 });
    expect(Math.max(...deep.data)).toBe(4095);
  });

  it('applies the EXIF orientation', async () => {
    expect(await decodeImage(path.join(golden, 'turned.jpg'))).toMatchObject({ width: 60, height: 100 });
  });
});

describe('placeImage', () => {
  const timm = { size: 224, cropPct: 0.875, crop: 'timm' as const, channels: 3 as const };

  it('truncates the longer side and rounds the crop half to even', () => {
    // 256 * 301 / 230 = 335.03; (335 - 224) / 2 = 55.5, to 56; (256 - 224) / 2 = 16.
    expect(placeImage(301, 230, timm)).toEqual({
      width: 335,
      height: 256,
      columns: { start: 56, length: 224 },
      rows: { start: 16, length: 224 },
      left: 0,
      top: 0,
    });
    // (257 - 224) / 2 = 16.5, to 16.
    expect(placeImage(257, 256, timm).columns.start).toBe(16);
  });

  it('never makes the image that a very long one would be resized to', () => {
    const strip: DecodedImage = {
      width: 200_000,
      height: 1,
      channels: 1,
      bits: 8,
      data: new Uint8Array(200_000).fill(7),
    };
    const tensor = preprocess(strip, { ...timm, interpolation: 'bicubic', mean: [0, 0, 0], std: [1, 1, 1] });
    expect(tensor.every((value) => Math.abs(value - 7 / 255) < 1e-7)).toBe(true);
  });
});
