/** Each format of the table, by the same picture: one row is all that a format needs. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { decodeImage } from '../../../src/core/images/decode';
import { formatNames, imageFormat, imageFormats } from '../../../src/core/images/format';
import { drawThumbnail } from '../../../src/core/images/thumbnail';
import { isImageName } from '../../../src/core/images/imageNames';
import { writeDicom } from '../../support/dicomFile';

const [width, height] = [40, 24];
/** Sixteen levels of grey in steps, so that a palette holds it without loss. */
const grey = Uint8Array.from(
  { length: width * height },
  (_, i) => 17 * ((i % width) >> 2) + (i < width ? 3 : 0),
);
const drawn = sharp(grey, { raw: { width, height, channels: 1 } });

const written: Readonly<Record<string, () => Promise<Buffer>>> = {
  JPEG: () => drawn.clone().jpeg({ quality: 100 }).toBuffer(),
  PNG: () => drawn.clone().png().toBuffer(),
  TIFF: () => drawn.clone().tiff({ compression: 'deflate' }).toBuffer(),
  WebP: () => drawn.clone().webp({ lossless: true }).toBuffer(),
  GIF: () => drawn.clone().gif({ dither: 0 }).toBuffer(),
  BMP: () => Promise.resolve(bitmap()),
  PGM: () => Promise.resolve(Buffer.concat([Buffer.from(`P5\n# drawn\n${width} ${height}\n255\n`), grey])),
  DICOM: () => Promise.resolve(writeDicom({ width, height, pixels: grey })),
};

/** A bitmap of 24 bit, from the bottom; forty pixels fill its rows up to four bytes. */
function bitmap(): Buffer {
  const header = Buffer.alloc(54);
  header.write('BM');
  header.writeUInt32LE(54, 10);
  header.writeUInt32LE(40, 14);
  header.writeInt32LE(width, 18);
  header.writeInt32LE(height, 22);
  header.writeUInt16LE(1, 26);
  header.writeUInt16LE(24, 28);
  const rows = Array.from({ length: height }, (_, y) => {
    const row = grey.subarray((height - 1 - y) * width, (height - y) * width);
    return Buffer.from([...row].flatMap((level) => [level, level, level]));
  });
  return Buffer.concat([header, ...rows]);
}

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'overread-formats-'));
});
afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
});

it('a DICOM file whose preamble is the header of a TIFF file is DICOM', () => {
  const bytes = writeDicom({ width, height, pixels: grey });
  bytes.write('II*\0', 0, 'latin1');
  expect(imageFormat(bytes)?.name).toBe('DICOM');
});

describe.each(imageFormats)('$name', ({ name, extensions }) => {
  it('is known by its bytes, whatever the file is called, and found by its extensions', async () => {
    const bytes = await written[name]!();
    expect(imageFormat(bytes)?.name).toBe(name);
    for (const extension of extensions) expect(isImageName(`x${extension.toUpperCase()}`)).toBe(true);
  });

  it('gives the pixels that were drawn', async () => {
    const file = path.join(folder, `${name}.bin`);
    await writeFile(file, await written[name]!());
    const image = await decodeImage(file);
    expect([image.width, image.height, image.bits]).toEqual([width, height, 8]);
    const allowed = name === 'JPEG' ? 2 : 0;
    const off = grey.findIndex(
      (level, i) => Math.abs((image.data[i * image.channels] ?? -99) - level) > allowed,
    );
    expect(off).toBe(-1);
  });

  it('has a thumbnail', async () => {
    const thumbnail = sharp(await drawThumbnail(await written[name]!(), `x${String(extensions[0])}`, 20));
    expect(await thumbnail.metadata()).toMatchObject({ width: 20, height: 12, format: 'webp' });
  });

  it('that ends too early is refused by its name', async () => {
    const bytes = await written[name]!();
    const file = path.join(folder, `short${String(extensions[0])}`);
    await writeFile(file, bytes.subarray(0, Math.floor(bytes.length * 0.6)));
    await expect(decodeImage(file)).rejects.toMatchObject({
      code: 'OVR301',
      message: expect.stringContaining(name) as string,
      expected:
        name === 'DICOM'
          ? 'a complete DICOM image in a transfer syntax that docs/dicom.md names'
          : `a complete ${formatNames} file of 8 or 16 bit`,
    });
  });
});

it('a GIF with transparent pixels is refused, since their colour is not known', async () => {
  const file = path.join(folder, 'clear.gif');
  const clear = Buffer.alloc(width * height * 4, 255);
  clear.fill(0, 0, 400);
  await writeFile(
    file,
    await sharp(clear, { raw: { width, height, channels: 4 } })
      .gif()
      .toBuffer(),
  );
  await expect(decodeImage(file)).rejects.toMatchObject({
    message: 'The GIF image cannot be decoded (it has transparent pixels)',
  });
});
