/** Finds images on disk: those of a folder per class, and the folder that a table's paths are relative to. */
import * as fs from 'node:fs/promises';
import * as path from 'node:path';
import { OverreadError, throwIfCancelled } from '../base/errors';
import { exists, normalisePath } from '../base/files';
import type { WorkOptions } from '../base/ports';
import { imageExtensions, isImageName, naturally } from './columnFacts';
import type { Split } from '../dataset/model';
import { parseSplit } from '../dataset/sampleReader';

/** An image of a folder per class. */
export interface FoundImage {
  /** Relative to the folder, POSIX separators, NFC. */
  readonly path: string;
  readonly label: string;
  /** From a folder above the class (train/Normal/1.png), else null. */
  readonly split: Split | null;
}

/**
 * The images of a folder with one folder per class, or with folders train, validation and test above these.
 * In natural order. Folders whose name starts with a dot are left out.
 * @throws OverreadError OVR104 when there is no such folder, no folder in it, or no image in these
 */
export async function findClassImages(folder: string, { signal }: WorkOptions = {}): Promise<FoundImage[]> {
  const shown = path.basename(folder);
  const classes = await subfolders(folder).catch((error: unknown) => {
    throw new OverreadError({
      code: 'OVR104',
      message: `The folder ${shown} cannot be read`,
      fix: 'Name an existing folder.',
      cause: error,
    });
  });
  const parts = classes.map((name) => parseSplit(name) ?? null);
  const dividedFirst = classes.length > 0 && parts.every((part) => part !== null);
  const found: FoundImage[] = [];
  const collect = async (label: string, relative: string, split: Split | null): Promise<void> => {
    for (const file of await imagesBelow(path.join(folder, relative), signal)) {
      found.push({ path: normalisePath(path.join(relative, file)), label: label.normalize('NFC'), split });
    }
  };
  for (const [i, name] of classes.entries()) {
    if (!dividedFirst) await collect(name, name, null);
    else {
      for (const label of await subfolders(path.join(folder, name))) {
        await collect(label, path.join(name, label), parts[i] ?? null);
      }
    }
  }
  if (found.length === 0) {
    throw new OverreadError({
      code: 'OVR104',
      message: `The folder ${shown} holds no folder with images`,
      expected: `one folder per class with ${imageExtensions.join(', ')} files`,
      fix: 'If a table has the labels, use --csv FILE.',
    });
  }
  return found;
}

async function subfolders(folder: string): Promise<string[]> {
  const names: string[] = [];
  for (const entry of await fs.readdir(folder, { withFileTypes: true })) {
    if (entry.name.startsWith('.')) continue;
    const isFolder =
      entry.isDirectory() || (entry.isSymbolicLink() && (await isDirectory(path.join(folder, entry.name))));
    if (isFolder) names.push(entry.name);
  }
  return names.sort(naturally);
}

async function isDirectory(file: string): Promise<boolean> {
  return fs.stat(file).then(
    (found) => found.isDirectory(),
    () => false,
  );
}

/** Names relative to the folder. Links to folders below are not followed: they may lead in a circle. */
async function imagesBelow(folder: string, signal: AbortSignal | undefined): Promise<string[]> {
  const files: string[] = [];
  const visit = async (relative: string): Promise<void> => {
    throwIfCancelled(signal);
    const entries = await fs.readdir(path.join(folder, relative), { withFileTypes: true });
    for (const entry of entries.sort((a, b) => naturally(a.name, b.name))) {
      if (entry.name.startsWith('.')) continue;
      const name = path.join(relative, entry.name);
      if (entry.isDirectory()) await visit(name);
      else if (isImageName(entry.name)) files.push(name);
    }
  };
  await visit('');
  return files;
}

/** Where a table's images are: the folder, and what its paths lack at the end. */
export interface ImageRoot {
  readonly folder: string;
  readonly extension: string;
  /** Of the paths looked at, how many exist there. */
  readonly found: number;
  readonly looked: number;
}

/** Tries the likely folders with some paths of the table and returns the best; undefined when none has any. */
export async function findImageRoot(
  paths: readonly string[],
  places: readonly string[],
): Promise<ImageRoot | undefined> {
  const step = Math.max(1, Math.floor(paths.length / 20));
  const probes = paths
    .filter((_, i) => i % step === 0)
    .slice(0, 20)
    .map(normalisePath);
  const extensions = probes.every(isImageName) ? [''] : ['', ...imageExtensions];
  const folders = [...new Set((await Promise.all(places.map(withSubfolders))).flat())];
  let best: ImageRoot | undefined;
  for (const folder of folders) {
    for (const extension of extensions) {
      const hits = await Promise.all(probes.map((probe) => exists(path.resolve(folder, probe + extension))));
      const found = hits.filter(Boolean).length;
      if (found > (best?.found ?? 0)) best = { folder, extension, found, looked: probes.length };
    }
  }
  return best;
}

async function withSubfolders(place: string): Promise<string[]> {
  const below = await subfolders(place).catch((): string[] => []);
  return [place, ...below.slice(0, 50).map((name) => path.join(place, name))];
}
