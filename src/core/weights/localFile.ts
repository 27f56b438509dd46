/** Weights in a file of the user's. */
import * as fs from 'node:fs/promises';
import * as path from 'node:path';
import { OverreadError } from '../base/errors';
import { isErrnoException } from '../base/errnoException';
import { sha256File } from '../base/files';
import type { Architecture } from '../networks/architecture';
import { writeRecord, type WeightsRecord } from './record';

/**
 * Identifies the file by its content, as `architecture.file-` and the first digits of its hash, and remembers
 * where it lies, so that a run which names these weights can find them again.
 * @throws OVR502 when there is no such file
 */
export async function identifyFile(
  file: string,
  architecture: Architecture,
  cacheDir: string,
): Promise<WeightsRecord> {
  const stat = await fs.stat(file).catch(() => undefined);
  if (stat?.isFile() !== true) throw noSuchFile(file);
  const hash = await sha256File(file);
  const record: WeightsRecord = {
    version: 1,
    name: `${architecture.name}.file-${hash.slice(0, 12)}`,
    sha256: hash,
    source: 'file',
    file: path.resolve(file),
    bytes: stat.size,
    fileSha256: hash,
  };
  // Without a cache that can be written the weights work as well; only their name alone will not find them.
  await writeRecord(cacheDir, record).catch((error: unknown) => {
    if (!isErrnoException(error)) throw error;
  });
  return record;
}

/** OVR502 for a path that leads to no file. */
export function noSuchFile(file: string): OverreadError {
  return new OverreadError({
    code: 'OVR502',
    message: `There is no weights file ${path.basename(file)}`,
    place: { file },
    fix: 'Correct the path; it starts at the project folder',
  });
}
