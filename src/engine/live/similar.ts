/** Images that look like others, asked of the process that holds the cached features of the run. */
import { OverreadError } from '../../core/base/errors';
import { withItsCode } from '../helperProcess';
import type { LiveProject } from '../liveProject';
import type { FitProcess } from './fitProcess';

/** As many as a reviewer looks through. */
const mostGathered = 60;

/**
 * These samples and those nearest to them, the nearest first.
 * @param samples indices
 * @throws OVR800 there is no run; OVR804 its features are not in the cache
 */
export async function nearestTo(
  { run, root, folder, dataset }: LiveProject,
  process: FitProcess,
  samples: readonly number[],
): Promise<readonly number[]> {
  if (!run) {
    throw new OverreadError({
      code: 'OVR800',
      message: 'Which images look alike is not known: this project has no run yet',
      fix: 'Fine-tune the last layer first',
    });
  }
  const place = { root, policy: folder.policy, run: run.record.run, samples: dataset.samples.length };
  return withItsCode(async () => [
    ...(await process.rpc.call('nearest', place, samples, mostGathered + samples.length)),
  ]);
}
