/** Which features a run was made with, by its own record: enough to find them in the cache without any weights. */
import { OverreadError } from '../base/errors';
import type { FeatureIdentity } from '../features/cacheKey';
import type { RunRecord } from './model';

/** @throws OVR804 the run has no network, or was made before it was recorded how images became its input */
export function featuresOf({ run, network }: Pick<RunRecord, 'run' | 'network'>): FeatureIdentity {
  const preprocessing = network?.weights.preprocessing;
  if (!network || !preprocessing) {
    throw new OverreadError({
      code: 'OVR804',
      message: `The run ${run} does not record what its features are made with`,
      fix: 'Fine-tune again',
    });
  }
  const { name, sha256, truncate = null, precision } = network.weights;
  return {
    ...{ architecture: network.architecture, name, sha256, preprocessing, truncate },
    ...(precision === undefined ? {} : { precision }),
  };
}
