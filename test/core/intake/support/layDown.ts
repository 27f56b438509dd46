/** Lays a set of images down on disk: tables as they are, images drawn, each another one. */
import { createHash } from 'node:crypto';
import * as fs from 'node:fs/promises';
import * as path from 'node:path';
import sharp from 'sharp';
import type { PublicLayout } from './publicLayouts';

const side = 8;

/** @returns nothing; the files are below `folder` then */
export async function layDown(layout: PublicLayout, folder: string): Promise<void> {
  const tables = Object.entries(layout.tables ?? {});
  const files = [...tables.map(([file]) => file), ...layout.images];
  for (const below of new Set(files.map((file) => path.dirname(file)))) {
    await fs.mkdir(path.join(folder, below), { recursive: true });
  }
  await Promise.all([
    ...tables.map(([file, text]) => fs.writeFile(path.join(folder, file), text)),
    ...layout.images.map(async (file) => fs.writeFile(path.join(folder, file), await drawn(file))),
  ]);
}

/** Grey noise that a name decides, in the format that its ending names. */
async function drawn(name: string): Promise<Buffer> {
  const noise = Buffer.concat([
    createHash('sha256').update(name).digest(),
    createHash('sha256').update(`${name} `).digest(),
  ]);
  const image = sharp(noise, { raw: { width: side, height: side, channels: 1 } });
  if (/\.jpe?g$/i.test(name)) return image.jpeg().toBuffer();
  if (/\.tiff?$/i.test(name)) return image.tiff().toBuffer();
  return image.png().toBuffer();
}
