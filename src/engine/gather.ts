/** Images beside those of some items: what looks like them, and what is of the same patients. */
import { OverreadError } from '../core/base/errors';
import { samePatient } from '../core/review/samePatient';
import type { GatherBy, ItemKey } from '../protocol/engineApi';
import { nearestTo } from './live/similar';
import type { Open } from './openProjects';

/** The most images that others are gathered for. */
const mostAsked = 50;

/** The ids of samples, those of the items or images among them. @throws as `EngineMethods.gather` */
export async function gather(
  { project, blind, fits }: Open,
  keys: readonly ItemKey[],
  by: GatherBy,
): Promise<readonly string[]> {
  if (blind.on) {
    throw new OverreadError({
      code: 'OVR412',
      message:
        'In a blind reading images are not gathered: whose they are, and what the model makes of them, is hidden',
      fix: 'Turn blind mode off: answers after a look are marked as such',
    });
  }
  const { catalog, dataset } = project;
  const numbers = keys.map((key) => {
    const row = blind.itemNumber(key);
    return row === undefined ? blind.imageNumber(key) : catalog.sampleOf(row);
  });
  const samples = [...new Set(numbers.filter((sample) => sample !== undefined))].slice(0, mostAsked);
  const found = by === 'patient' ? samePatient(dataset, samples) : await nearestTo(project, fits, samples);
  return found.flatMap((index) => dataset.samples[index]?.id ?? []);
}
