/** Pictures of one project: where images are, their thumbnails, and pixels for Read mode. */
import * as path from 'node:path';
import { OverreadError } from '../core/base/errors';
import { projectCacheFolder } from '../core/base/userCache';
import type { FindInput } from '../core/heatmaps/networkInput';
import { thumbnailsBelow } from '../core/images/thumbnail';
import type { DetailPixels, Thumbnail } from '../protocol/engineApi';
import type { LiveProject } from './liveProject';
import type { PictureOf } from './picturesApi';
import { pictureLimits, PicturesProcess } from './picturesProcess';

/** The process's program, which the build lays beside the engine's own. */
const program = path.join(__dirname, 'pictures.js');

export class Pictures {
  private readonly process: PicturesProcess;
  /** For heat maps, by sample. */
  readonly findInput: FindInput = async (id) => ({
    key: await this.ask(id, (rpc, picture) => rpc.call('contentKey', picture)),
    load: (preprocessing, channels) =>
      this.ask(id, (rpc, picture) => rpc.call('networkInput', picture, preprocessing, channels)),
  });

  /**
   * @param cacheDir the user's cache
   * @param stuckMs milliseconds after which a disk that does not answer is given up
   */
  constructor(
    private readonly project: LiveProject,
    private readonly cacheDir: string,
    stuckMs = pictureLimits.stuckMs,
  ) {
    this.process = new PicturesProcess(program, (rpc) => this.open(rpc), { ...pictureLimits, stuckMs });
  }

  /** Starts the process that reads: somebody is about to look. */
  start(): void {
    this.process.start();
  }

  /** Absolute path of a sample's image. @throws OVR400 unknown sample, OVR205 outside the roots */
  imagePath(id: string): Promise<string> {
    return this.ask(id, (rpc, picture) => rpc.call('imagePath', picture), true);
  }

  /** @throws OVR300 to OVR304, OVR003 when the image cannot be read */
  pixels(id: string): Promise<DetailPixels> {
    return this.ask(id, (rpc, picture) => rpc.call('pixels', picture), true);
  }

  /** One answer per sample, in order; an image that cannot be drawn answers with its reason. */
  thumbnails(ids: readonly string[]): Promise<Thumbnail[]> {
    return Promise.all(
      ids.map(async (sample): Promise<Thumbnail> => {
        try {
          return { sample, file: await this.ask(sample, (rpc, picture) => rpc.call('thumbnail', picture)) };
        } catch (error) {
          if (error instanceof OverreadError) return { sample, error: error.describe() };
          throw error;
        }
      }),
    );
  }

  /** The samples whose image is one of these paths or lies below one. */
  async samplesAt(paths: readonly string[]): Promise<string[]> {
    const pictures = this.project.dataset.samples.map(pictureOf);
    return [...(await this.process.ask((rpc) => rpc.call('samplesAt', pictures, paths), true))];
  }

  /** The table or the configuration changed: folders are looked up anew. */
  forgetPaths(): void {
    this.process.tell((rpc) => this.open(rpc));
  }

  /** Absolute folder of the thumbnails, made or not. */
  get thumbnailFolder(): string {
    return thumbnailsBelow(this.cacheFolder);
  }

  private get cacheFolder(): string {
    return projectCacheFolder(this.cacheDir, this.project.folder.root);
  }

  private open(rpc: PictureRpc): void {
    const { root, folder, config } = this.project;
    const place = { root, realRoot: folder.root, cacheFolder: this.cacheFolder };
    // Requests that follow wait for it there; that the process ended shows by them.
    rpc.call('openProject', place, config).catch(() => undefined);
  }

  /** @throws OVR400 there is no such sample */
  private async ask<T>(
    id: string,
    work: (rpc: PictureRpc, picture: PictureOf) => Promise<T>,
    urgent = false,
  ): Promise<T> {
    const index = this.project.labels.index(id);
    const sample = index === undefined ? undefined : this.project.dataset.samples[index];
    if (!sample) {
      throw new OverreadError({
        code: 'OVR400',
        message: `There is no sample "${id}"`,
        fix: 'Refresh the view',
      });
    }
    return this.process.ask((rpc) => work(rpc, pictureOf(sample)), urgent);
  }
}

type PictureRpc = ReturnType<PicturesProcess['start']>;

function pictureOf({ id, path: file, row }: PictureOf): PictureOf {
  return { id, path: file, row };
}
