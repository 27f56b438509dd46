/** Which frame, which files, which words: what decides before any pixel is decoded. */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import { constants, deflateRawSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DicomPicture } from '../../../src/core/dicom/dicom';
import { readDicomHeader } from '../../../src/core/dicom/header';
import { dicomStart } from '../../../src/core/dicom/sniff';
import { decodeImage } from '../../../src/core/images/decode';
import { frameGroup, hashImage, splitFrame } from '../../../src/core/images/frameReference';
import { readPixels } from '../../../src/core/images/pixels';
import { drawThumbnail } from '../../../src/core/images/thumbnail';
import { writeDicom, type ElementValue } from '../../support/dicomFile';
import sharp from 'sharp';

const grey = (count: number) => Uint8Array.from({ length: count }, (_, i) => i % 256);
const text = (tag: string, vr: string, value: string): ElementValue => ({ tag, vr, value });

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'overread-dicom-files-'));
});
afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
});
async function saved(name: string, bytes: Uint8Array): Promise<string> {
  const file = path.join(folder, name);
  await writeFile(file, bytes);
  return file;
}

describe('what begins like DICOM', () => {
  const whole = writeDicom({ width: 4, height: 4, pixels: grey(16) });

  it('is known with and without preamble and file meta information', () => {
    expect(dicomStart(whole)).toBe('part 10');
    expect(dicomStart(whole.subarray(132))).toBe('file meta without preamble');
    const bare = whole.subarray(whole.indexOf(Buffer.from([8, 0, 0x16, 0])));
    expect(dicomStart(bare)).toBe('explicit little endian');
    expect(dicomStart(Buffer.from('a text that is long enough to be looked at'))).toBeUndefined();
  });

  it('is read alike, whatever it lacks', async () => {
    const bare = whole.subarray(whole.indexOf(Buffer.from([8, 0, 0x16, 0])));
    for (const bytes of [whole, whole.subarray(132), bare]) {
      expect([...(await DicomPicture.open(bytes).decode()).data]).toEqual([...grey(16)]);
    }
  });
});

describe('frames', () => {
  const frames = writeDicom({ width: 2, height: 1, frames: 5, pixels: grey(10) });

  it('of several the middle one is taken, the one that the file names, or the one that is asked for', async () => {
    const first = async (bytes: Uint8Array, frame?: number) =>
      (await DicomPicture.open(bytes, { frame }).decode()).data[0];
    expect(await first(frames)).toBe(4);
    expect(await first(frames, 1)).toBe(0);
    expect(await first(frames, 5)).toBe(8);
    const more = [{ tag: '00286010', vr: 'US', value: [2] }];
    expect(await first(writeDicom({ width: 2, height: 1, frames: 5, pixels: grey(10), more }))).toBe(2);
  });

  it('stand behind the name of a DICOM file and nowhere else', () => {
    expect(splitFrame('a/b.dcm#12')).toEqual({ file: 'a/b.dcm', frame: 12 });
    expect(splitFrame('a.b/IM0001#3')).toEqual({ file: 'a.b/IM0001', frame: 3 });
    expect(splitFrame('1.2.840.10008.7#1')).toEqual({ file: '1.2.840.10008.7', frame: 1 });
    for (const name of ['a.png#3', 'a.dcm#0', 'a.dcm#x', '#3', 'x#3.dcm']) {
      expect(splitFrame(name)).toEqual({ file: name, frame: undefined });
    }
  });

  it('of one file are one group, with contents of their own', () => {
    expect(frameGroup('a.dcm#1', 'id')).toBe('a.dcm');
    expect(frameGroup('a.dcm', 'id')).toBe('id');
    const hashes = ['a.dcm', 'a.dcm#1', 'a.dcm#2'].map((name) => hashImage(frames, name));
    expect(new Set(hashes).size).toBe(3);
  });
});

