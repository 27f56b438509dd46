/** Images that are others, moved, scaled or saved again: under other labels, in other parts, or under other patients. */
import { counted } from '../../base/counted';
import { resolveImages } from '../../dataset/imagePath';
import { nearestNeighbours } from '../../neighbours/nearest';
import type { Project } from '../../project/project';
import type { CheckContext } from '../checkTable';
import { contradictionChecks } from '../contradictionChecks';
import { isExcluded } from '../excluded';
import { groupFixes, nameOf, sampleCheck } from '../groupCheck';
import type { Check } from '../model';
import { copyThreshold } from './augmented';
import { confirmPairs, type ConfirmedPair } from './confirm';
import type { CheckedFeatures } from './features';
import { groupsOf, similarPairs, type SimilarPair } from './pairs';

/** Neighbours of an image that are looked at: copies in greater numbers hang together all the same. */
const neighbours = 12;
/** Pairs that are registered, about 30 ms each; the most alike first. */
const mostRegistered = 3000;
/** Two films of a patient, or two frames, may agree so far; above it they are one. */
const sameFilm = 0.9;

export async function nearDuplicateChecks(context: CheckContext): Promise<Check[]> {
  const { project } = context;
  const found = await context.features();
  if (typeof found === 'string') return [notLooked(project, found)];
  if (!found?.space) return [];
  const { confirmed, left } = await confirmedPairs(context, found);
  const checks = groupsOf(confirmed).flatMap((group) => {
    const own = confirmed.filter(({ first }) => group.includes(first));
    const score = Math.max(...own.map(({ agreement }) => agreement));
    const labels = contradictionChecks(project, group, 'Two images that register onto each other are', score);
    const leak = leakOf(project, group, score);
    return labels.length + leak.length > 0 ? [...labels, ...leak] : [repetitionOf(project, group, score)];
  });
  return left === 0 ? checks : [...checks, tooMany(project, left)];
}

async function confirmedPairs(
  context: CheckContext,
  { weights, cached, space }: CheckedFeatures,
): Promise<{ readonly confirmed: readonly ConfirmedPair[]; readonly left: number }> {
  const { project } = context;
  if (!space) return { confirmed: [], left: 0 };
  const hashes = (await context.images()).map(({ hash }) => hash);
  const located = await resolveImages(project.root, project.config, project.dataset.samples, context);
  const files = located.map((place) => ('file' in place ? place.file : undefined));
  const nearest = await nearestNeighbours(space.components, neighbours, context);
  const { threshold } = await copyThreshold(files, weights, { cached, space }, context);
  const pairs = similarPairs(nearest, threshold).filter(
    ({ first, second }) =>
      // The same content is a finding of its own.
      (hashes[first] === undefined || hashes[first] !== hashes[second]) &&
      !isExcluded(project, first) &&
      !isExcluded(project, second) &&
      matters(project, { first, second }),
  );
  const confirmed = await confirmPairs(pairs.slice(0, mostRegistered), files, space.components.dim, context);
  return {
    confirmed: confirmed.filter(
      ({ first, second, agreement }) => agreement >= sameFilm || !samePatient(project, first, second),
    ),
    left: Math.max(0, pairs.length - mostRegistered),
  };
}

/** Images of one patient are kept together anyway: they matter where their labels differ. */
function matters(project: Project, { first, second }: Pick<SimilarPair, 'first' | 'second'>): boolean {
  if (!samePatient(project, first, second)) return true;
  const { labels, dataset } = project;
  const width = dataset.findings.length;
  return dataset.findings.some(
    (_, f) => labels.valueAt(first * width + f) !== labels.valueAt(second * width + f),
  );
}

const samePatient = ({ dataset }: Project, first: number, second: number): boolean =>
  dataset.samples[first]?.group === dataset.samples[second]?.group;

function leakOf(project: Project, group: readonly number[], score: number): Check[] {
  const parts = new Map(group.map((i) => [project.assignment.split[i] ?? '', i]));
  if (parts.size < 2) return [];
  const where = [...parts].map(([part, i]) => `${part} (${nameOf(project, i)})`);
  return [
    sampleCheck(project, group, score, {
      ...{ code: 'OVR312', kind: 'leak', severity: 'error' },
      message: `Near duplicates are in ${where.join(' and ')}: figures of that part count what was learnt by heart`,
      fixes: groupFixes('OVR312'),
    }),
  ];
}

function repetitionOf(project: Project, group: readonly number[], score: number): Check {
  const folds = new Set(group.map((i) => project.assignment.fold[i] ?? -1));
  const across = folds.size > 1 ? ', in several folds' : '';
  const named = group.slice(0, 3).map((i) => nameOf(project, i));
  return sampleCheck(project, group, score, {
    ...{ code: 'OVR314', kind: 'near-duplicate', severity: 'warning' },
    message: `${counted(group.length, 'image')} are near duplicates of each other${across}: ${named.join(', ')}${group.length > 3 ? ', …' : ''}`,
    fixes: groupFixes('OVR314'),
  });
}

function notLooked({ config }: Project, why: string): Check {
  return {
    ...{ code: 'OVR314', kind: 'near-duplicate', severity: 'info', samples: [], score: null },
    message: `Near duplicates and outliers were not looked for: ${why}`,
    fixes: [{ title: 'Compute the features of all images', command: 'overread features DIR' }],
    place: { file: config.dataset.table },
  };
}

function tooMany({ config }: Project, left: number): Check {
  return {
    ...{ code: 'OVR314', kind: 'near-duplicate', severity: 'info', samples: [], score: null },
    message: `${counted(left, 'further pair')} of images that look alike were not held against each other pixel by pixel`,
    fixes: [{ title: 'Keep together, or leave out, what was found, and check again' }],
    place: { file: config.dataset.table },
  };
}
