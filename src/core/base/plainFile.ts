/** What stands at a path: a plain file, a folder, or something that nothing may be written to. */
import { constants, type Stats } from 'node:fs';
import * as fs from 'node:fs/promises';
import * as path from 'node:path';
import { OverreadError } from './errors';
import { isErrnoException } from './errnoException';

export type EntryKind = 'file' | 'folder' | 'link' | 'pipe' | 'socket' | 'device';

/** Asked about the first line of a file, without its line end. */
export type IsOurs = (firstLine: string) => boolean;

/** What each kind is called in a message. */
export const entryTitles: Readonly<Record<EntryKind, string>> = {
  file: 'a file',
  folder: 'a folder',
  link: 'a link',
  pipe: 'a named pipe',
  socket: 'a socket',
  device: 'a device',
};

/** Windows has neither flag (they count as 0); there a link is told by `lstat` alone. */
const careful = constants.O_NOFOLLOW | constants.O_NONBLOCK;

/** A first line is looked for in so many bytes; a longer one is passed cut. */
const firstLineBytes = 64 * 1024;

/** The kind of what `lstat` found, or `stat`, which follows links. */
export function entryKind(stat: Stats): EntryKind {
  if (stat.isFile()) return 'file';
  if (stat.isDirectory()) return 'folder';
  if (stat.isSymbolicLink()) return 'link';
  if (stat.isFIFO()) return 'pipe';
  return stat.isSocket() ? 'socket' : 'device';
}

/** What is at a path, links not followed; undefined where nothing is. */
export async function probeEntry(file: string): Promise<EntryKind | undefined> {
  try {
    return entryKind(await fs.lstat(file));
  } catch (error) {
    if (isErrnoException(error) && error.code === 'ENOENT') return undefined;
    throw error;
  }
}

/**
 * The standard refusal to write at a path because of what is there.
 * @param wanted what should be there, such as `a plain file`
 * @param linkable the name of a folder that a setting can allow to be a link
 */
export async function refuseEntry(file: string, wanted: string, linkable?: string): Promise<OverreadError> {
  const found = (await probeEntry(file)) ?? 'file';
  const target = found === 'link' ? await fs.readlink(file).catch(() => undefined) : undefined;
  const where = target === undefined ? '' : ` that leads to ${JSON.stringify(target)}`;
  const allowed =
    found === 'link' && linkable !== undefined
      ? `, or, if you made the link yourself, allow it: OVERREAD_LINKED_FOLDERS=${linkable} on the command line, the user setting overread.linkedFolders in the editor`
      : '';
  return new OverreadError({
    code: 'OVR005',
    message: `${path.basename(file)} is ${entryTitles[found]}${where}; nothing is written through it`,
    place: { file },
    expected: wanted,
    fix: `Remove it and try again${allowed}`,
  });
}

/**
 * Opens a plain file with one name for reading and appending; makes it where it is missing.
 * @throws OVR005 for anything else; what the file system throws
 */
export async function openToAppend(
  file: string,
  isOurs: IsOurs,
): Promise<{ readonly handle: fs.FileHandle; readonly made: boolean }> {
  const found = await probeEntry(file);
  if (found !== undefined && found !== 'file') throw await refuseEntry(file, 'a plain file');
  const handle = await openCarefully(file);
  try {
    const stat = await handle.stat();
    if (!stat.isFile()) throw await refuseEntry(file, 'a plain file');
    if (stat.nlink > 1) throw secondName(file, stat.nlink);
    if (stat.size > 0 && !isOurs(await firstLine(handle))) throw notOurs(file);
    return { handle, made: found === undefined };
  } catch (error) {
    await handle.close();
    throw error;
  }
}

/** Whether a file that was opened for reading is empty or ends with a whole line. */
export async function endsInNewline(handle: fs.FileHandle): Promise<boolean> {
  const { size } = await handle.stat();
  if (size === 0) return true;
  const last = Buffer.alloc(1);
  await handle.read(last, 0, 1, size - 1);
  return last[0] === 0x0a;
}

async function openCarefully(file: string): Promise<fs.FileHandle> {
  try {
    return await fs.open(file, constants.O_RDWR | constants.O_APPEND | constants.O_CREAT | careful, 0o666);
  } catch (error) {
    // A link that was put there since it was looked at.
    if (isErrnoException(error) && error.code === 'ELOOP') throw await refuseEntry(file, 'a plain file');
    throw error;
  }
}

async function firstLine(handle: fs.FileHandle): Promise<string> {
  const start = Buffer.alloc(firstLineBytes);
  const { bytesRead } = await handle.read(start, 0, start.length, 0);
  const end = start.subarray(0, bytesRead).indexOf(0x0a);
  return start.toString('utf8', 0, end < 0 ? bytesRead : end).replace(/\r$/, '');
}

function secondName(file: string, names: number): OverreadError {
  return new OverreadError({
    code: 'OVR005',
    message: `${path.basename(file)} is one of ${names} names of the same file (hard links); nothing is appended to it`,
    place: { file },
    expected: 'a file with one name',
    fix: 'Copy it to another name, remove it, and rename the copy',
  });
}

function notOurs(file: string): OverreadError {
  return new OverreadError({
    code: 'OVR005',
    message: `${path.basename(file)} does not begin with a line that Overread wrote; nothing is appended to it`,
    place: { file },
    fix: 'Move the file away, or restore it from version control',
  });
}
