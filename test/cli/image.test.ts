/** `overread image`: what it writes is what was decoded, what is shown, and what the network gets. */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { decodeImage } from '../../src/core/images/decode';
import { preprocess } from '../../src/core/images/preprocess';
import { getArchitecture } from '../../src/core/networks';
import { runCli } from '../support/cli';
import { writeDicom } from '../support/dicomFile';
import { commandJson, runCommand } from '../support/inProcess';

const [width, height] = [5, 4];
const values = Int16Array.from({ length: width * height }, (_, i) => -1000 + 150 * i);
const scan = writeDicom({
  width,
  height,
  bitsAllocated: 16,
  signed: true,
  pixels: new Uint8Array(values.buffer),
  more: [
    { tag: '00281050', vr: 'DS', value: '0' },
    { tag: '00281051', vr: 'DS', value: '1000' },
  ],
});

let folder: string;
const at = (name: string) => path.join(folder, name);
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'overread-image-'));
  await writeFile(at('scan.dcm'), scan);
});
afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
});

/** The header and the raw numbers of a NumPy file. */
async function readNpy(name: string): Promise<{ header: string; raw: ArrayBuffer }> {
  const bytes = await readFile(at(name));
  const length = bytes.readUInt16LE(8);
  const raw = new Uint8Array(bytes.subarray(10 + length)).buffer;
  return {
    header: bytes
      .subarray(10, 10 + length)
      .toString('latin1')
      .trim(),
    raw,
  };
}

describe('overread image', () => {
  it('--as stored writes the pixels before display, with their sign', async () => {
    const result = await commandJson(['image', at('scan.dcm'), '--as', 'stored', '--out', at('s.npy')]);
    expect(result).toMatchObject({ as: 'stored', shape: [height, width], type: 'int16' });
    const { header, raw } = await readNpy('s.npy');
    expect(header).toBe(`{'descr': '<i2', 'fortran_order': False, 'shape': (${height}, ${width}), }`);
    expect([...new Int16Array(raw)]).toEqual([...values]);
  });

  it('--as shown writes 8 bit under the window of the file', async () => {
    await commandJson(['image', at('scan.dcm'), '--out', at('shown.png')]);
    const { data, info } = await sharp(at('shown.png'))
      .toColourspace('b-w')
      .raw()
      .toBuffer({ resolveWithObject: true });
    expect([info.width, info.height, info.channels]).toEqual([width, height, 1]);
    const expected = [...values].map((value) =>
      Math.round(255 * Math.min(1, Math.max(0, (value + 0.5) / 999 + 0.5))),
    );
    expect([...data]).toEqual(expected);
  });

  it('--as input writes what the network gets, of any format', async () => {
    await sharp({ create: { width: 300, height: 280, channels: 3, background: '#336699' } })
      .png()
      .toFile(at('colour.png'));
    await commandJson(['image', at('colour.png'), '--as', 'input', '--out', at('input.npy')]);
    // What sharp decoded lies in a Buffer: its type is that of its numbers.
    const stored = ['image', at('colour.png'), '--as', 'stored', '--out', at('colour.npy')];
    expect(await commandJson(stored)).toMatchObject({ shape: [280, 300, 3], type: 'uint8' });
    const { header, raw } = await readNpy('input.npy');
    expect(header).toContain("'<f4'");
    const { preprocessing } = getArchitecture('densenet121');
    expect(new Float32Array(raw)).toEqual(preprocess(await decodeImage(at('colour.png')), preprocessing));
    await commandJson(['image', at('colour.png'), '--as', 'input', '--out', at('input.png')]);
    const { data } = await sharp(at('input.png')).raw().toBuffer({ resolveWithObject: true });
    expect([...data.subarray(0, 3)]).toEqual([0x33, 0x66, 0x99]);
  });

  it('keeps 16 bit in a PNG, and refuses what PNG cannot hold', async () => {
    const sixteen = Uint16Array.from({ length: 12 }, (_, i) => 5000 * i);
    await sharp(sixteen, { raw: { width: 4, height: 3, channels: 1 } })
      .toColourspace('grey16')
      .png()
      .toFile(at('grey16.png'));
    await commandJson(['image', at('grey16.png'), '--as', 'stored', '--out', at('again.png')]);
    expect([...(await decodeImage(at('again.png'))).data]).toEqual([...sixteen]);
    const refused = await runCommand(['image', at('scan.dcm'), '--as', 'stored', '--out', at('x.png')]);
    expect([refused.code, refused.stderr]).toEqual([2, expect.stringContaining('without a sign')]);
  });

  it('names the frames that a file has', async () => {
    const frames = writeDicom({
      width: 2,
      height: 1,
      frames: 3,
      pixels: Uint8Array.of(1, 2, 3, 4, 5, 6, 0, 0),
    });
    await writeFile(at('frames.dcm'), frames);
    const stored = async (name: string) => {
      await commandJson(['image', name, '--as', 'stored', '--out', at('f.npy')]);
      return [...new Uint8Array((await readNpy('f.npy')).raw)];
    };
    expect(await stored(at('frames.dcm'))).toEqual([3, 4]);
    expect(await stored(`${at('frames.dcm')}#3`)).toEqual([5, 6]);
    const none = await runCommand(['image', `${at('frames.dcm')}#4`, '--out', at('f.npy')]);
    expect([none.code, none.stderr]).toEqual([3, expect.stringContaining('3 frames and no frame 4')]);
  });

  it('decodes on a thread with its WebAssembly in the built program', async () => {
    const golden = path.resolve('test/golden/values/dicom/own');
    for (const name of ['j2k-12', 'jpegls-12', 'htj2k-12', 'jpeg-lossless-1']) {
      const result = await runCli([
        'image',
        path.join(golden, `${name}.dcm`),
        '--as',
        'stored',
        '--out',
        at('b.npy'),
      ]);
      expect([name, result.code, result.stderr]).toEqual([name, 0, '']);
      const { raw } = await readNpy('b.npy');
      expect(Math.max(...new Uint16Array(raw))).toBeGreaterThan(3500);
    }
  });
});
