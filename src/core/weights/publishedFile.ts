/** The file of published weights: where it is fetched, and where it goes when a person brings it. */
import { exists } from '../base/files';
import type { Architecture, PublishedWeights } from '../networks/architecture';
import { aboutFileSize } from './fileSize';
import { hubUrl, isInHubCache } from './hub/hub';
import type { Environment } from './pip';
import { findInCache } from './published';
import { placedFile } from './record';
import { publishedName } from './spec';

export interface PublishedFile {
  /** `architecture.tag`; the architecture's name where its weights cannot be fetched. */
  readonly name: string;
  /** At the hub; null: elsewhere. */
  readonly repository: string | null;
  readonly url: string;
  /** About its length, bytes. */
  readonly bytes: number;
  /** Of the file, where it is known before the first use. */
  readonly sha256: string | null;
  /** How it begins, where no more is known. */
  readonly sha256Start: string | null;
  /** The same weights as a Python package, which pip fetches where the hub is out of reach; null: none. */
  readonly package: string | null;
  /** Where the loader looks for a file that was brought by hand; null: it is given with `--weights FILE`. */
  readonly target: string | null;
}

/** A file at the hub: fetched, or brought by hand to where the loader looks. */
export type HubFile = PublishedFile & { readonly repository: string; readonly target: string };

/** What has to be brought to a machine without network. Pure: nothing is looked up. */
export function describePublished(
  architecture: Architecture,
  published: PublishedWeights,
  place: { readonly cacheDir: string; readonly env: Environment },
): HubFile {
  const name = publishedName(architecture, published);
  return {
    name,
    repository: published.hubRepository,
    url: hubUrl(published, place.env),
    bytes: aboutFileSize(architecture),
    sha256: published.hubSha256 ?? null,
    sha256Start: null,
    package: published.packaged?.requirement ?? null,
    target: placedFile(place.cacheDir, name),
  };
}

/** The file of weights that Overread cannot fetch; undefined where there is none. */
export function describeElsewhere(architecture: Architecture): PublishedFile | undefined {
  const { name, weightsElsewhere } = architecture;
  if (!weightsElsewhere) return undefined;
  const { url, sha256Start } = weightsElsewhere;
  const bytes = aboutFileSize(architecture);
  return { name, repository: null, url, bytes, sha256: null, sha256Start, package: null, target: null };
}

/** Whether published weights are on this machine: fetched, placed by hand, or in the hub's own cache. */
export async function isHere(
  architecture: Architecture,
  published: PublishedWeights,
  { cacheDir, env }: { readonly cacheDir: string; readonly env: Environment },
): Promise<boolean> {
  const name = publishedName(architecture, published);
  return (
    (await findInCache(cacheDir, name)) !== undefined ||
    (await exists(placedFile(cacheDir, name))) ||
    (await isInHubCache(published, env))
  );
}
