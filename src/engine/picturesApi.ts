/** What the engine asks of the process that reads images. Types only. */
import type { Preprocessing } from '../core/images/model';
import type { NetworkInput } from '../core/heatmaps/networkInput';
import type { ProjectConfig } from '../core/config/config';
import type { Sample } from '../core/dataset/model';
import type { DetailPixels, DicomTags } from '../protocol/engineApi';

/** The part of a sample that its image is found by. */
export type PictureOf = Pick<Sample, 'id' | 'path' | 'row'>;

/** Absolute folders of a project. */
export interface PicturePlace {
  /** As the window names it. */
  readonly root: string;
  /** Without links. */
  readonly realRoot: string;
  /** Its part of the user's cache. */
  readonly cacheFolder: string;
}

export interface PictureMethods {
  /** Whose pictures they are; again when the table or the configuration changed. */
  openProject(place: PicturePlace, config: ProjectConfig): Promise<void>;
  /** Absolute path of the image. @throws OVR205 outside the declared folders */
  imagePath(picture: PictureOf): Promise<string>;
  /** The file of the thumbnail. @throws OVR300 to OVR304, OVR003 the image cannot be read */
  thumbnail(picture: PictureOf): Promise<string>;
  /** @throws as `thumbnail` */
  pixels(picture: PictureOf): Promise<DetailPixels>;
  /** What tells the image's content. @throws as `thumbnail` */
  contentKey(picture: PictureOf): Promise<string>;
  /** @throws as `thumbnail` */
  networkInput(picture: PictureOf, preprocessing: Preprocessing, channels: 1 | 3): Promise<NetworkInput>;
  /** The pixels of a file of no project, `file.dcm#frame` with a frame. @param file absolute @throws as `thumbnail` */
  filePixels(file: string): Promise<DetailPixels>;
  /** The elements of a DICOM file. @param file absolute @throws OVR301, OVR300, OVR003 it cannot be read */
  dicomTags(file: string): Promise<DicomTags>;
  /** The ids of the pictures at or below one of these absolute paths. */
  samplesAt(pictures: readonly PictureOf[], paths: readonly string[]): Promise<readonly string[]>;
}
