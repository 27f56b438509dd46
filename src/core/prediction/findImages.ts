/** The images that somebody names: files, folders of them, and tables whose cells lead to them. */
import * as fs from 'node:fs/promises';
import * as path from 'node:path';
import { OverreadError } from '../base/errors';
import { isErrnoException } from '../base/errnoException';
import type { WorkOptions } from '../base/ports';
import type { Problem } from '../base/report';
import { shownValue } from '../base/visibleText';
import { ImageResolver } from '../dataset/imagePath';
import { splitFrame } from '../images/frameReference';
import { readImageTree } from '../images/imageTree';
import { choosePaths } from '../intake/fromTable';
import { factsOf } from '../intake/columnFacts';
import { ImagePlaces } from '../intake/tableImages';
import { readPaths } from '../table/columns';
import { readTable, tableFormats } from '../table/table';

/** An image that is to be predicted. */
export interface WantedImage {
  /** As it was named: the path that was typed, with the folder's own names behind it, or the cell of the table. */
  readonly name: string;
  /** Absolute; or why the file may not be read. */
  readonly file: string | Problem;
}

export interface FoundImages {
  /** In the order in which they were named; a folder in natural order. Each file once. */
  readonly images: readonly WantedImage[];
  /** What was guessed, a sentence each. */
  readonly notes: readonly string[];
}

export interface FindImagesOptions extends WorkOptions {
  /** The folder that names are relative to, absolute. */
  readonly cwd: string;
  /** The column of a table that names the images, in place of the one that leads to files. */
  readonly path?: string;
}

/**
 * Finds the images behind what was named.
 * @throws OVR104 no column of a table leads to images; OVR303 there is no image
 */
export async function findImages(named: readonly string[], options: FindImagesOptions): Promise<FoundImages> {
  const images = new Map<string, WantedImage>();
  const notes: string[] = [];
  const take = (image: WantedImage): void => {
    const key = typeof image.file === 'string' ? image.file : `\0${image.name}`;
    if (!images.has(key)) images.set(key, image);
  };
  for (const name of named) {
    const file = path.resolve(options.cwd, name);
    // A frame of a file: scan.dcm#12.
    const plain = splitFrame(file).file;
    const fault = await faultOf(plain, name);
    if (fault) take({ name: slashed(name), file: fault });
    else if ((await fs.stat(plain)).isDirectory()) {
      const { files } = await readImageTree(file, options);
      if (files.length === 0) notes.push(`${shownValue(name)} holds no image`);
      for (const below of files)
        take({ name: path.posix.join(slashed(name), below), file: path.join(file, below) });
    } else if (isTable(name)) {
      for (const image of await imagesOfTable(file, name, options, notes)) take(image);
    } else take({ name: slashed(name), file });
  }
  if (images.size > 0) return { images: [...images.values()], notes };
  throw new OverreadError({
    code: 'OVR303',
    message: `There is no image in ${named.map(shownValue).join(', ')}`,
    expected: 'image files, folders that hold some, or a table with a column of their paths',
  });
}

const slashed = (name: string): string => name.replaceAll(path.sep, '/');

const isTable = (name: string): boolean =>
  tableFormats.some((extension) => name.toLowerCase().endsWith(extension));

/** Why there is nothing of this name. */
async function faultOf(file: string, name: string): Promise<Problem | undefined> {
  try {
    await fs.stat(file);
    return undefined;
  } catch (error) {
    if (!isErrnoException(error)) throw error;
    const missing = error.code === 'ENOENT' || error.code === 'ENOTDIR';
    return {
      code: missing ? 'OVR300' : 'OVR003',
      severity: 'error',
      message: `${shownValue(name)} cannot be found (${error.code ?? error.message})`,
      expected: 'an image, a folder of images, or a table of their paths',
      fix: 'Check its path: it is relative to the folder that you are in',
    };
  }
}

async function imagesOfTable(
  file: string,
  name: string,
  options: FindImagesOptions,
  notes: string[],
): Promise<WantedImage[]> {
  const table = await readTable(file, slashed(name));
  const places = new ImagePlaces([path.dirname(file)]);
  const { column, images } = await choosePaths(table, factsOf(table), places, options);
  if (column === undefined || images === undefined) {
    throw new OverreadError({
      code: 'OVR104',
      message: 'No column of the table leads to images',
      place: { file: table.file },
      expected: 'a column of paths, relative to the folder of the table or to one below it',
      fix: 'Name the column with --path, or name the folder of the images in place of the table',
    });
  }
  notes.push(`${table.file}: images by the column ${shownValue(column)} (--path overrules)`);
  const { folder, prefix, extension, search } = images;
  const dataset = { table: table.file, path: column, images: folder, roots: [], prefix, extension, search };
  const resolver = await ImageResolver.open(folder, { dataset }, options);
  return readPaths(table, column, '--path').flatMap((cell, row) =>
    cell === null ? [] : [{ name: cell, file: resolved(resolver, cell, table.lineOf(row)) }],
  );
}

function resolved(resolver: ImageResolver, cell: string, row: number): string | Problem {
  try {
    return resolver.resolve({ path: cell, row });
  } catch (error) {
    if (!(error instanceof OverreadError)) throw error;
    return { ...error.toJSON(), severity: 'error' };
  }
}
