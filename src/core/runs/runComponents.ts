/** The whitened components of a run's features: for images that look alike, for clusters of them, for their map. */
import { OverreadError } from '../base/errors';
import type { Components } from '../neighbours/components';
import { CachedProject, type CachedPlace, type CachePlaces } from '../project/cachedFeatures';
import { featuresOf } from './featuresOf';
import type { RunRecord } from './model';

/**
 * As they are kept beside the features, else made of these and kept. Of fewer than six images there are none (`dim` 0).
 * @throws OVR804 no features of the run are in the cache, or it does not say which are its own
 */
export async function runComponents(
  place: CachedPlace,
  record: Pick<RunRecord, 'run' | 'network'>,
  places: CachePlaces,
): Promise<Components> {
  const cached = await CachedProject.open(place, featuresOf(record), places);
  const space = await cached.space();
  if (space) return space.components;
  const { present } = await cached.features();
  if (present.includes(1)) return { rows: new Float32Array(0), dim: 0, present };
  throw featuresMissing(record);
}

export function featuresMissing({ run }: Pick<RunRecord, 'run'>): OverreadError {
  return new OverreadError({
    code: 'OVR804',
    message: `The features of the run ${run} are not in the cache`,
    fix: 'Fine-tune once; its features are kept',
  });
}
