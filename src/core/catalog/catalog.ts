/** The catalogue of architectures: facts, weights, literature and this machine's measurements, one row each. */
import { setImmediate as nextTurn } from 'node:timers/promises';
import { architectureNames, defaultArchitecture, getArchitecture } from '../networks';
import { readSpeeds, speedOf, type MeasuredSpeed } from '../backbones/speed';
import { describePublished, isHere } from '../weights/publishedFile';
import type { Environment } from '../weights/pip';
import { factsOf } from './facts';
import { cautionOf, usesInShort, usesOf } from './literature';
import type { ArchitectureCatalog, ArchitectureRow, WeightsRow } from './model';
import { suggest, type ProjectFacts } from './suggest';

export interface CatalogRequest {
  readonly cacheDir: string;
  readonly env: Environment;
  /** null: no project, so nothing is suggested. */
  readonly project: ProjectFacts | null;
}

/** All architectures in the order in which they are offered. Nothing is fetched and nobody is asked. */
export async function readCatalog(request: CatalogRequest): Promise<ArchitectureCatalog> {
  const speeds = await readSpeeds(request.cacheDir);
  const rows: ArchitectureRow[] = [];
  for (const name of architectureNames) {
    rows.push(await readRow(name, speeds, request));
    // Whoever asks first has each network built: some milliseconds, for which others should not wait in one.
    await nextTurn();
  }
  const suggestion = request.project && suggest(request.project, architectureNames);
  return { rows, defaultArchitecture, suggestion };
}

/** One architecture. @throws OVR500 there is none of that name */
export async function readArchitecture(
  name: string,
  place: Pick<CatalogRequest, 'cacheDir' | 'env'>,
): Promise<{ readonly row: ArchitectureRow; readonly speeds: readonly MeasuredSpeed[] }> {
  const speeds = await readSpeeds(place.cacheDir);
  return {
    row: await readRow(name, speeds, place),
    speeds: speeds.filter(({ architecture }) => architecture === name),
  };
}

async function readRow(
  name: string,
  speeds: readonly MeasuredSpeed[],
  place: Pick<CatalogRequest, 'cacheDir' | 'env'>,
): Promise<ArchitectureRow> {
  const architecture = getArchitecture(name);
  const weights = await Promise.all(
    architecture.weights.map(async (published): Promise<WeightsRow> => {
      const file = describePublished(architecture, published, place);
      return {
        name: file.name,
        licence: published.licence,
        trainedOn: published.trainedOn,
        bytes: file.bytes,
        here: await isHere(architecture, published, place),
      };
    }),
  );
  return {
    name,
    title: architecture.title,
    family: architecture.family,
    featureSize: architecture.featureSize,
    inputSize: architecture.preprocessing.size,
    ...factsOf(name),
    weights,
    uses: usesOf(name),
    usesInShort: usesInShort(name),
    caution: cautionOf(name),
    imagesPerSecond: speedOf(speeds, name)?.imagesPerSecond ?? null,
  };
}
