/** Features of images. Types only. */
import type { CacheMac } from '../base/cacheMac';
import type { ProjectFolder } from '../base/projectFolder';
import type { Problem } from '../base/report';
import type { WorkOptions } from '../base/ports';
import type { Backbone, WeightsIdentity } from '../networks/model';
import type { Device, OpenedDevice } from '../onnx/model';
import type { RowSink } from './rows';

/** An image without features, and why. */
export interface ImageFault {
  /** Its index in what was asked for. */
  readonly image: number;
  readonly problem: Problem;
}

/** Features of N images, in the order asked for. */
export interface FeatureTable {
  /** Features of an image; 0 when no image could be read. */
  readonly dim: number;
  /** N × dim, row-major; rows of skipped images are zero. Empty where the request named a sink. */
  readonly features: Float32Array;
  /** 1 where there are features, else 0 (and a fault). */
  readonly present: Uint8Array;
  /** SHA-256 of each file; '' where the file could not be read. */
  readonly contentHashes: readonly string[];
  /** Images whose features were in the cache when the work began. */
  readonly cached: number;
  /** Images that got their features now; equal files are computed once. */
  readonly computed: number;
  readonly faults: readonly ImageFault[];
  /** What inference ran on; null when nothing had to be computed. */
  readonly opened: OpenedDevice | null;
  /** From the opened network to the last feature, s; null when nothing had to be computed. */
  readonly computeSeconds: number | null;
}

export interface ImageFile {
  /** The sample, as the user knows it. */
  readonly id: string;
  /** Absolute path. */
  readonly file: string;
}

export interface ExtractRequest extends WorkOptions {
  /** The project's folder; the features lie in its `.overread/`. */
  readonly folder: ProjectFolder;
  /** The project's part of the user's cache (`projectCacheFolder`): content hashes. */
  readonly cacheFolder: string;
  /** Tells the features that this user wrote from those of others. */
  readonly mac: CacheMac;
  readonly images: readonly ImageFile[];
  readonly weights: WeightsIdentity;
  /** Takes the features in place of the table, by the number of the image: for tables that are not held in memory. */
  readonly sink?: RowSink;
  /** Builds the backbone for images of that many channels: called when the first of them has to be computed. */
  readonly loadBackbone: (channels: 1 | 3) => Promise<Backbone>;
  readonly device: Device;
  /** The user's cache, where it is remembered which device is the fastest: `auto` measures nothing without it. */
  readonly cacheDir?: string;
  /** Where more images than these would have to be read anew, nothing is: `FeaturesMissing` is thrown. */
  readonly mostMissing?: number | undefined;
  /** Images of one inference call; by default what was fastest on the device. */
  readonly batch?: number;
  /**
   * The built program of inferenceWorker.ts. With it inference runs on a thread of its own, so that images are
   * prepared meanwhile and the calling thread stays free; without it on the calling thread.
   */
  readonly inferenceProgram?: string;
  /**
   * The built program of preparationWorker.ts, by default the one beside the other. With it images are prepared on as many
   * threads as there are processors; without it on the calling thread.
   */
  readonly preparationProgram?: string;
}
