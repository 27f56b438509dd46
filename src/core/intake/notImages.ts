/** Files that end like images and are none to learn from: masks beside their images, and a second copy of everything. */
import { imageExtensionOf } from '../images/imageNames';

export interface Parted {
  readonly kept: readonly string[];
  readonly dropped: readonly string[];
}

/** How masks are called after their images: `benign (4)_mask_1.png`. */
const maskEnd = /[-_ .](?:mask|masks|seg|segmentation|annotation|contour|roi)(?:[-_ ]?\d+)?$/i;
const maskFolder = /^(?:masks?|segmentations?|segs?|ground[-_ ]?truths?|annotations?|contours?)$/i;
const imageFolder = /^(?:images?|imgs?|pictures?|scans?|originals?|raw)$/i;

/**
 * Parts masks from images. A file is a mask when the image that its name begins with is there, or when it lies in a
 * folder of masks that stands beside other folders of images.
 * @param files paths with POSIX separators
 */
export function withoutMasks(files: readonly string[]): Parted {
  const stems = new Set(files.map(stemOf));
  const folders = new Set(files.flatMap((file) => foldersOf(file)));
  return parted(files, (file) => {
    const stem = stemOf(file);
    const image = stem.replace(maskEnd, '');
    if (image !== stem && stems.has(image)) return true;
    return foldersOf(file).some((folder) => {
      const cut = folder.lastIndexOf('/') + 1;
      if (!maskFolder.test(folder.slice(cut))) return false;
      const parent = folder.slice(0, cut);
      return [...folders].some(
        (other) => other.startsWith(parent) && imageFolder.test(other.slice(parent.length)),
      );
    });
  });
}

/**
 * Leaves out a folder that holds the whole of the rest again, as archives do that hold themselves.
 * @param name of the folder that all of them lie in
 */
export function withoutCopies(files: readonly string[], name: string): Parted {
  const all = new Set(files);
  const belowTop = new Map<string, string[]>();
  for (const file of files) {
    const cut = file.indexOf('/');
    if (cut < 0) continue;
    const below = belowTop.get(file.slice(0, cut));
    if (below) below.push(file.slice(cut + 1));
    else belowTop.set(file.slice(0, cut), [file.slice(cut + 1)]);
  }
  const likely = [...belowTop].sort(([a], [b]) => Number(b === name) - Number(a === name));
  for (const [top, below] of likely) {
    const others = files.length - below.length;
    const isAgain = below.every((file) => all.has(file) && !file.startsWith(`${top}/`));
    if (below.length > 1 && isAgain && below.length >= 0.5 * others) {
      return parted(files, (file) => file.startsWith(`${top}/`));
    }
  }
  return { kept: files, dropped: [] };
}

function parted(files: readonly string[], isDropped: (file: string) => boolean): Parted {
  const kept: string[] = [];
  const dropped: string[] = [];
  for (const file of files) (isDropped(file) ? dropped : kept).push(file);
  return { kept, dropped };
}

function stemOf(file: string): string {
  return file.slice(0, file.length - imageExtensionOf(file).length);
}

/** The folders above a file: `a/b/1.png` has `a` and `a/b`. */
function foldersOf(file: string): string[] {
  const parts = file.split('/').slice(0, -1);
  return parts.map((_, k) => parts.slice(0, k + 1).join('/'));
}
