/** All images below a folder, without what lies beside images: thumbnails, archives' leftovers, Overread's own files. */
import type { Dirent } from 'node:fs';
import * as fs from 'node:fs/promises';
import * as path from 'node:path';
import { throwIfCancelled } from '../base/errors';
import type { WorkOptions } from '../base/ports';
import { openPlainFile } from '../base/readPlain';
import { dicomStart } from '../dicom/sniff';
import { isImageName } from './imageNames';

/** What was not taken, by the first path of each kind. */
export interface LeftOut {
  readonly kind: 'leftovers' | 'linked folder' | 'own folder';
  /** Relative to the folder, POSIX separators. */
  readonly first: string;
  readonly count: number;
}

export interface ImageTree {
  /** As on disk, relative to the folder, POSIX separators; in natural order, folder by folder. */
  readonly files: readonly string[];
  readonly leftOut: readonly LeftOut[];
  /** False where there was more than anybody keeps in one folder. */
  readonly whole: boolean;
}

/** What archivers, network drives and image viewers leave beside the images, lower case. */
const leftovers = new Set([
  '__macosx', '@eadir', '.appledouble', '#recycle', '$recycle.bin', 'system volume information', 'lost+found',
  'thumbnails', '.thumbnails', 'thumbs', '__pycache__', 'node_modules',
]); // prettier-ignore

/** Folders that Overread makes in a project. */
const ownFolders = new Set(['labels', 'runs', 'splits', 'comparisons']);

/** Names that are looked at: beyond, a folder is no folder of images but a disk. */
const mostNames = 3_000_000;

/**
 * Walks a folder. Links to files are taken (where they lead is checked when they are read); links to folders are not
 * followed, since they may lead in a circle, and counted.
 * @throws what reading the folder itself throws; folders below that cannot be read are passed over
 */
export async function readImageTree(folder: string, { signal }: WorkOptions = {}): Promise<ImageTree> {
  const files: string[] = [];
  const left = new Map<LeftOut['kind'], { first: string; count: number }>();
  let names = 0;
  const leave = (kind: LeftOut['kind'], name: string): void => {
    const known = left.get(kind);
    if (known) known.count++;
    else left.set(kind, { first: name, count: 1 });
  };
  const visit = async (relative: string, entries: Dirent[]): Promise<void> => {
    throwIfCancelled(signal);
    names += entries.length;
    const isProject = entries.some(({ name }) => name === 'overread.yaml');
    const folders: string[] = [];
    for (const entry of entries.sort((a, b) => naturally(a.name, b.name))) {
      const { name } = entry;
      if (name.startsWith('.')) continue;
      const at = relative === '' ? name : `${relative}/${name}`;
      if (entry.isDirectory()) {
        if (leftovers.has(name.toLowerCase())) leave('leftovers', at);
        else if (isProject && ownFolders.has(name)) leave('own folder', at);
        else folders.push(at);
      } else if (isImageName(name) || (entry.isFile() && (await isNamelessDicom(folder, at)))) {
        if (entry.isFile() || (entry.isSymbolicLink() && (await leadsTo(folder, at)) === 'file'))
          files.push(at);
      } else if (entry.isSymbolicLink() && (await leadsTo(folder, at)) === 'folder')
        leave('linked folder', at);
    }
    for (const at of folders) {
      if (names > mostNames) return;
      const below = await fs
        .readdir(path.join(folder, at), { withFileTypes: true })
        .catch((): Dirent[] => []);
      await visit(at, below);
    }
  };
  await visit('', await fs.readdir(folder, { withFileTypes: true }));
  return {
    files,
    leftOut: [...left].map(([kind, { first, count }]) => ({ kind, first, count })),
    whole: names <= mostNames,
  };
}

/**
 * Whether a file whose name has no ending (IM0001, 1.2.840.113619.2.5) is DICOM by its first bytes. A DICOMDIR is a list of
 * others.
 */
async function isNamelessDicom(folder: string, relative: string): Promise<boolean> {
  const name = path.basename(relative);
  if (!/^(?:[^.]+|[\d.]+)$/.test(name) || name === 'DICOMDIR') return false;
  try {
    const handle = await openPlainFile(path.join(folder, relative));
    try {
      const start = Buffer.alloc(132);
      const { bytesRead } = await handle.read(start, 0, start.length, 0);
      return dicomStart(start.subarray(0, bytesRead)) !== undefined;
    } finally {
      await handle.close();
    }
  } catch {
    // What cannot be read is no image that anybody would find here.
    return false;
  }
}

async function leadsTo(folder: string, relative: string): Promise<'file' | 'folder' | 'nothing'> {
  return fs.stat(path.join(folder, relative)).then(
    (found) => (found.isFile() ? 'file' : found.isDirectory() ? 'folder' : 'nothing'),
    () => 'nothing',
  );
}

const collator = new Intl.Collator('en', { numeric: true });

/** `2` before `10`, upper and lower case together. */
export function naturally(a: string, b: string): number {
  return collator.compare(a, b) || (a < b ? -1 : 1);
}
