/** JPEG on the calling thread: the bits of libvips, and never an image where libvips finds a fault. */
import * as fs from 'node:fs/promises';
import * as path from 'node:path';
import sharp, { type JpegOptions } from 'sharp';
import { describe, expect, it } from 'vitest';
import { sha256 } from '../../../src/core/base/files';
import { SplitMix32 } from '../../../src/core/base/random';
import { useDecoded } from '../../../src/core/images/decode';
import { JpegDecoder } from '../../../src/core/images/jpegDecoder';
import { plainJpeg } from '../../../src/core/images/jpegHeader';
import { randomCases } from '../../support/randomCases';

const golden = path.join(import.meta.dirname, '../../golden/values/images');
const names = ['colour.jpg', 'colour444.jpg', 'grey.jpg', 'wide.jpg', 'turned.jpg', 'cmyk.jpg'];

/** What becomes of the bytes: the image, or the code of its fault. */
async function outcome(bytes: Uint8Array, jpeg?: JpegDecoder): Promise<object> {
  const describe = ({ data, ...rest }: { data: Uint8Array | Uint16Array }) =>
    Promise.resolve({ ...rest, data: sha256(new Uint8Array(data)) });
  try {
    return await useDecoded(bytes, 'image.jpg', describe, jpeg ? { jpeg } : {});
  } catch (error) {
    return { code: (error as { code?: string }).code };
  }
}

/** Noise and waves, as JPEG of these options. */
function drawn(channels: 1 | 3, options: JpegOptions): Promise<Buffer> {
  const random = new SplitMix32(9);
  const [width, height] = [123, 77];
  const data = Uint8Array.from({ length: channels * width * height }, (_, i) => random.below(90) + (i % 97));
  const image = sharp(data, { raw: { width, height, channels } });
  return (channels === 1 ? image.toColourspace('b-w') : image).jpeg(options).toBuffer();
}

describe('JpegDecoder', () => {
  it('gives the bits of libvips, of every golden file and of all ways to write one', async () => {
    const jpeg = new JpegDecoder();
    const files: Buffer[] = await Promise.all(names.map((name) => fs.readFile(path.join(golden, name))));
    for (const channels of [1, 3] as const) {
      for (const chromaSubsampling of ['4:4:4', '4:2:0']) {
        for (const [quality, progressive] of [
          [30, false],
          [95, false],
          [80, true],
        ] as const) {
          files.push(await drawn(channels, { quality, progressive, chromaSubsampling }));
        }
      }
    }
    let here = 0;
    for (const file of files) {
      await jpeg.open();
      if (jpeg.decode(file)) here++;
      expect(await outcome(file, jpeg)).toEqual(await outcome(file));
    }
    // All but the turned one and that of four inks.
    expect(here).toBe(files.length - 2);
  });

  it('accepts nothing that libvips refuses: cut off and damaged files', async () => {
    const jpeg = new JpegDecoder();
    const random = new SplitMix32(3);
    const files = [await drawn(1, {}), await drawn(3, {}), await drawn(3, { progressive: true })];
    let refused = 0;
    const rounds = randomCases(90, 300);
    for (let round = 0; round < rounds; round++) {
      const whole = files[round % files.length]!;
      const length = round % 2 === 0 ? 20 + random.below(whole.length - 20) : whole.length;
      const bytes = Buffer.from(whole.subarray(0, length));
      if (round % 4 > 0) bytes[random.below(bytes.length)] = random.below(256);
      const expected = await outcome(bytes);
      const found = await outcome(bytes, jpeg);
      if (!('code' in expected)) continue;
      refused++;
      expect(found, `round ${round}`).toEqual(expected);
    }
    expect(refused).toBeGreaterThan(rounds / 3);
  });
});

describe('plainJpeg', () => {
  it('reads the size, and leaves to others what turns or recolours', async () => {
    expect(plainJpeg(await drawn(1, {}))).toEqual({ width: 123, height: 77, channels: 1 });
    expect(plainJpeg(await drawn(3, { progressive: true }))).toEqual({ width: 123, height: 77, channels: 3 });
    for (const name of ['turned.jpg', 'cmyk.jpg', 'grey.png']) {
      expect(plainJpeg(await fs.readFile(path.join(golden, name)))).toBeUndefined();
    }
    expect(plainJpeg(Uint8Array.of(0xff, 0xd8, 0xff, 0xe0, 0, 0))).toBeUndefined();
  });

  it('ends, whatever the lengths of its segments say', () => {
    const endless = new Uint8Array(1000).fill(0);
    for (let at = 2; at < 1000; at += 2) endless.set([0xff, 0xe0], at);
    endless.set([0xff, 0xd8]);
    endless.set([0xff, 0xe0, 0, 0], 2);
    expect(plainJpeg(endless)).toBeUndefined();
  });
});
