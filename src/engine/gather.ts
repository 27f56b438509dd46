/** Images beside those of some items: what looks like them, and what is of the same patients. */
import { samePatient } from '../core/review/samePatient';
import type { GatherBy, ItemKey } from '../protocol/engineApi';
import { refuseBlind } from './blindReading';
import type { Open } from './openProjects';

/** The most images that others are gathered for. */
const mostAsked = 50;

/** The ids of samples, those of the items or images among them. @throws as `EngineMethods.gather` */
export async function gather(
  { project, blind, similar }: Open,
  keys: readonly ItemKey[],
  by: GatherBy,
): Promise<readonly string[]> {
  refuseBlind(blind);
  const { catalog, dataset } = project;
  const numbers = keys.map((key) => {
    const row = blind.itemNumber(key);
    return row === undefined ? blind.imageNumber(key) : catalog.sampleOf(row);
  });
  const samples = [...new Set(numbers.filter((sample) => sample !== undefined))].slice(0, mostAsked);
  const found = by === 'patient' ? samePatient(dataset, samples) : await similar.nearestTo(samples);
  return found.flatMap((index) => dataset.samples[index]?.id ?? []);
}
