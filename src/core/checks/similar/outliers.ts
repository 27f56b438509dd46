/** Findings about images that lie apart from all others: outliers, and a few of another kind that are off-topic. */
import { counted } from '../../base/counted';
import type { CheckContext } from '../checkTable';
import { isExcluded } from '../excluded';
import { letBe, nameOf, sampleCheck } from '../groupCheck';
import type { Check } from '../model';
import { imagesApart } from './apart';

/** Findings that are told one by one, the farthest first. */
const mostListed = 100;

export async function outlierChecks(context: CheckContext): Promise<Check[]> {
  const { project } = context;
  const found = await context.features();
  // Why there are none is told with the near duplicates.
  if (found === null || typeof found === 'string' || !found.space) return [];
  const { neighbour, groups } = await imagesApart(found.space, context);
  return groups
    .map(({ images, times }) => ({ images: images.filter((i) => !isExcluded(project, i)), times }))
    .filter(({ images }) => images.length > 0)
    .slice(0, mostListed)
    .map(({ images, times }) => {
      const isAlone = images.length === 1;
      const far = `${times.toFixed(1)} times as far from ${isAlone ? 'its' : 'their'} ${neighbour}th neighbour as is usual`;
      const some = images.slice(0, 3).map((i) => nameOf(project, i));
      return sampleCheck(project, images, 1 - 1 / times, {
        code: 'OVR315',
        kind: isAlone ? 'outlier' : 'off-topic',
        severity: isAlone ? 'info' : 'warning',
        message: isAlone
          ? `${some.join('')} lies apart from all other images: ${far}`
          : `${counted(images.length, 'image')} that are like each other lie apart from all others, ${far}: ${some.join(', ')}${images.length > 3 ? ', …' : ''}`,
        fixes: [
          { title: isAlone ? 'Leave it out' : 'Leave them out', command: 'overread exclude DIR SAMPLES' },
          letBe('OVR315'),
        ],
      });
    });
}
