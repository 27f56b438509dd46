/** JPEG files for the checks: drawn once, then copied with other bytes behind the picture, so that each is a content of its own. */
import * as fs from 'node:fs/promises';
import * as path from 'node:path';
import sharp from 'sharp';
import { SplitMix32 } from '../../src/core/base/random';

const side = 512;
const drawn = 64;

/** Writes `count` files of 512 × 512 px, colour, quality 90, and gives their paths. */
export async function writePictures(folder: string, count: number): Promise<string[]> {
  await fs.mkdir(folder, { recursive: true });
  const originals = await Promise.all(Array.from({ length: drawn }, (_, seed) => draw(seed)));
  const files = Array.from({ length: count }, (_, i) => path.join(folder, `${i}.jpg`));
  const write = async (first: number): Promise<void> => {
    for (let i = first; i < count; i += 16) {
      const tail = Buffer.alloc(8);
      tail.writeUInt32LE(i);
      await fs.writeFile(files[i] ?? '', Buffer.concat([originals[i % drawn] ?? tail, tail]));
    }
  };
  await Promise.all(Array.from({ length: 16 }, (_, first) => write(first)));
  return files;
}

/** Waves and noise: about as many bytes as a photograph or a film. */
function draw(seed: number): Promise<Buffer> {
  const random = new SplitMix32(seed);
  const data = new Uint8Array(3 * side * side);
  for (let y = 0, to = 0; y < side; y++) {
    for (let x = 0; x < side; x++) {
      const wave = Math.sin((x + 7 * seed) / 23) * Math.cos(y / (17 + (seed % 5)));
      const level = 128 + 60 * wave + 20 * Math.sin((x * y) / 900) + random.below(10);
      for (const tint of [0, 8, 20]) data[to++] = Math.max(0, Math.min(255, level * (1 - tint / 100) + tint));
    }
  }
  return sharp(data, { raw: { width: side, height: side, channels: 3 } })
    .jpeg({ quality: 90 })
    .toBuffer();
}
