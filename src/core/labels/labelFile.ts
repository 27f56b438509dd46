/** Opens what is found in the folder of labels: plain files only, since a pipe would be waited for without end. */
import { constants } from 'node:fs';
import * as fs from 'node:fs/promises';
import { isErrnoException } from '../base/errnoException';

/** What stands there instead of a plain file (or folder). */
export interface NotPlain {
  readonly what: string;
}

/** The names in a folder; `[]` where there is none. */
export async function listPlainFolder(folder: string, mayBeLink: boolean): Promise<string[] | NotPlain> {
  try {
    const stat = await (mayBeLink ? fs.stat(folder) : fs.lstat(folder));
    if (stat.isDirectory()) return await fs.readdir(folder);
    return { what: stat.isSymbolicLink() ? 'a link' : 'no folder' };
  } catch (error) {
    if (isErrnoException(error) && error.code === 'ENOENT') return [];
    throw error;
  }
}

/** The file, opened for reading; undefined where there is none. Nothing is followed and nothing waited for. */
export async function openPlainFile(file: string): Promise<fs.FileHandle | NotPlain | undefined> {
  try {
    const stat = await fs.lstat(file);
    if (stat.isSymbolicLink()) return { what: 'a link' };
    if (!stat.isFile()) return { what: stat.isDirectory() ? 'a folder' : 'a pipe or device' };
    // Windows has neither flag; an absent one counts as 0.
    return await fs.open(file, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  } catch (error) {
    if (isErrnoException(error) && error.code === 'ENOENT') return undefined;
    throw error;
  }
}

/** Fills a buffer from a place in the file; gives what was there. */
export async function readRange(
  handle: fs.FileHandle,
  buffer: Buffer,
  offset: number,
  length: number,
  position: number,
): Promise<number> {
  let filled = 0;
  while (filled < length) {
    const { bytesRead } = await handle.read(buffer, offset + filled, length - filled, position + filled);
    if (bytesRead === 0) break;
    filled += bytesRead;
  }
  return filled;
}
