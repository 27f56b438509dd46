/**
 * The images below a folder, found by the ends of their paths: for tables whose paths are of another machine, lack the
 * folder or the ending of the file, or write it in another case.
 */
import type { WorkOptions } from '../base/ports';
import { imageExtensionOf } from '../images/imageNames';
import { readImageTree, type ImageTree } from '../images/imageTree';

/** Where a path was found: one file, or several that fit it equally well. Relative to the folder, as on disk. */
export type Found = { readonly file: string } | { readonly candidates: readonly string[] };

interface Entry {
  readonly file: string;
  /** For comparing: NFC; and the same in lower case. */
  readonly parts: readonly string[];
  readonly lower: readonly string[];
}

export class ImageIndex {
  private readonly byStem = new Map<string, Entry[]>();

  constructor(readonly tree: ImageTree) {
    for (const file of tree.files) {
      const parts = file.normalize('NFC').split('/');
      const entry = { file, parts, lower: parts.map((part) => part.toLowerCase()) };
      const stem = stemOf(parts.at(-1) ?? '');
      const known = this.byStem.get(stem);
      if (known) known.push(entry);
      else this.byStem.set(stem, [entry]);
    }
  }

  /** Reads the folder. @throws what reading it throws */
  static async read(folder: string, options: WorkOptions = {}): Promise<ImageIndex> {
    return new ImageIndex(await readImageTree(folder, options));
  }

  /** The index of one of its folders. @param folder as on disk, with a slash behind it */
  below(folder: string): ImageIndex {
    const files = this.tree.files.filter((file) => file.startsWith(folder));
    return new ImageIndex({ ...this.tree, files: files.map((file) => file.slice(folder.length)) });
  }

  /**
   * The file that a path means. Its name must be the same but for letter case and the ending, and so must the folders
   * before it, as many as are asked for; of several, the one with the most folders alike, when its name is not worse.
   * @param parts of the path as the table writes it (see `pathParts`)
   * @param least how many of them, from the end, must fit: without this `view1.jpg` would be anybody's
   */
  find(parts: readonly string[], least: number): Found {
    const wanted = parts.map((part) => part.normalize('NFC'));
    const lower = wanted.map((part) => part.toLowerCase());
    const name = wanted.at(-1) ?? '';
    let best: Entry[] = [];
    let bestFit = { folders: -1, name: -1 };
    let bestName = -1;
    for (const entry of this.byStem.get(stemOf(name)) ?? []) {
      const folders = commonEnd(entry.lower, lower);
      if (folders + 1 < least) continue;
      const fit = { folders, name: nameFit(entry, name, lower.at(-1) ?? '') };
      bestName = Math.max(bestName, fit.name);
      const order = fit.folders - bestFit.folders || fit.name - bestFit.name;
      if (order > 0) {
        best = [entry];
        bestFit = fit;
      } else if (order === 0) best.push(entry);
    }
    const [only] = best;
    if (only && best.length === 1 && bestFit.name === bestName) return { file: only.file };
    // A file in a better folder, and one with a better name: which is meant cannot be told.
    const all = bestFit.name === bestName ? best : (this.byStem.get(stemOf(name)) ?? []);
    return { candidates: all.map(({ file }) => file) };
  }
}

/** A path of the table without the beginning that `dataset.prefix` names, where it has that. */
export function withoutPrefix(written: string, prefix: string): string {
  return written.startsWith(prefix) ? written.slice(prefix.length) : written;
}

/** The parts of a path, whoever wrote it: no drive, no address of a server, no empty or dot parts. */
export function pathParts(written: string): string[] {
  return written
    .replaceAll('\\', '/')
    .replace(/^[a-z][a-z0-9+.-]*:\/*/i, '')
    .split('/')
    .filter((part) => part !== '' && part !== '.');
}

function stemOf(name: string): string {
  const end = imageExtensionOf(name);
  return name.slice(0, name.length - end.length).toLowerCase();
}

/** How many folders, from the last one up, are called the same. */
function commonEnd(a: readonly string[], b: readonly string[]): number {
  let count = 0;
  while (count + 1 < Math.min(a.length, b.length) && a[a.length - 2 - count] === b[b.length - 2 - count])
    count++;
  return count;
}

/** 2: the very name; 1: but for letter case, or without an ending where none is written; 0: another ending. */
function nameFit(entry: Entry, name: string, lower: string): number {
  if (entry.parts.at(-1) === name) return 2;
  return entry.lower.at(-1) === lower || imageExtensionOf(name) === '' ? 1 : 0;
}
