/**
 * What is in the cache of the features of a project's samples, for what must not wait: live refits, images that look alike. Nothing is
 * decoded, nothing is computed but the components, which are kept.
 */
import { CacheMac } from '../base/cacheMac';
import type { ProjectFolder } from '../base/projectFolder';
import { projectCacheFolder, userConfigFolder } from '../base/userCache';
import type { ProjectConfig } from '../config/config';
import { resolveImages } from '../dataset/imagePath';
import type { Dataset } from '../dataset/model';
import { contentsOf, loadFeatures, type CachedFeatures } from '../features/cached';
import { featureKey, type FeatureIdentity } from '../features/cacheKey';
import { FeatureStore } from '../features/store';
import { whitenedSpace, type ComponentOptions, type ComponentSpace } from '../neighbours/components';
import { keptCopies } from './keptCopies';
import { keepSpace, readKeptSpace, spaceKey } from './keptSpace';
import type { SignedPlace } from './signedFile';

export interface CachedPlace {
  readonly root: string;
  readonly folder: ProjectFolder;
  readonly config: ProjectConfig;
  readonly dataset: Dataset;
}

/** Folders of the user. */
export interface CachePlaces {
  readonly cacheDir: string;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** The cached features of the samples as their images are when it is opened. */
export class CachedProject {
  private constructor(
    private readonly folder: ProjectFolder,
    private readonly mac: CacheMac,
    private readonly key: string,
    private readonly store: FeatureStore,
    /** Content of each sample's image, in the order of the table; '' where there is none. */
    private readonly hashes: readonly string[],
  ) {}

  /** @param weights what names the features: a run's own record suffices */
  static async open(
    { root, folder, config, dataset }: CachedPlace,
    weights: FeatureIdentity,
    { cacheDir, env }: CachePlaces,
  ): Promise<CachedProject> {
    const found = await resolveImages(root, config, dataset.samples, {});
    const images = found.map((result) => ('file' in result ? result : undefined));
    const cacheFolder = projectCacheFolder(cacheDir, folder.root);
    const hashes = await contentsOf(images, { folder, cacheFolder });
    const mac = await CacheMac.open(userConfigFolder(env));
    const key = featureKey(weights);
    return new CachedProject(folder, mac, key.folder, new FeatureStore(folder, key, mac), hashes);
  }

  /** Features of every sample in the order of the table, as far as they are there. @throws OVR003 */
  features(): Promise<CachedFeatures> {
    return loadFeatures(this.store, this.hashes);
  }

  /**
   * The whitened components of the features that are numbers: from their file where they were made of these features, else made
   * and kept there. null where fewer than six images have some.
   * @param read the features, where they were read already
   * @throws OVR002 cancelled; OVR003 the cache cannot be read
   */
  async space(
    options: Omit<ComponentOptions, 'most'> = {},
    read?: CachedFeatures,
  ): Promise<ComponentSpace | null> {
    const key = await this.spaceKey();
    const kept = await readKeptSpace(this.signed(), key, this.hashes.length);
    if (kept) return kept;
    const space = await this.makeSpace(options, read);
    // Of features that came meanwhile it may have some: then it is kept for nobody.
    if (space && (await this.spaceKey()) === key) await keepSpace(this.signed(), key, space);
    return space;
  }

  /**
   * Features of changed copies of some images: those that were kept, else as they are made now.
   * @param samples indices of the images, in the order of the copies
   * @param make gives them row-major, and whether they are all there; what lacks some is not kept
   */
  copies(
    samples: readonly number[],
    make: () => Promise<{ readonly features: Float32Array; readonly isWhole: boolean }>,
  ): Promise<Float32Array> {
    const hashes = samples.map((sample) => this.hashes[sample] ?? '');
    return keptCopies(this.signed(), this.key, hashes, make);
  }

  private signed(): SignedPlace {
    return { folder: this.folder, mac: this.mac, place: this.store.place };
  }

  /** A function of its own, so that the features may go before anything is written. */
  private async makeSpace(
    options: Omit<ComponentOptions, 'most'>,
    read: CachedFeatures | undefined,
  ): Promise<ComponentSpace | null> {
    const { features, dim, present } = read ?? (await this.features());
    return whitenedSpace(features, dim, rowsOfNumbers(features, dim, present), options);
  }

  private async spaceKey(): Promise<string> {
    return spaceKey(this.key, await this.store.state(), this.hashes);
  }
}

/** The features alone. */
export async function cachedFeatures(
  place: CachedPlace,
  weights: FeatureIdentity,
  places: CachePlaces,
): Promise<CachedFeatures> {
  return (await CachedProject.open(place, weights, places)).features();
}

/** One row without numbers would leave none in any component. */
function rowsOfNumbers(features: Float32Array, dim: number, present: Uint8Array): Uint8Array {
  return present.map((one, row) =>
    one === 1 && features.subarray(row * dim, (row + 1) * dim).every(Number.isFinite) ? 1 : 0,
  );
}
