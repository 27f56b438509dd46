/** What the engine asks of the process that knows which images look alike. Types only. */
import type { RunPlace } from '../runPlace';

export interface SimilarMethods {
  /**
   * Reads the components of the run's features, or makes them of these and keeps them. @throws OVR804 the features are not in the
   * cache; OVR803 the table is another
   */
  prepare(place: RunPlace): Promise<void>;
  /**
   * Samples and those whose images look most like theirs, by index; prepared if need be.
   * @throws as `prepare`
   */
  nearest(place: RunPlace, samples: readonly number[], count: number): Promise<Int32Array>;
}
