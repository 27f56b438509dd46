/**
 * `overread relink`: images that are no longer where the table says are found again. The table stays as it is, and with it
 * the names of samples, which labels, splits and runs go by: what changes is how its paths lead to files. One folder that
 * all images moved to becomes `dataset.images`; anything else stands in `moved.jsonl`.
 */
import { existsSync } from 'node:fs';
import * as fs from 'node:fs/promises';
import * as path from 'node:path';
import { isInside } from '../../base/files';
import type { WorkOptions } from '../../base/ports';
import type { ProjectFolder } from '../../base/projectFolder';
import type { Problem } from '../../base/report';
import { loadConfig, setConfigValue, type ProjectConfig } from '../../config/config';
import { withoutPrefix } from '../../dataset/imageIndex';
import { ImageResolver } from '../../dataset/imagePath';
import { formatMovedImages, movedFile, readMovedImages } from '../../dataset/movedImages';
import { readDataset } from '../../dataset/read';
import type { ContentHashes } from '../../images/contentHashes';
import { splitFrame } from '../../images/frameReference';
import { readImageTree } from '../../images/imageTree';
import { relativeTo } from '../source';
import { goneImages, type GoneImage } from './goneImages';
import { MovedFiles, stemOf, type FoundBy, type Match } from './matchMoved';

/** An image that was found again. Paths as people name them: as in the table, and relative to the project. */
export interface Relinked {
  readonly sample: string;
  readonly row: number;
  readonly from: string;
  readonly to: string;
  readonly by: FoundBy;
}

/** An image that was not found, or may be any of several files. */
export interface NotRelinked {
  readonly sample: string;
  readonly row: number;
  /** Relative to the project; none where it was not found. */
  readonly candidates: readonly string[];
}

export interface RelinkPlan {
  readonly samples: number;
  /** Samples whose files are gone. */
  readonly gone: number;
  readonly found: readonly Relinked[];
  readonly left: readonly NotRelinked[];
  /** What will be written: settings of overread.yaml, and how many lines of moved.jsonl. */
  readonly settings: readonly { readonly setting: string; readonly value: unknown }[];
  readonly lines: number;
}

export interface RelinkOptions extends WorkOptions {
  /** Absolute; by default the folders of the project, of its table and `dataset.images`. */
  readonly searchIn?: string;
  /** What files were when they were last read; without it, renamed files are not found. */
  readonly memo?: ContentHashes;
}

interface Found {
  readonly image: GoneImage;
  readonly file: string;
}

/** A plan, and how it is carried out. */
export interface Relink {
  readonly plan: RelinkPlan;
  /** What is wrong with the table. */
  readonly problems: readonly Problem[];
  /** Writes it; each file is whole before and after. @throws OVR003, OVR005 */
  readonly write: () => Promise<void>;
}

/** Looks for what is gone; writes nothing. @throws OVR1xx, OVR2xx as reading the project does, OVR003 */
export async function planRelink(folder: ProjectFolder, options: RelinkOptions): Promise<Relink> {
  const { root } = folder;
  const config = await loadConfig(root);
  const { dataset, problems } = await readDataset(root, config);
  const resolver = await ImageResolver.open(root, config, options);
  const { gone, taken } = await goneImages(resolver, dataset.samples, options);
  const searched =
    gone.length === 0
      ? []
      : await Promise.all(
          placesOf(root, config, options.searchIn).map(async (place) => {
            const real = await fs.realpath(place);
            return { folder: real, tree: await readImageTree(real, options) };
          }),
        );
  const names = new Map<string, number>();
  for (const written of new Set(dataset.samples.map((sample) => splitFrame(sample.path).file)))
    names.set(stemOf(written), (names.get(stemOf(written)) ?? 0) + 1);
  const matches = await new MovedFiles(searched, taken, options.memo, names).match(gone, options);
  const found = matches.filter((match) => 'file' in match);
  const way = wayTo(root, config, found, taken.size);
  const known = new Map(matches.map((match) => [match.image, match]));
  return {
    plan: {
      samples: dataset.samples.length,
      gone: gone.flatMap(({ samples }) => samples).length,
      found: found.flatMap(({ image, file, by }) =>
        image.samples.map(({ id, row }) => ({
          ...{ sample: id, row, from: image.written },
          ...{ to: relativeTo(root, file), by },
        })),
      ),
      left: gone.flatMap((image) => notRelinked(root, image, known.get(image))),
      settings: way.settings.map(([keys, value]) => ({ setting: keys.join('.'), value })),
      lines: way.moved.size,
    },
    problems,
    write: () => write(folder, way),
  };
}

