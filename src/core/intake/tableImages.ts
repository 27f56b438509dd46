/** Where the images of a table are, and how its paths lead there. */
import * as fs from 'node:fs/promises';
import * as path from 'node:path';
import { throwIfCancelled } from '../base/errors';
import { normalisePath } from '../base/files';
import type { WorkOptions } from '../base/ports';
import { ImageIndex, pathParts, withoutPrefix } from '../dataset/imageIndex';
import { splitFrame } from '../images/frameReference';
import { imageExtensionOf } from '../images/imageNames';
import { readImageTree } from '../images/imageTree';
import { withoutMasks } from './notImages';

/** How the paths of a table lead to images. */
export interface TableImages {
  /** Absolute: `dataset.images`. */
  readonly folder: string;
  /** `dataset.prefix`, `dataset.extension`, `dataset.search`. */
  readonly prefix: string;
  readonly extension: string;
  readonly search: boolean;
  /** Of `looked` distinct paths, how many lead to one image. */
  readonly found: number;
  readonly looked: number;
  /** The first path that leads to none, and the first that leads to several. */
  readonly missing: string | undefined;
  readonly ambiguous: { readonly path: string; readonly files: readonly string[] } | undefined;
  /** Another folder with as many files of these names, relative to the place that was looked through. */
  readonly rival?: string;
  /** The same, absolute. */
  readonly rivalFolder?: string;
}

/** Folders that are looked through for images, each of them walked once. */
export class ImagePlaces {
  private readonly indexes = new Map<string, Promise<ImageIndex | undefined>>();

  /** @param folders absolute, the likeliest first */
  constructor(readonly folders: readonly string[]) {}

  /** The images below one of them; undefined where it cannot be read. @throws OVR002 */
  index(folder: string, options: WorkOptions): Promise<ImageIndex | undefined> {
    const known = this.indexes.get(folder);
    if (known) return known;
    const index = readImageTree(folder, options).then(
      // A table of images means the images, also where their masks are called the same.
      (tree) => new ImageIndex({ ...tree, files: withoutMasks(tree.files).kept }),
      (error: unknown) => {
        if (options.signal?.aborted === true) throw error;
        return undefined;
      },
    );
    this.indexes.set(folder, index);
    return index;
  }
}

/** Paths that are tried when ways are compared. */
const probes = 300;

/**
 * The way that leads to the most images, the plainest of several: paths as they are, below any folder; with an ending
 * that they lack; without a beginning that they share; by the ends of the paths, wherever the files are.
 * @param cells the paths of the table
 */
export async function findTableImages(
  cells: readonly (string | null)[],
  places: ImagePlaces,
  options: WorkOptions = {},
): Promise<TableImages | undefined> {
  const written = [
    ...new Set(
      cells.filter((cell) => cell !== null).map((cell) => splitFrame(normalisePath(cell.trim())).file),
    ),
  ];
  let best = await asWritten(written, options);
  if (best && best.found === best.looked) return best;
  for (const place of places.folders) {
    const index = await places.index(place, options);
    if (!index || index.tree.files.length === 0) continue;
    const found = inPlace(place, index, written);
    if (found.found > (best?.found ?? 0)) best = found;
    if (found.found === found.looked) break;
  }
  return best;
}

/** Absolute paths of this machine: the table itself says where its images are. */
async function asWritten(
  written: readonly string[],
  { signal }: WorkOptions,
): Promise<TableImages | undefined> {
  const [first] = written;
  if (first === undefined || !written.every((one) => path.isAbsolute(one))) return undefined;
  let found = 0;
  let missing: string | undefined;
  for (const one of written) {
    throwIfCancelled(signal);
    const isFile = await fs.stat(one).then(
      (stat) => stat.isFile(),
      () => false,
    );
    if (isFile) found++;
    else missing ??= one;
    // Of another machine: no need to ask for each of a hundred thousand.
    if (found === 0 && missing !== undefined) return undefined;
  }
  const folder = path.resolve(sharedFolders(written));
  return {
    ...{ folder, prefix: '', extension: '', search: false },
    ...{ found, looked: written.length, missing, ambiguous: undefined },
  };
}

function inPlace(place: string, index: ImageIndex, written: readonly string[]): TableImages {
  const sorted = new Set(index.tree.files.map((file) => file.normalize('NFC')));
  const ways = beginnings(sharedFolders(written))
    .flatMap((prefix) => plainWays(sorted, index, written, prefix))
    .map((way) => ({ way, misses: written.filter((one) => !sorted.has(joined(way, one))) }))
    .sort((a, b) => a.misses.length - b.misses.length);
  const [plain] = ways;
  if (!plain) return bySearch(place, index, written);
  const looked = written.length;
  const searched = plain.misses.length === 0 ? undefined : bySearch(place, index, written);
  if (searched && searched.found > looked - plain.misses.length) return searched;
  const { way, misses } = plain;
  const [first = ''] = written;
  const rival =
    misses.length === 0
      ? ways.find((other) => other.misses.length === 0 && joined(other.way, first) !== joined(way, first))
      : undefined;
  return {
    ...{ folder: path.join(place, way.root), prefix: way.prefix, extension: way.extension, search: false },
    ...{ found: looked - misses.length, looked, missing: misses[0], ambiguous: searched?.ambiguous },
    ...(rival
      ? {
          rival: rival.way.root === '' ? '.' : rival.way.root,
          rivalFolder: path.join(place, rival.way.root),
        }
      : {}),
  };
}

