/** Samples that are drawn once: to draw 60 images takes more than most tests do. */
import { makeSampleProject } from '../../src/core/sample/sampleProject';
import { isThere, keep, keptPlace } from './kept';

/** The folder of a sample as `overread sample DIR --images N` makes it, not to be written to. */
export async function keptSample(images: number): Promise<string> {
  const place = await keptPlace('samples', ['src/core/sample/sampleProject.ts'], String(images));
  if (!(await isThere(place)))
    await keep(place, async (folder) => {
      await makeSampleProject(folder, { images });
    });
  return place;
}
