/** Examples as pictures that a browser shows: DICOM, TIFF and the like are drawn small. */
import * as path from 'node:path';
import { OverreadError } from '../core/base/errors';
import { sha256, writeFileAtomic } from '../core/base/files';
import { splitFrame } from '../core/images/frameReference';
import { useImageFile } from '../core/images/readFile';
import { drawThumbnail } from '../core/images/thumbnail';
import type { Examples } from '../core/intake/examples';

/** What every browser shows by itself. */
const shownByBrowsers = /\.(?:jpe?g|png|gif|webp|bmp)$/i;

/**
 * The examples with pictures in place of what a browser does not show; those that cannot be drawn are left out.
 * @param folder absolute; the pictures are called by a hash of the path, so that they are drawn over
 * @throws OVR003 it cannot be written
 */
export async function drawExamples(examples: readonly Examples[], folder: string): Promise<Examples[]> {
  const drawn: Examples[] = [];
  for (const { label, files } of examples) {
    const shown: string[] = [];
    for (const file of files) {
      const picture = shownByBrowsers.test(file) ? file : await drawIn(folder, file);
      if (picture !== undefined) shown.push(picture);
    }
    drawn.push({ label, files: shown });
  }
  return drawn;
}

async function drawIn(folder: string, reference: string): Promise<string | undefined> {
  const picture = path.join(folder, `${sha256(reference).slice(0, 32)}.webp`);
  try {
    const bytes = await useImageFile(splitFrame(reference).file, (read) => drawThumbnail(read, reference));
    await writeFileAtomic(picture, bytes);
    return picture;
  } catch (error) {
    if (error instanceof OverreadError && error.code !== 'OVR003') return undefined;
    throw error;
  }
}