interface PlainWay {
  /** Below the place that was looked through; '' for itself. */
  readonly root: string;
  readonly prefix: string;
  readonly extension: string;
}

function joined({ root, prefix, extension }: PlainWay, written: string): string {
  const rest = path.posix.normalize(withoutPrefix(written, prefix));
  return `${root === '' ? '' : `${root}/`}${rest}${extension}`;
}

/** The folders below which most of some paths are, as they are written, with one ending for all. */
function plainWays(
  files: ReadonlySet<string>,
  index: ImageIndex,
  written: readonly string[],
  prefix: string,
): PlainWay[] {
  const votes = new Map<string, { readonly way: PlainWay; count: number }>();
  const step = Math.max(1, Math.floor(written.length / probes));
  for (let i = 0; i < written.length; i += step) {
    const whole = written[i] ?? '';
    const rest = pathParts(withoutPrefix(whole, prefix));
    const found = index.find(rest, rest.length);
    for (const file of 'file' in found ? [found.file] : found.candidates) {
      const extension = imageExtensionOf(whole) === '' ? imageExtensionOf(file) : '';
      const end = `${rest.join('/')}${extension}`;
      const name = file.normalize('NFC');
      if (name !== end && !name.endsWith(`/${end}`)) continue;
      const way = { root: name.slice(0, Math.max(0, name.length - end.length - 1)), prefix, extension };
      const key = JSON.stringify(way);
      const known = votes.get(key);
      if (known) known.count++;
      else votes.set(key, { way, count: 1 });
    }
  }
  return [...votes.values()]
    .filter(({ way }) => written.some((one) => files.has(joined(way, one))))
    .sort((a, b) => b.count - a.count)
    .slice(0, 5)
    .map(({ way }) => way);
}

/**
 * By the ends of the paths, letter case and ending apart: below the place, or below one of its folders where that alone
 * tells files apart that fit equally well.
 */
function bySearch(place: string, index: ImageIndex, written: readonly string[]): TableImages {
  const whole = searchIn(place, index, written);
  if (!whole.ambiguous) return whole;
  const folders = [...new Set(whole.ambiguous.files.map((file) => file.slice(0, file.lastIndexOf('/') + 1)))];
  const within = folders
    .filter((folder) => folder !== '')
    .map((folder) => searchIn(path.join(place, folder), index.below(folder), written))
    .sort((a, b) => b.found - a.found);
  const [best, next] = within;
  return best && best.found > whole.found && best.found > (next?.found ?? 0) ? best : whole;
}

/** With as much of the paths as all of them have in files: the folders of another machine are dropped, one by one. */
function searchIn(folder: string, index: ImageIndex, written: readonly string[]): TableImages {
  const tried = beginnings(sharedFolders(written)).map((prefix) => search(folder, index, written, prefix));
  return tried.reduce((best, next) => (next.found > best.found ? next : best));
}

function search(folder: string, index: ImageIndex, written: readonly string[], prefix: string): TableImages {
  let found = 0;
  let missing: string | undefined;
  let ambiguous: TableImages['ambiguous'];
  for (const one of written) {
    const least = pathParts(withoutPrefix(one, prefix)).length;
    const fit = index.find(pathParts(one), least);
    if ('file' in fit) found++;
    else if (fit.candidates.length > 1) ambiguous ??= { path: one, files: fit.candidates };
    else missing ??= one;
  }
  return { folder, prefix, extension: '', search: true, found, looked: written.length, missing, ambiguous };
}

/** '', and the folders with one more of them each: `a/b/` has '', `a/`, `a/b/`. */
function beginnings(folders: string): string[] {
  const ends = [...folders.matchAll(/\/+/g)].map((slash) => slash.index + slash[0].length);
  return ['', ...ends.map((end) => folders.slice(0, end))];
}

/** The folders that all paths begin with, with the slash behind them; '' for none. */
function sharedFolders(written: readonly string[]): string {
  const [first = ''] = written;
  let length = first.lastIndexOf('/') + 1;
  for (const one of written) {
    while (length > 0 && !one.startsWith(first.slice(0, length))) {
      length = first.lastIndexOf('/', length - 2) + 1;
    }
  }
  return first.slice(0, length);
}
