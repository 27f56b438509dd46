/**
 * Files beside the shards of features that say what they were made of and are signed as the features are: what is damaged, torn, made of
 * something else or by another user is none, and is made anew. They are replaced by rename, so that processes may make one at once:
 * they make the same.
 */
import { macBytes, type CacheMac } from '../base/cacheMac';
import { OverreadError } from '../base/errors';
import { isErrnoException } from '../base/errnoException';
import type { ProjectFolder } from '../base/projectFolder';
import { openPlainFile } from '../base/readPlain';

const keyBytes = 32;

/** Where such files lie, and who signs them. */
export interface SignedPlace {
  readonly folder: ProjectFolder;
  readonly mac: CacheMac;
  /** The folder of the features below the project's root, parts separated by `/`. */
  readonly place: string;
}

/** A file's name, and what its signature is for. */
export interface SignedName {
  readonly name: string;
  readonly purpose: string;
}

/** What was kept under this key (64 hexadecimal digits); undefined where there is nothing that can be used. */
export async function readSigned(
  { folder, mac, place }: SignedPlace,
  { name, purpose }: SignedName,
  key: string,
): Promise<Uint8Array | undefined> {
  try {
    const handle = await openPlainFile(folder.path(place, name));
    try {
      const head = Buffer.alloc(keyBytes + macBytes);
      const { bytesRead } = await handle.read(head, 0, head.length, 0);
      if (bytesRead < head.length || head.toString('hex', 0, keyBytes) !== key) return undefined;
      // From where the head ended.
      const { size } = await handle.stat();
      const bytes = Buffer.alloc(size - head.length);
      await handle.read(bytes, 0, bytes.length, head.length);
      return mac.verify(head.subarray(keyBytes), purpose, key, bytes) ? bytes : undefined;
    } finally {
      await handle.close();
    }
  } catch (error) {
    if (isErrnoException(error) || error instanceof OverreadError) return undefined;
    throw error;
  }
}

/** Keeps it for the next time. That it cannot be kept, or the workspace is not trusted, is no error: it costs time alone. */
export async function keepSigned(
  { folder, mac, place }: SignedPlace,
  { name, purpose }: SignedName,
  key: string,
  content: Uint8Array,
): Promise<void> {
  if (folder.readOnly || !mac.isKept) return;
  const head = [Buffer.from(key, 'hex'), mac.of(purpose, key, content)];
  try {
    await folder.writeFile(`${place}/${name}`, Buffer.concat([...head, content]));
  } catch (error) {
    if (!(error instanceof OverreadError)) throw error;
  }
}
