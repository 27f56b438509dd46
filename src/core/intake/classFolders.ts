/** Images in folders that are called like their classes, whatever other folders stand above, between and beside. */
import * as path from 'node:path';
import { OverreadError } from '../base/errors';
import { normalisePath } from '../base/files';
import type { WorkOptions } from '../base/ports';
import type { Problem } from '../base/report';
import type { Split } from '../dataset/model';
import { parseSplit } from '../dataset/givenSplit';
import { imageExtensions } from '../images/imageNames';
import { naturally, readImageTree } from '../images/imageTree';
import { classLevel, type Level } from './folderLevels';
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

/**
 * The images of a folder, with the level of folders that are its classes, as `classLevel` finds it. In natural order. Masks, thumbnails, second
 * copies and what archivers leave are left out and told.
 * @throws OverreadError OVR104 when there is no such folder, no image in folders below it, or one class only
 */
export async function findClassImages(
  folder: string,
  options: WorkOptions & { readonly classLevel?: number } = {},
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
  const images = withoutMasks(tree.files);
  if (images.dropped.length > 0) problems.push(leftOut('mask', images.dropped.length, images.dropped[0]));
  const once = withoutCopies(images.kept, shown);
  if (once.dropped.length > 0) problems.push(leftOut('copy', once.dropped.length, once.dropped[0]));
  const folders = once.kept.map((file) => file.split('/').slice(0, -1));
  if (!folders.some(({ length }) => length > 0)) throw noFolders(shown, once.kept.length);
  const level = classLevel(folders, options.classLevel);
  const found: FoundImage[] = [];
  const unlabelled: string[] = [];
  for (const [i, file] of once.kept.entries()) {
    const label = level.labelOf(folders[i] ?? []);
    if (label === undefined) unlabelled.push(file);
    else found.push({ path: normalisePath(file), label, split: splitOf(folders[i] ?? [], level) });
  }
  refuseOneClass(found, shown, level, folders);
  if (unlabelled.length > 0) problems.push(leftOut('unlabelled', unlabelled.length, unlabelled[0]));
  return { images: found.sort((a, b) => naturally(a.path, b.path)), because: level.because, problems };
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
  unlabelled: ['image without a class folder', 'images without a class folder', ''],
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

/** The part that a folder names, beside the class. */
function splitOf(folders: readonly string[], level: Level): Split | null {
  for (const [k, name] of folders.entries()) {
    const split = k === level.index ? null : parseSplit(name);
    if (split) return split;
  }
  return null;
}

function noFolders(shown: string, images: number): OverreadError {
  return new OverreadError({
    code: 'OVR104',
    message:
      images === 0
        ? `The folder ${shown} holds no image`
        : `The ${images} images of the folder ${shown} are in no folders of classes`,
    expected: `one folder per class with ${imageExtensions.join(', ')} files`,
    fix: 'If a table has the labels, use --csv FILE.',
  });
}

function refuseOneClass(
  found: readonly FoundImage[],
  shown: string,
  level: Level,
  folders: readonly (readonly string[])[],
): void {
  const labels = new Set(found.map(({ label }) => label));
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
