/** Images in folders that are called like their classes, whatever other folders stand above, between and beside. */
import * as path from 'node:path';
import { OverreadError } from '../base/errors';
import { normalisePath } from '../base/files';
import { extractPattern, patternFault } from '../base/linearPattern';
import type { WorkOptions } from '../base/ports';
import type { Problem } from '../base/report';
import type { Split } from '../dataset/model';
import { imageExtensions } from '../images/imageNames';
import { naturally, readImageTree } from '../images/imageTree';
import { classesInNames } from './classesInNames';
import { noPictureProblems, withoutNoPictures } from './dicomFiles';
import { classLevel, partsOfFolders, type Level } from './folderLevels';
import { withoutCopies, withoutMasks } from './notImages';

/** An image of a folder per class. */
export interface FoundImage {
  /** Relative to the folder, POSIX separators, NFC. */
  readonly path: string;
  readonly label: string;
  /** From a folder above or below the class (train/Normal/1.png), else null. */
  readonly split: Split | null;
}

export interface ClassFolders {
  readonly images: readonly FoundImage[];
  /** Why these folders are the classes, for people. */
  readonly because: string;
  /** What was left out, and what else was decided. */
  readonly problems: readonly Problem[];
}

/** Where the class stands, as the user says. */
export interface ClassPlace {
  /** The level of folders that are the classes, from 1; guessed by default. */
  readonly classLevel?: number;
  /** A regular expression instead: its first group finds the class in the path of an image. */
  readonly classPattern?: string;
  /** Of DICOM files with several frames each frame is an image; default: one of them. */
  readonly frames?: 'one' | 'all';
}

/**
 * The images of a folder in natural order, with the level of folders that is its classes, as `classLevel` finds it, or
 * with what a pattern finds. Masks, thumbnails, second copies and what archivers leave are left out and told.
 * @throws OverreadError OVR001 (the pattern is none), OVR104 when there is no such folder, no image in folders below it,
 *   or one class only
 */
export async function findClassImages(
  folder: string,
  options: WorkOptions & ClassPlace = {},
): Promise<ClassFolders> {
  const shown = path.basename(folder);
  const tree = await readImageTree(folder, options).catch((error: unknown) => {
    if (error instanceof OverreadError) throw error;
    throw new OverreadError({
      code: 'OVR104',
      message: `The folder ${shown} cannot be read`,
      fix: 'Name an existing folder.',
      cause: error,
    });
  });
  const problems: Problem[] = tree.leftOut.map(({ kind, first, count }) => leftOut(kind, count, first));
  const pictures = await withoutNoPictures(folder, tree.files, options);
  problems.push(...noPictureProblems(pictures));
  const images = withoutMasks(pictures.kept);
  if (images.dropped.length > 0) problems.push(leftOut('mask', images.dropped.length, images.dropped[0]));
  const once = withoutCopies(images.kept, shown);
  if (once.dropped.length > 0) problems.push(leftOut('copy', once.dropped.length, once.dropped[0]));
  const { found, because } =
    options.classPattern === undefined
      ? byFolders(once.kept, shown, options.classLevel)
      : byPattern(once.kept, shown, options.classPattern);
  const unlabelled = once.kept.filter((_, i) => found[i] === undefined);
  if (unlabelled.length > 0) problems.push(leftOut('unlabelled', unlabelled.length, unlabelled[0]));
  const labelled = found.flatMap((image, i): FoundImage[] => {
    const count = options.frames === 'all' ? pictures.frames.get(once.kept[i] ?? '') : undefined;
    if (!image || count === undefined) return image ? [image] : [];
    return Array.from({ length: count }, (_, frame) => ({ ...image, path: `${image.path}#${frame + 1}` }));
  });
  return { images: labelled.sort((a, b) => naturally(a.path, b.path)), because, problems };
}

interface Labelled {
  /** One for each file; undefined where it has no class. */
  readonly found: readonly (FoundImage | undefined)[];
  readonly because: string;
}

