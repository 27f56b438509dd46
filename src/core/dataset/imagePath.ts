/**
 * From a sample to its image file. A table is data from elsewhere: its paths, and the links they lead over, must
 * stay inside the folders that overread.yaml declares (dataset.images and dataset.roots).
 */
import * as fs from 'node:fs';
import * as path from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { OverreadError, throwIfCancelled } from '../base/errors';
import { isInside } from '../base/files';
import { shownValue } from '../base/visibleText';
import { ImageIndex, pathParts, withoutPrefix } from './imageIndex';
import { readMovedImages } from './movedImages';
import type { WorkOptions } from '../base/ports';
import { frameSuffix, splitFrame } from '../images/frameReference';
import type { Problem } from '../base/report';
import type { ProjectConfig } from '../config/config';
import type { Sample } from './model';

/** An image of the table: where it is, or why it may not be read. */
export type ImageLocation =
  { readonly id: string; readonly file: string } | { readonly id: string; readonly problem: Problem };

/**
 * Where the images of many samples are: what is known of a folder is asked once. 112,120 links take about 1.7 s
 * of processor time, plain files half; the event loop stays free in between.
 */
export async function resolveImages(
  root: string,
  config: ProjectConfig,
  samples: readonly Sample[],
  options: WorkOptions = {},
): Promise<ImageLocation[]> {
  const resolver = await ImageResolver.open(root, config, options);
  const locations: ImageLocation[] = [];
  for (const [i, sample] of samples.entries()) {
    if (i % 512 === 511) await nextTurn();
    throwIfCancelled(options.signal);
    try {
      locations.push({ id: sample.id, file: resolver.resolve(sample) });
    } catch (error) {
      if (!(error instanceof OverreadError)) throw error;
      locations.push({ id: sample.id, problem: { ...error.toJSON(), severity: 'error' } });
    }
  }
  return locations;
}

/** What a resolver needs of a configuration. */
export interface ImageSettings {
  readonly dataset: Pick<
    ProjectConfig['dataset'],
    'table' | 'path' | 'images' | 'roots' | 'prefix' | 'extension' | 'search'
  >;
}

/** Resolves the images of one project and remembers its folders; make a new one when the disk may have changed. */
export class ImageResolver {
  private readonly imageFolder: string;
  private readonly roots: readonly string[];
  private readonly realRoots: readonly string[];
  private readonly realFolders = new Map<string, string | undefined>();

  /**
   * @param index the images below `dataset.images`, where they are to be looked for
   * @param moved where images are that are not at their paths (`movedImages.ts`)
   */
  constructor(
    root: string,
    private readonly config: ImageSettings,
    private readonly index?: ImageIndex,
    private readonly moved: ReadonlyMap<string, string> = new Map(),
  ) {
    this.imageFolder = path.resolve(root, config.dataset.images);
    this.roots = [this.imageFolder, ...config.dataset.roots.map((folder) => path.resolve(root, folder))];
    this.realRoots = this.roots.map((folder) => realPath(folder) ?? folder);
  }

  /** The resolver of a project as its disk is now; with `dataset.search` the folder of images is walked once. */
  static async open(root: string, config: ImageSettings, options: WorkOptions = {}): Promise<ImageResolver> {
    const { images, search } = config.dataset;
    // A folder that cannot be read holds no images: each of them is reported as missing.
    const index = search
      ? await ImageIndex.read(path.resolve(root, images), options).catch((error: unknown) => {
          if (error instanceof OverreadError) throw error;
          return undefined;
        })
      : undefined;
    return new ImageResolver(root, config, index, (await readMovedImages(root)).files);
  }

  /**
   * The absolute path of a sample's image, as the table names it (links are checked, not replaced), with the frame that it
   * names. A file that
   * does not exist yields its path too: decoding reports it (OVR300).
   * @throws OverreadError OVR205 when the path, or what it links to, lies outside the declared roots; OVR212 when it
   *   is looked for and several files fit
   */
  resolve(sample: Pick<Sample, 'path' | 'row'>): string {
    const reference = splitFrame(sample.path);
    return this.resolveFile({ ...sample, path: reference.file }) + frameSuffix(reference);
  }

