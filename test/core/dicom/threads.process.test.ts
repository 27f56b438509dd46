/** The built thread of the codecs: it decodes one frame after the other, as the codecs of this thread do. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import * as path from 'node:path';
import { describe, expect, it } from 'vitest';
import type { CodecTask } from '../../../src/core/dicom/codec';
import { Codecs } from '../../../src/core/dicom/codecs';
import { CodecThreads } from '../../../src/core/dicom/codecThreads';
import { describePixels } from '../../../src/core/dicom/describePixels';
import { encapsulatedFrame } from '../../../src/core/dicom/frameBytes';
import { parseElements } from '../../../src/core/dicom/parse';

const folder = path.resolve('test/golden/values/dicom');
const program = path.resolve('dist/dicomCodecs.js');

/** The first frame of every golden file in one of the codecs that have a thread. */
function tasks(): CodecTask[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.dcm'))
    .flatMap((name) => {
      const file = parseElements(readFileSync(path.join(folder, name)));
      const codec = file.syntax.compression;
      if (codec !== 'jpeg-ls' && codec !== 'jpeg-2000' && codec !== 'htj2k') return [];
      const pixels = describePixels(file);
      const bytes = encapsulatedFrame(file, pixels.frames, 0);
      const { columns: width, rows: height, samplesPerPixel, bitsStored: bits } = pixels;
      return [{ codec, bytes, width, height, components: samplesPerPixel, bits }];
    });
}

describe('the built thread of codecs', () => {
  it('is there: npm run build makes it', () => {
    expect(existsSync(program)).toBe(true);
  });

  it('decodes one frame after the other, and leaves the bytes that it was given', async () => {
    const all = tasks();
    expect(new Set(all.map(({ codec }) => codec)).size).toBe(3);
    const before = all.map(({ bytes }) => Uint8Array.from(bytes));
    const one = new CodecThreads(1, program);
    const decoded = await Promise.all(all.map((task) => one.decode(task)));
    const own = new Codecs();
    for (const [i, task] of all.entries()) {
      expect(decoded[i]).toEqual(await own.decode(task));
      expect(Uint8Array.from(task.bytes)).toEqual(before[i]);
    }
  });

  it('goes on after a frame that is damaged', async () => {
    const [task] = tasks();
    if (!task) throw new Error('no golden file is compressed');
    const one = new CodecThreads(1, program);
    const damaged = { ...task, bytes: task.bytes.slice(0, 20) };
    await expect(one.decode(damaged)).rejects.toThrow();
    await expect(one.decode(task)).resolves.toMatchObject({ width: task.width, height: task.height });
  });
});