function byFolders(files: readonly string[], shown: string, asked: number | undefined): Labelled {
  const folders = files.map((file) => file.split('/').slice(0, -1));
  if (!folders.some(({ length }) => length > 0)) throw noFolders(shown, files);
  const level = classLevel(folders, asked);
  const found = files.map((file, i): FoundImage | undefined => {
    const label = level.labelOf(folders[i] ?? []);
    return label === undefined
      ? undefined
      : { path: normalisePath(file), label, split: level.partOf(folders[i] ?? []) };
  });
  refuseOneClass(found, shown, level, folders);
  return { found, because: level.because };
}

function byPattern(files: readonly string[], shown: string, pattern: string): Labelled {
  const fault = patternFault(pattern);
  if (fault !== undefined) {
    throw new OverreadError({
      code: 'OVR001',
      message: `--class-pattern is no regular expression that can be used: ${fault}`,
      expected: 'one without lookahead, lookbehind and references back',
    });
  }
  const folders = files.map((file) => file.split('/').slice(0, -1));
  const partOf = partsOfFolders(folders);
  const texts = extractPattern(pattern, files);
  const found = files.map((file, i): FoundImage | undefined => {
    const label = texts[i]?.trim().normalize('NFC') ?? '';
    return label === '' ? undefined : { path: normalisePath(file), label, split: partOf(folders[i] ?? []) };
  });
  const labels = new Set(found.flatMap((image) => image?.label ?? []));
  if (labels.size < 2) {
    throw new OverreadError({
      code: 'OVR104',
      message: `The pattern ${pattern} finds ${labels.size === 0 ? 'no class' : 'one class only'} in the names of the ${files.length} images of ${shown}`,
      expected: 'a group that finds two or more classes, such as _([a-z]+)\\.png$',
    });
  }
  return { found, because: `${labels.size} texts that ${pattern} finds in the names` };
}

/** One and several of them, and what to do. */
const kinds = {
  leftovers: [
    'folder of thumbnails or of what an archiver left',
    'folders of thumbnails or of what an archiver left',
    '',
  ],
  'linked folder': [
    'linked folder',
    'linked folders',
    'Links to folders are not followed. Name the folder that the link leads to with --images.',
  ],
  'own folder': ['folder of Overread’s own files', 'folders of Overread’s own files', ''],
  mask: ['mask', 'masks', 'A mask shows the answer. If these are images, use --csv with a table of them.'],
  copy: ['image of a second copy', 'images of a second copy', ''],
  unlabelled: ['image without a class', 'images without a class', ''],
} as const;

function leftOut(kind: keyof typeof kinds, count: number, first = ''): Problem {
  const [one, several, fix] = kinds[kind];
  return {
    severity: kind === 'linked folder' || kind === 'unlabelled' ? 'warning' : 'info',
    code: 'OVR104',
    message: `${count} ${count === 1 ? `${one} is` : `${several} are`} left out, such as ${first}`,
    ...(fix === '' ? {} : { fix }),
  };
}

function noFolders(shown: string, files: readonly string[]): OverreadError {
  const named = classesInNames(files);
  const classes = named?.classes.map(([name, count]) => `${name} (${count})`).join(', ');
  return new OverreadError({
    code: 'OVR104',
    message:
      files.length === 0
        ? `The folder ${shown} holds no image`
        : `The ${files.length} images of the folder ${shown} are in no folders of classes`,
    expected: `one folder per class with ${imageExtensions.join(', ')} files`,
    fix: `${named ? `If the names say the class, ${classes}, use --class-pattern '${named.pattern}'. ` : ''}If a table has the labels, use --csv FILE.`,
  });
}

function refuseOneClass(
  found: readonly (FoundImage | undefined)[],
  shown: string,
  level: Level,
  folders: readonly (readonly string[])[],
): void {
  const labels = new Set(found.flatMap((image) => image?.label ?? []));
  if (labels.size > 1) return;
  const [only = ''] = labels;
  const names = [...new Set(folders.map((parts) => parts[level.index + 1] ?? ''))].filter(
    (name) => name !== '',
  );
  const below = names.sort(naturally).slice(0, 5).join(', ');
  throw new OverreadError({
    code: 'OVR104',
    message: `All images of ${shown} would be of one class, "${only}"`,
    expected: 'a folder that holds one folder for each of two or more classes',
    fix: `Name the folder above with --images${below === '' ? '' : `, or one below (there are ${below})`}; if a table has the labels, use --csv FILE.`,
  });
}
