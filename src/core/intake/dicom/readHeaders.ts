/** The headers of all DICOM files of a folder: a few kilobytes of each, never their pixels. */
import * as path from 'node:path';
import { throwIfCancelled } from '../../base/errors';
import type { WorkOptions } from '../../base/ports';
import { readDicomHeader, type DicomHeader } from '../../dicom/header';
import { readImageTree } from '../../images/imageTree';
import { countByWhy, type NoPictures } from '../dicomFiles';

export interface HeaderFile<T> {
  /** Relative to the folder, POSIX separators. */
  readonly path: string;
  readonly facts: T;
}

export interface Headers<T> {
  /** The files that are images, in natural order. */
  readonly files: readonly HeaderFile<T>[];
  /** DICOM files without an image to be read, by why. */
  readonly noPictures: NoPictures['dropped'];
  /** Files that look like images and are no DICOM, and the first of them. */
  readonly others: { readonly count: number; readonly first: string | undefined };
}

/** Headers that are read at once: enough to hide the latency of a network file system. */
const atOnce = 32;

/**
 * Reads the headers of a folder.
 * @param factsOf takes what is wanted of one; the header itself is let go
 * @throws OVR002 cancelled; what reading the folder throws
 */
export async function readHeaders<T>(
  folder: string,
  factsOf: (header: DicomHeader, path: string) => T,
  options: WorkOptions = {},
): Promise<Headers<T>> {
  const { files } = await readImageTree(folder, options);
  const facts = new Array<T | undefined>(files.length).fill(undefined);
  const why = new Array<string | undefined>(files.length).fill(undefined);
  const others = { count: 0, first: undefined as string | undefined };
  const rest = files.entries();
  let done = 0;
  const worker = async (): Promise<void> => {
    for (const [i, file] of rest) {
      throwIfCancelled(options.signal);
      const header = await readDicomHeader(path.join(folder, file)).catch(() => undefined);
      if (++done % 1000 === 0) options.onProgress?.({ stage: 'headers', done, total: files.length });
      if (!header) {
        others.count++;
        others.first ??= file;
      } else if (header.whyNoPicture !== undefined) why[i] = header.whyNoPicture;
      else facts[i] = factsOf(header, file);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
  return {
    files: files.flatMap((file, i) => {
      const found = facts[i];
      return found === undefined ? [] : [{ path: file, facts: found }];
    }),
    noPictures: countByWhy(files, why),
    others,
  };
}
