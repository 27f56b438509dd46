/** Pictures of one project: where images are, their thumbnails, and pixels for the detail pane. */
import * as path from 'node:path';
import { OverreadError } from '../core/base/errors';
import { isInside } from '../core/base/files';
import { projectCacheFolder } from '../core/base/userCache';
import { ImageResolver } from '../core/dataset/imagePath';
import type { Sample } from '../core/dataset/model';
import { ContentHashes } from '../core/images/contentHashes';
import { readPixels } from '../core/images/pixels';
import { thumbnailsBelow, Thumbnails } from '../core/images/thumbnail';
import type { DetailPixels, Thumbnail } from '../protocol/engineApi';
import type { LiveProject } from './liveProject';

export class Pictures {
  private resolver: ImageResolver | undefined;
  private thumbnailMaker: Promise<Thumbnails> | undefined;

  /** @param cacheDir the user's cache */
  constructor(
    private readonly project: LiveProject,
    private readonly cacheDir: string,
  ) {}

  /** Absolute path of a sample's image. @throws OVR400 unknown sample, OVR205 outside the roots */
  imagePath(id: string): Promise<string> {
    return Promise.resolve(this.locate(this.sample(id)));
  }

  /** @throws OVR300, OVR301, OVR302 when the image cannot be read */
  async pixels(id: string): Promise<DetailPixels> {
    return readPixels(this.locate(this.sample(id)));
  }

  /** One answer per sample, in order; an image that cannot be drawn answers with its reason. */
  thumbnails(ids: readonly string[]): Promise<Thumbnail[]> {
    return Promise.all(
      ids.map(async (sample): Promise<Thumbnail> => {
        try {
          const maker = await this.maker();
          return { sample, file: await maker.makeThumbnail(this.locate(this.sample(sample))) };
        } catch (error) {
          if (error instanceof OverreadError) return { sample, error: error.describe() };
          throw error;
        }
      }),
    );
  }

  /** The samples whose image is one of these paths or lies below one. */
  samplesAt(paths: readonly string[]): Promise<string[]> {
    const wanted = paths.map((file) => path.resolve(file));
    const found = this.project.dataset.samples.filter((sample) => {
      const file = this.tryLocate(sample);
      return file !== undefined && wanted.some((folder) => isInside(folder, file));
    });
    return Promise.resolve(found.map((sample) => sample.id));
  }

  /** The table or the configuration changed: folders are looked up anew. */
  forgetPaths(): void {
    this.resolver = undefined;
  }

  /** Absolute folder of the thumbnails, made or not. */
  get thumbnailFolder(): string {
    return thumbnailsBelow(this.cacheFolder);
  }

  private get cacheFolder(): string {
    return projectCacheFolder(this.cacheDir, this.project.folder.root);
  }

  private maker(): Promise<Thumbnails> {
    this.thumbnailMaker ??= ContentHashes.open(this.project.folder.root, this.cacheFolder).then(
      (hashes) => new Thumbnails(this.cacheFolder, hashes),
    );
    return this.thumbnailMaker;
  }

  private sample(id: string): Sample {
    const index = this.project.labels.index(id);
    const sample = index === undefined ? undefined : this.project.dataset.samples[index];
    if (sample) return sample;
    throw new OverreadError({
      code: 'OVR400',
      message: `There is no sample "${id}"`,
      fix: 'Refresh the view',
    });
  }

  private locate(sample: Sample): string {
    this.resolver ??= new ImageResolver(this.project.root, this.project.config);
    return this.resolver.resolve(sample);
  }

  private tryLocate(sample: Sample): string | undefined {
    try {
      return this.locate(sample);
    } catch (error) {
      if (error instanceof OverreadError) return undefined;
      throw error;
    }
  }
}
