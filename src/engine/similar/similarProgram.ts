/**
 * The process that knows which images look alike, a program of its own: neither edits nor live refits wait while components are made,
 * and it can be killed meanwhile.
 */
import { userCacheFolder } from '../../core/base/userCache';
import { CachedProject } from '../../core/project/cachedFeatures';
import { Neighbours } from '../../core/review/neighbours';
import { featuresOf } from '../../core/runs/featuresOf';
import { featuresMissing } from '../../core/runs/runComponents';
import { HeldByRun } from '../heldByRun';
import { serveEngine } from '../helperProcess';
import { standBehind } from '../standBehind';
import { readRunPlace, type RunPlace } from '../runPlace';
import type { SimilarMethods } from './similarApi';

standBehind();

const held = new HeldByRun(neighboursOf);

const methods: SimilarMethods = {
  prepare: async (place) => {
    await held.of(place);
  },
  nearest: async (place, samples, count) => (await held.of(place)).nearest(samples, count),
};

serveEngine(methods, 'Unexpected failure while images that look alike were looked for; see the log');

/** By whitened components, in which images that are alike lie side by side; a handful of images by their features. */
async function neighboursOf(place: RunPlace): Promise<Neighbours> {
  const { env } = process;
  const read = await readRunPlace(place);
  const places = { cacheDir: userCacheFolder(env), env };
  const cached = await CachedProject.open(read, featuresOf(read.record), places);
  const space = await cached.space();
  if (space) {
    const { rows, dim, present } = space.components;
    return new Neighbours(rows, dim, present);
  }
  const { features, dim, present } = await cached.features();
  if (!present.includes(1)) throw featuresMissing(read.record);
  return new Neighbours(features, dim, present);
}
