/** Samples that are drawn once: to draw 60 images takes more than most tests do. */
import { makeSampleProject } from '../../src/core/sample/sampleProject';
import { isThere, keep, keptPlace } from './kept';

/**
 * The folder of a sample as `overread sample DIR --images N` makes it, not to be written to.
 * @param size of its images, pixels; those of the command without it
 */
export async function keptSample(images: number, size?: number): Promise<string> {
  const name = size === undefined ? String(images) : `${images} of ${size}`;
  const place = await keptPlace('samples', ['src/core/sample/sampleProject.ts'], name);
  if (!(await isThere(place)))
    await keep(place, async (folder) => {
      await makeSampleProject(folder, { images, ...(size === undefined ? {} : { size }) });
    });
  return place;
}
