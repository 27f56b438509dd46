import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import { crc32, deflateSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { OverreadError } from '../../../src/core/base/errors';
import { decodeImage } from '../../../src/core/images/decode';
import { describeContent } from '../../../src/core/images/format';
import { depthInUse, toEightBit } from '../../../src/core/images/sixteenBit';

const golden = path.join(import.meta.dirname, '../../golden/values/images');
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'overread-decode-'));
});

afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
});

async function write(name: string, content: string | Uint8Array): Promise<string> {
  const file = path.join(folder, name);
  await writeFile(file, content);
  return file;
}

async function failure(file: string): Promise<OverreadError> {
  return decodeImage(file).then(
    () => {
      throw new Error('It was decoded');
    },
    (error: unknown) => error as OverreadError,
  );
}

function pngChunk(type: string, data: Uint8Array): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const chunk = Buffer.alloc(body.length + 8);
  chunk.writeUInt32BE(data.length, 0);
  body.copy(chunk, 4);
  chunk.writeUInt32BE(crc32(body), body.length + 4);
  return chunk;
}

/** A grey 8-bit PNG whose header claims `width` × `height` and whose data are far too short. */
function pngOfSize(width: number, height: number): Buffer {
  const header = Buffer.from([0, 0, 0, 0, 0, 0, 0, 0, 8, 0, 0, 0, 0]);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  return Buffer.concat([
    Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'),
    pngChunk('IHDR', header),
    pngChunk('IDAT', deflateSync(new Uint8Array(1000))),
    pngChunk('IEND', new Uint8Array(0)),
  ]);
}

describe('decodeImage refuses with one clear error', () => {
  it('a missing file', async () => {
    const file = path.join(folder, 'nowhere.png');
    expect(await failure(file)).toMatchObject({ code: 'OVR300', place: { file } });
    expect(await failure(path.join(golden, 'grey.png', 'below.png'))).toMatchObject({ code: 'OVR300' });
  });

  it('an empty file', async () => {
    const file = await write('empty.png', '');
    expect(await failure(file)).toMatchObject({ code: 'OVR301', message: /empty/, place: { file } });
  });

  it('a folder', async () => {
    await mkdir(path.join(folder, 'folder.png'));
    const error = await failure(path.join(folder, 'folder.png'));
    expect(error).toMatchObject({ code: 'OVR304', message: /folder/ });
  });

  it.each([
    ['text.png', 'hello, world', /text/],
    ['drawing.png', '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>', /XML/],
    ['page.jpg', '%PDF-1.7 and so on', /PDF/],
    ['zeros.tif', new Uint8Array(5000), /unknown/],
    ['half.png', '\x89PNG', /no image/],
  ] as const)('%s', async (name, content, message) => {
    const file = await write(name, content);
    expect(await failure(file)).toMatchObject({ code: 'OVR301', message, place: { file } });
  });

  it.each(['grey.jpg', 'colour.jpg', 'grey.png', 'lossy.webp', 'lossless.webp', 'lzw.tif', 'grey.tif'])(
    '%s cut short at any place',
    async (name) => {
      const whole = await readFile(path.join(golden, name));
      // The last bytes of a JPEG or PNG end the file and carry no pixels; a TIFF may end in its directory.
      for (const share of [0.02, 0.3, 0.6, 0.9]) {
        const file = await write(`cut-${name}`, whole.subarray(0, Math.floor(whole.length * share)));
        expect(await failure(file), `${share}`).toMatchObject({ code: 'OVR301', place: { file } });
      }
    },
  );

  it('30,000 × 30,000 pixels, by the header alone', async () => {
    const file = await write('huge.png', pngOfSize(30_000, 30_000));
    const before = process.memoryUsage().rss;
    const error = await failure(file);
    expect(error).toMatchObject({ code: 'OVR302', message: /30000 × 30000/, place: { file } });
    expect(process.memoryUsage().rss - before).toBeLessThan(200e6);
  });

  it('says nothing on standard output', async () => {
    const written: unknown[] = [];
    const original = process.stdout.write.bind(process.stdout);
    process.stdout.write = (chunk: unknown) => {
      written.push(chunk);
      return true;
    };
    try {
      await failure(await write('noisy.jpg', Buffer.from('ffd8ffe000104a46494600', 'hex')));
    } finally {
      process.stdout.write = original;
    }
    expect(written).toEqual([]);
  });
});

describe('16 bit to 8', () => {
  const image = (values: number[]) =>
    ({ width: values.length, height: 1, channels: 1, bits: 16, data: Uint16Array.from(values) }) as const;

  it.each([
    [[0, 32768, 65535], 16, [0, 128, 255]],
    [[0, 2048, 4095], 12, [0, 128, 255]],
    [[0, 257, 16383], 14, [0, 4, 255]],
    [[1, 1023], 10, [0, 255]],
    [[0, 7, 255], 8, [0, 7, 255]],
    [[0, 0], 8, [0, 0]],
  ])('%j has depth %i', (values, depth, levels) => {
    expect(depthInUse(Uint16Array.from(values))).toBe(depth);
    expect([...toEightBit(image(values)).data]).toEqual(levels);
  });

  it('is within half a level of v / 257 at full range', () => {
    const values = Array.from({ length: 65536 }, (_, i) => i);
    const { data } = toEightBit(image(values));
    expect(values.every((v) => Math.abs(data[v]! - v / 257) <= 0.5)).toBe(true);
  });
});

describe('describeContent', () => {
  it.each([
    ['plain text\n', 'text'],
    ['Größe: 3', 'text'],
    ['\0\x01\x02', 'data of an unknown kind'],
    ['PK\x03\x04', 'a zip archive'],
  ])('%j is %s', (content, name) => {
    expect(describeContent(Buffer.from(content, 'utf8'))).toBe(name);
  });
});
