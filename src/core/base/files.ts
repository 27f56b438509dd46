/** Durable writes and safe paths: what "nothing is lost" and "paths stay inside their roots" rest on. */
import { createHash, randomBytes } from 'node:crypto';
import * as fs from 'node:fs/promises';
import * as os from 'node:os';
import * as path from 'node:path';
import { isErrnoException } from './errnoException';
import { openPlainFile, readPlainFile } from './readPlain';

/**
 * Writes a file so that a reader, or a crash, sees the old content or the new, never a part: to a temporary
 * name in the same folder, fsync, rename, fsync of the folder.
 */
export async function writeFileAtomic(file: string, content: FileContent): Promise<void> {
  await replaceFile(file, (temporary) => writeAndSync(temporary, content));
}

/** Text, bytes, or a text in pieces, such as its lines with their line ends. */
export type FileContent = string | Uint8Array | Iterable<string>;

/** Writes a new file and has it on disk when it resolves. @throws EEXIST when something of that name is there */
export async function writeAndSync(file: string, content: FileContent): Promise<void> {
  const handle = await fs.open(file, 'wx');
  try {
    if (typeof content === 'string' || content instanceof Uint8Array) await handle.writeFile(content);
    else await writeLines(handle, content);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/**
 * Puts a file in place by rename. `write` fills a temporary name in the same folder and syncs it; when it fails,
 * nothing is left.
 */
export async function replaceFile<T>(file: string, write: (temporary: string) => Promise<T>): Promise<T> {
  await fs.mkdir(path.dirname(file), { recursive: true });
  const temporary = `${file}.${process.pid}-${randomBytes(4).toString('hex')}.tmp`;
  let written: T;
  try {
    written = await write(temporary);
    await fs.rename(temporary, file);
  } catch (error) {
    await fs.rm(temporary, { force: true }).catch(() => undefined);
    // A full disk names no path, and the temporary name means nothing to anybody.
    if (isErrnoException(error) && (error.path ?? temporary) === temporary) error.path = file;
    throw error;
  }
  await syncFolder(path.dirname(file));
  return written;
}

/** Characters gathered before a write: a file of millions of lines is neither one string nor one call a line. */
const gatherCharacters = 1 << 20;

async function writeLines(handle: fs.FileHandle, lines: Iterable<string>): Promise<void> {
  let gathered: string[] = [];
  let characters = 0;
  for (const line of lines) {
    gathered.push(line);
    characters += line.length;
    if (characters < gatherCharacters) continue;
    await handle.writeFile(gathered.join(''));
    gathered = [];
    characters = 0;
  }
  await handle.writeFile(gathered.join(''));
}

/**
 * Makes a new folder for the time of `work`, and removes it whatever happens.
 * @param prefix its path up to the characters that make it a new one
 */
export async function withScratchFolder<T>(prefix: string, work: (folder: string) => Promise<T>): Promise<T> {
  const folder = await fs.mkdtemp(prefix);
  try {
    return await work(folder);
  } finally {
    await fs.rm(folder, { recursive: true, force: true });
  }
}

/**
 * Writes a text into a new file of this user alone for the time of `work`, for libraries that read files only.
 * @param name what the file is called
 */
export async function withScratchFile<T>(
  name: string,
  pieces: Iterable<string>,
  work: (file: string) => Promise<T>,
): Promise<T> {
  return withScratchFolder(path.join(os.tmpdir(), 'overread-scratch-'), async (folder) => {
    const file = path.join(folder, name);
    const handle = await fs.open(file, 'wx', 0o600);
    try {
      await writeLines(handle, pieces);
    } finally {
      await handle.close();
    }
    return work(file);
  });
}

/** Copies a file, whole or not at all. */
export async function copyFileAtomic(from: string, to: string): Promise<void> {
  await replaceFile(to, async (temporary) => {
    await fs.copyFile(from, temporary, fs.constants.COPYFILE_EXCL);
    await syncFile(temporary);
  });
}

/** Appends text to a file of the user's own cache with one `O_APPEND` write: blocks of two processes do not mix. */
export async function appendToFile(file: string, text: string): Promise<void> {
  await fs.mkdir(path.dirname(file), { recursive: true });
  await fs.appendFile(file, text);
}

/** Makes what another library wrote into a file durable. */
export async function syncFile(file: string): Promise<void> {
  const handle = await fs.open(file, 'r+');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Makes a rename or a new name in the folder durable. Windows has no such call and needs none. */
export async function syncFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return;
  const handle = await fs.open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Whether something of that name exists. */
export async function exists(file: string): Promise<boolean> {
  return fs.access(file).then(
    () => true,
    () => false,
  );
}

/** The text of a plain file, or undefined when there is none. Other errors are thrown, OVR304 among them. */
export async function readTextIfPresent(file: string): Promise<string | undefined> {
  try {
    return (await readPlainFile(file)).toString('utf8');
  } catch (error) {
    if (isErrnoException(error) && error.code === 'ENOENT') return undefined;
    throw error;
  }
}

/** SHA-256 of bytes or text, 64 hexadecimal digits. */
export function sha256(content: Uint8Array | string): string {
  return createHash('sha256').update(content).digest('hex');
}

/** SHA-256 of a plain file's content without holding it in memory. @throws OVR304 it is none */
export async function sha256File(file: string): Promise<string> {
  const hash = createHash('sha256');
  const handle = await openPlainFile(file);
  for await (const chunk of handle.createReadStream()) hash.update(chunk as Uint8Array);
  return hash.digest('hex');
}

/** JSON with sorted keys: the same value has the same text, so that hashes of it are stable. */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_key, inner: unknown) =>
    inner !== null && typeof inner === 'object' && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)))
      : inner,
  );
}

/** Whether `file` is `root` or lies below it, by name alone (links are the caller's question). */
export function isInside(root: string, file: string): boolean {
  const relative = path.relative(path.resolve(root), path.resolve(file));
  return relative === '' || (!relative.startsWith('..') && !path.isAbsolute(relative));
}

/** POSIX separators and NFC: the form in which a path is an identity. */
export function normalisePath(file: string): string {
  return file.replaceAll('\\', '/').normalize('NFC');
}