describe('as an image like any other', () => {
  it('names the transfer syntax that nothing decodes', async () => {
    const mpeg = writeDicom({
      width: 4,
      height: 4,
      pixels: [[grey(20)]],
      transferSyntax: '1.2.840.10008.1.2.4.100',
    });
    await expect(decodeImage(await saved('mpeg.dcm', mpeg))).rejects.toMatchObject({
      code: 'OVR301',
      message: expect.stringContaining('MPEG2 Main Profile, 1.2.840.10008.1.2.4.100') as string,
    });
  });

  it('asks a codestream for its size before a codec takes memory for it', async () => {
    const golden = path.resolve('test/golden/values/dicom/own');
    for (const name of ['j2k-12.dcm', 'jpegls-12.dcm', 'jpeg-8.dcm', 'htj2k-12.dcm']) {
      const bytes = await readFile(path.join(golden, name));
      const isJpeg = name.startsWith('jpeg');
      const marker = name === 'jpegls-12.dcm' ? 0xf7 : isJpeg ? 0xc0 : 0x51;
      const at = bytes.indexOf(Buffer.from([0xff, marker]));
      // 60,000 columns where the file says 66.
      if (isJpeg) bytes.writeUInt16BE(60_000, at + 7);
      else bytes.writeUInt32BE(60_000, at + 6);
      await expect(DicomPicture.open(bytes).decode()).rejects.toThrow('a frame is 60000 × 45 × 1');
    }
  });

  it('inflates no more than a file may have', { timeout: 120_000 }, async () => {
    const whole = writeDicom({
      width: 4,
      height: 4,
      pixels: grey(16),
      transferSyntax: '1.2.840.10008.1.2.1.99',
    });
    const start = whole.indexOf(Buffer.from([8, 0, 0x16, 0]));
    const deflated = (data: Uint8Array) => Buffer.concat([whole.subarray(0, start), deflateRawSync(data)]);
    const good = await saved('deflated.dcm', deflated(whole.subarray(start)));
    expect([...(await decodeImage(good)).data]).toEqual([...grey(16)]);
    // Pieces that can stand one behind the other, 513 MiB of zeros.
    const piece = (data: Uint8Array) => deflateRawSync(data, { finishFlush: constants.Z_FULL_FLUSH });
    const zeros = piece(Buffer.alloc(9 * 2 ** 20));
    const pieces = [
      piece(whole.subarray(start)),
      ...Array<Buffer>(57).fill(zeros),
      deflateRawSync(Buffer.alloc(0)),
    ];
    const bomb = Buffer.concat([whole.subarray(0, start), ...pieces]);
    expect(bomb.length).toBeLessThan(2 ** 20);
    await expect(decodeImage(await saved('bomb.dcm', bomb))).rejects.toMatchObject({
      code: 'OVR301',
      message: expect.stringContaining('cannot be inflated') as string,
    });
  });

  it('leaves out what holds no image to be read, with one code', async () => {
    const pictures = { width: 4, height: 4, pixels: grey(16) };
    const localiser = writeDicom({
      ...pictures,
      more: [text('00080008', 'CS', 'ORIGINAL\\PRIMARY\\LOCALIZER')],
    });
    const raw = writeDicom({ ...pictures, more: [text('00080068', 'CS', 'FOR PROCESSING')] });
    for (const bytes of [localiser, raw]) {
      const file = await saved('none.dcm', bytes);
      await expect(decodeImage(file)).rejects.toMatchObject({ code: 'OVR306' });
      expect((await decodeImage(file, { anyPurpose: true })).width).toBe(4);
    }
  });

  it('gives the viewer its values with the windows of the file, and its real values', async () => {
    const values = Int16Array.of(-1000, 0, 40, 1000);
    const more = [
      text('00281050', 'DS', '40\\-600'),
      text('00281051', 'DS', '400\\1500'),
      text('00281055', 'LO', 'SOFT TISSUE\\LUNG'),
      text('00281052', 'DS', '-24'),
      text('00281053', 'DS', '2'),
      text('00280030', 'DS', '2\\1'),
    ];
    const bytes = writeDicom({
      width: 4,
      height: 1,
      bitsAllocated: 16,
      bitsStored: 12,
      signed: true,
      pixels: new Uint8Array(values.buffer),
      more,
    });
    const { bits, data, levels, aspect } = await readPixels(await saved('ct.dcm', bytes));
    expect([bits, aspect, levels?.most]).toEqual([16, 2, 4095]);
    const { slope = 0, intercept = 0, windows = [] } = levels ?? {};
    expect([...new Uint16Array(data)].map((sample) => slope * sample + intercept)).toEqual([
      -2024, -24, 56, 1976,
    ]);
    expect(windows.map(({ name, written }) => [name, written?.center, written?.width])).toEqual([
      ['SOFT TISSUE', 40, 400],
      ['LUNG', -600, 1500],
    ]);
    const tile = await sharp(await drawThumbnail(bytes, 'ct.dcm')).metadata();
    expect([tile.width, tile.height]).toEqual([4, 2]);
  });

  it('full range is from the lowest to the highest value of the stored bits', async () => {
    const values = Uint16Array.of(0, 1024, 2048, 4095);
    const bytes = writeDicom({
      width: 4,
      height: 1,
      bitsAllocated: 16,
      bitsStored: 12,
      pixels: new Uint8Array(values.buffer),
      more: [text('00281050', 'DS', '100'), text('00281051', 'DS', '50')],
    });
    const file = await saved('full.dcm', bytes);
    expect([...(await decodeImage(file, { dicom: 'full-range' })).data]).toEqual([0, 64, 128, 255]);
    expect([...(await decodeImage(file)).data]).toEqual([0, 255, 255, 255]);
  });
});

describe('a header', () => {
  it('is read from the first bytes, however long it is, and in the character set of the file', async () => {
    const long = { tag: '00091010', vr: 'UN', value: new Uint8Array(60_000) };
    const bytes = writeDicom({
      width: 4,
      height: 4,
      pixels: grey(16),
      more: [
        text('00080005', 'CS', 'ISO_IR 192'),
        { tag: '00080080', vr: 'LO', value: Buffer.from('Żółć  ') },
        long,
      ],
    });
    // The pixels are not needed for it.
    const header = await readDicomHeader(await saved('header.dcm', bytes.subarray(0, -10)));
    expect(header.texts('x00080080')).toEqual(['Żółć']);
    expect(header.texts('x00080060')).toEqual(['OT']);
    expect(header.texts('x00100010')).toEqual([]);
    expect(header.whyNoPicture).toBeUndefined();
    expect(header.syntax.name).toBe('Explicit VR Little Endian');
  });
});
