/**
 * The hub's cache as huggingface_hub lays it out: `models--OWNER--NAME/blobs/ETAG` holds the bytes,
 * `snapshots/COMMIT/FILE` links to them, `refs/main` names the commit. Files we find there are used, and
 * those we write are found by Python.
 */
import * as fs from 'node:fs/promises';
import * as path from 'node:path';
import { readTextIfPresent, writeFileAtomic } from '../../base/files';

/** What the hub says of a file. */
export interface HubFile {
  readonly repository: string;
  readonly file: string;
  /** Commit of the repository, 40 hexadecimal digits. */
  readonly commit: string;
  /** Its name in `blobs`: the SHA-256 for files in large-file storage. */
  readonly etag: string;
}

export function repositoryFolder(cache: string, repository: string): string {
  return path.join(cache, `models--${repository.replaceAll('/', '--')}`);
}

/** The cached file of the main branch, or undefined. */
export async function findCached(
  cache: string,
  repository: string,
  file: string,
): Promise<string | undefined> {
  const folder = repositoryFolder(cache, repository);
  const commit = (await readTextIfPresent(path.join(folder, 'refs', 'main')))?.trim();
  if (commit === undefined || !/^[0-9a-zA-Z._-]+$/.test(commit)) return undefined;
  const found = path.join(folder, 'snapshots', commit, file);
  return (await isFile(found)) ? found : undefined;
}

/** The SHA-256 that the hub gave the cached file as its name, where it did. */
export async function hashFromBlobName(cached: string): Promise<string | undefined> {
  const name = path.basename(await fs.realpath(cached));
  return /^[0-9a-f]{64}$/.test(name) ? name : undefined;
}

/** Path of the finished bytes. */
export function blobPath(cache: string, { repository, etag }: HubFile): string {
  return path.join(repositoryFolder(cache, repository), 'blobs', etag);
}

/** Makes a finished blob the repository's current file; gives the path in the snapshot. */
export async function publishBlob(cache: string, hubFile: HubFile): Promise<string> {
  const folder = repositoryFolder(cache, hubFile.repository);
  const snapshot = path.join(folder, 'snapshots', hubFile.commit, hubFile.file);
  await fs.mkdir(path.dirname(snapshot), { recursive: true });
  const blob = blobPath(cache, hubFile);
  if (!(await isFile(snapshot))) {
    await fs.rm(snapshot, { force: true });
    try {
      await fs.symlink(path.relative(path.dirname(snapshot), blob), snapshot);
    } catch {
      // Windows without developer mode: huggingface_hub puts the file itself there, too.
      await fs.rename(blob, snapshot);
    }
  }
  await writeFileAtomic(path.join(folder, 'refs', 'main'), hubFile.commit);
  return snapshot;
}

async function isFile(file: string): Promise<boolean> {
  return fs.stat(file).then(
    (stat) => stat.isFile(),
    () => false,
  );
}