  private resolveFile(sample: Pick<Sample, 'path' | 'row'>): string {
    const { prefix, extension } = this.config.dataset;
    const written = `${withoutPrefix(sample.path, prefix)}${extension}`;
    const moved = this.moved.get(sample.path);
    const file = moved !== undefined && this.placeOf(moved) ? moved : path.resolve(this.imageFolder, written);
    const isAllowed = [...this.roots, ...this.realRoots].some((folder) => isInside(folder, file));
    if (!isAllowed && !this.index) throw this.refusal(sample, 'lies');
    const there = isAllowed ? (this.realFile(file) ?? this.decomposedFile(written)) : undefined;
    const found = there ?? this.searched(sample, written);
    if (!found) {
      if (isAllowed) return file;
      throw this.refusal(sample, 'lies');
    }
    if (!this.realRoots.some((folder) => isInside(folder, found.real))) throw this.refusal(sample, 'links');
    return found.file;
  }

  /** The image below the folder whose path ends as the sample's does, all of it that is no prefix. */
  private searched(
    sample: Pick<Sample, 'path' | 'row'>,
    written: string,
  ): { file: string; real: string } | undefined {
    if (!this.index) return undefined;
    const least = pathParts(written).length;
    const found = this.index.find(pathParts(`${sample.path}${this.config.dataset.extension}`), least);
    if ('file' in found) return this.realFile(path.join(this.imageFolder, found.file));
    const [first, second] = found.candidates;
    if (first === undefined || second === undefined) return undefined;
    const { table, path: field } = this.config.dataset;
    throw new OverreadError({
      code: 'OVR212',
      message: `The image of row ${sample.row} may be ${shownValue(first)} or ${shownValue(second)}`,
      place: { file: table, row: sample.row, field },
      expected: 'one file that fits the path',
      fix: 'Write more of its folders into the table, or shorten dataset.prefix in overread.yaml.',
    });
  }

  /** Names are NFC in Overread; a file system that keeps them as written may hold the decomposed form. */
  private decomposedFile(written: string): { file: string; real: string } | undefined {
    const decomposed = written.normalize('NFD');
    return decomposed === written ? undefined : this.realFile(path.resolve(this.imageFolder, decomposed));
  }

  /** Where a file really is. Its folder is asked once, and a link to a plain file costs no walk down its path. */
  private realFile(file: string): { file: string; real: string } | undefined {
    const place = this.placeOf(file);
    if (!place) return undefined;
    if (!place.isLink) return { file, real: place.real };
    const target = path.resolve(path.dirname(place.real), fs.readlinkSync(place.real));
    const targetPlace = this.placeOf(target);
    if (!targetPlace) return undefined;
    const real = targetPlace.isLink ? realPath(target) : targetPlace.real;
    return real === undefined ? undefined : { file, real };
  }

  /** A file in its real folder; undefined where there is none. */
  private placeOf(file: string): { readonly real: string; readonly isLink: boolean } | undefined {
    const folder = path.dirname(file);
    let realFolder = this.realFolders.get(folder);
    if (realFolder === undefined && !this.realFolders.has(folder)) {
      realFolder = realPath(folder);
      this.realFolders.set(folder, realFolder);
    }
    if (realFolder === undefined) return undefined;
    const real = path.join(realFolder, path.basename(file));
    try {
      return { real, isLink: fs.lstatSync(real).isSymbolicLink() };
    } catch {
      // Not there, or a name that the system refuses (too long, a zero in it): decoding says so.
      return undefined;
    }
  }

  private refusal(sample: Pick<Sample, 'row'>, how: 'lies' | 'links'): OverreadError {
    return new OverreadError({
      code: 'OVR205',
      message: `The image path of row ${sample.row} ${how === 'lies' ? 'leads' : 'is a link that leads'} out of the declared folders`,
      place: { file: this.config.dataset.table, row: sample.row, field: this.config.dataset.path },
      expected: 'an image inside dataset.images or dataset.roots',
      fix: 'Correct the path, or add the folder of the image to dataset.roots in overread.yaml.',
    });
  }
}

/** The path without links; undefined where there is no such file, or a link leads nowhere or in a circle. */
function realPath(file: string): string | undefined {
  try {
    return fs.realpathSync.native(file);
  } catch {
    return undefined;
  }
}