/** Where images are looked for: as in `overread init`, no folder twice. */
function placesOf(root: string, { dataset }: ProjectConfig, searchIn: string | undefined): string[] {
  if (searchIn !== undefined) return [searchIn];
  const folders = [root, path.dirname(path.resolve(root, dataset.table)), path.resolve(root, dataset.images)];
  const there = [...new Set(folders)].filter((folder) => existsSync(folder));
  return there.filter((folder) => !there.some((other) => other !== folder && isInside(other, folder)));
}

function notRelinked(root: string, image: GoneImage, match: Match | undefined): NotRelinked[] {
  if (match && 'file' in match) return [];
  const candidates = match?.candidates.map((file) => relativeTo(root, file)) ?? [];
  return image.samples.map(({ id, row }) => ({ sample: id, row, candidates }));
}

type Setting = readonly [keys: readonly string[], value: unknown];

interface Way {
  readonly settings: readonly Setting[];
  /** For moved.jsonl: the file of each path. */
  readonly moved: ReadonlyMap<string, string>;
}

/** One folder for all, where all have moved there; else a line for each. */
function wayTo(root: string, config: ProjectConfig, found: readonly Found[], others: number): Way {
  if (found.length === 0) return { settings: [], moved: new Map() };
  const folder = others === 0 ? commonFolder(config, found) : undefined;
  if (folder !== undefined)
    return { settings: [[['dataset', 'images'], relativeTo(root, folder)]], moved: new Map() };
  const declared = [config.dataset.images, ...config.dataset.roots].map((one) => path.resolve(root, one));
  const outside = found
    .map(({ file }) => path.dirname(file))
    .filter((one) => !declared.some((place) => isInside(place, one)));
  const roots =
    outside.length === 0 ? [] : [...config.dataset.roots, relativeTo(root, sharedFolder(outside))];
  return {
    settings: roots.length === 0 ? [] : [[['dataset', 'roots'], roots]],
    moved: new Map(found.map(({ image, file }) => [image.written, file])),
  };
}

/** The folder below which all are at their paths. */
function commonFolder({ dataset }: ProjectConfig, found: readonly Found[]): string | undefined {
  let common: string | undefined;
  for (const { image, file } of found) {
    const end = path.normalize(`${withoutPrefix(image.written, dataset.prefix)}${dataset.extension}`);
    const folder = file.normalize('NFC').endsWith(`${path.sep}${end}`)
      ? file.slice(0, file.length - end.length - 1)
      : undefined;
    if (folder === undefined || (common !== undefined && common !== folder)) return undefined;
    common = folder;
  }
  return common;
}

function sharedFolder(folders: readonly string[]): string {
  return folders.reduce((shared, folder) => {
    let common = shared;
    while (!isInside(common, folder)) common = path.dirname(common);
    return common;
  });
}

/** The lines first: without the settings they lead nowhere new, and relink is run again. */
async function write(folder: ProjectFolder, { settings, moved }: Way): Promise<void> {
  if (moved.size > 0) {
    const { files } = await readMovedImages(folder.root);
    await folder.writeFile(movedFile, formatMovedImages(folder.root, new Map([...files, ...moved])));
  }
  for (const [keys, value] of settings) await setConfigValue(folder, keys, value);
}
