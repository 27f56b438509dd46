/** Images that look alike as slices: clusters of the whitened components of their features. */
import { quoteLiteral } from '../base/duckdb';
import { OverreadError } from '../base/errors';
import { present } from '../base/present';
import { firstComponents, type Components } from '../neighbours/components';
import type { Project } from '../project/project';
import { runComponents } from '../runs/runComponents';
import type { WholeRun } from '../runs/wholeRun';
import type { ClusterSource } from './cohortReport';
import { sphericalMeans } from './sphericalMeans';
import type { JudgedItems } from './judgedItems';

/** Components that clusters are looked for in: of more, distances are all alike. */
const components = 32;
const fewest = 2;
const most = 12;
/** Patients of the training part for each cluster. */
const patientsOfOne = 25;
/** Characters of a filter that lists samples; one of more is no filter any more. */
const longestFilter = 9_000;

/**
 * Clusters of the training part, to which images of the validation part are added by their nearest centre; or why there are
 * none. Features are read from the cache, never computed.
 */
export async function runClusters(
  project: Project,
  run: Pick<WholeRun, 'record'>,
  places: { readonly cacheDir: string; readonly env: Readonly<Record<string, string | undefined>> },
): Promise<ClusterSource | string> {
  const all = await readComponents(project, run, places);
  if (typeof all === 'string') return all;
  const { rows, dim, present: has } = firstComponents(all, components);
  const { assignment, dataset, config } = project;
  const training = Int32Array.from(has.keys()).filter((i) => has[i] === 1 && assignment.split[i] === 'train');
  const patients = new Set(Array.from(training, (i) => dataset.samples[i]?.group)).size;
  const count = Math.min(most, Math.floor(patients / patientsOfOne));
  if (dim === 0 || count < fewest) return 'there are too few patients for clusters';
  const { of, nearest } = sphericalMeans(rows, dim, training, has, { count, seed: config.training.seed });
  return (searched, tested) =>
    Array.from({ length: count }, (_, k) => {
      const listed = Int32Array.from(of.keys()).filter((i) => of[i] === k);
      const centre = present(dataset.samples[nearest[k]!], 'the sample');
      const inside = ({ sample }: JudgedItems): Uint8Array =>
        Uint8Array.from(sample, (own) => (of[own] === k ? 1 : 0));
      return {
        name: `images like ${centre.id}`,
        kind: 'features' as const,
        where: filterOf(Array.from(listed, (i) => present(dataset.samples[i], 'the sample').id)),
        searched: inside(searched),
        tested: inside(tested),
      };
    });
}

async function readComponents(
  project: Project,
  { record }: Pick<WholeRun, 'record'>,
  places: Parameters<typeof runClusters>[2],
): Promise<Components | string> {
  try {
    return await runComponents(project, record, places);
  } catch (error) {
    if (error instanceof OverreadError && error.code === 'OVR804') return error.message;
    throw error;
  }
}

/** A filter that lists the samples; empty where it would be too long for one. */
function filterOf(ids: readonly string[]): string {
  const filter = `sample IN (${ids.map(quoteLiteral).join(', ')})`;
  return filter.length > longestFilter ? '' : filter;
}
