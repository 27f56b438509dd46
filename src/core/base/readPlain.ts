/**
 * Reading what a project names. A path in a table or a repository may lead to a pipe, on which a read waits for
 * ever, or to a device, which never ends: only plain files are opened.
 */
import type { Stats } from 'node:fs';
import * as fs from 'node:fs/promises';
import { OverreadError } from './errors';
import { entryKind, entryTitles } from './plainFile';

/** Opening does not wait for a writer at the other end of a pipe. Windows has no such flag and no such pipes. */
const nonBlocking = (fs.constants as Partial<typeof fs.constants>).O_NONBLOCK ?? 0;

/**
 * Opens a plain file for reading; links are followed.
 * @throws OverreadError OVR304 it is a folder, pipe, socket or device; otherwise what the file system says (ENOENT …)
 */
export async function openPlainFile(file: string): Promise<fs.FileHandle> {
  // Asked before too: merely to open a device can do something.
  await checkPlainFile(file);
  const handle = await fs.open(file, fs.constants.O_RDONLY | nonBlocking);
  try {
    refuseOthers(await handle.stat(), file);
    return handle;
  } catch (error) {
    await handle.close();
    throw error;
  }
}

/** The bytes of a plain file. @throws as {@link openPlainFile} */
export async function readPlainFile(file: string): Promise<Buffer> {
  const handle = await openPlainFile(file);
  try {
    return await handle.readFile();
  } finally {
    await handle.close();
  }
}

/** For readers that open the file themselves (DuckDB). @throws as {@link openPlainFile} */
export async function checkPlainFile(file: string): Promise<void> {
  refuseOthers(await fs.stat(file), file);
}

/** What is there instead of a plain file, or undefined for a plain file. */
export function otherKind(stat: Stats): string | undefined {
  const kind = entryKind(stat);
  return kind === 'file' ? undefined : entryTitles[kind];
}

function refuseOthers(stat: Stats, file: string): void {
  const kind = otherKind(stat);
  if (kind === undefined) return;
  throw new OverreadError({
    code: 'OVR304',
    message: `There is ${kind} instead of a file`,
    place: { file },
    expected: 'a plain file, or a link to one',
    fix: 'Put the file itself there, or correct the path',
  });
}
