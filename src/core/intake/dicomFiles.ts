/** DICOM files of a folder that hold no image to learn from: reports, localisers, images for processing, … */
import * as path from 'node:path';
import { throwIfCancelled } from '../base/errors';
import type { WorkOptions } from '../base/ports';
import type { Problem } from '../base/report';
import { readDicomHeader } from '../dicom/header';
import { imageExtensionOf } from '../images/imageNames';

export interface NoPictures {
  /** Files that are images, or that only reading them whole would tell of. */
  readonly kept: readonly string[];
  /** By why they are none: how many, and the first of them. */
  readonly dropped: ReadonlyMap<string, { readonly count: number; readonly first: string }>;
  /** How many frames a kept file has, where it has several. */
  readonly frames: ReadonlyMap<string, number>;
}

/** Headers that are read at once: enough to hide the latency of a network file system. */
const atOnce = 16;

/** Of other formats the ending says that a file is an image. */
const others = (name: string) => !['', '.dcm', '.dicom'].includes(imageExtensionOf(name).toLowerCase());

/**
 * Parts the files of a folder by the headers of the DICOM files among them.
 * @param files relative to the folder, POSIX separators
 * @throws OVR002 cancelled
 */
export async function withoutNoPictures(
  folder: string,
  files: readonly string[],
  { signal }: WorkOptions = {},
): Promise<NoPictures> {
  const why = new Array<string | undefined>(files.length);
  const frames = new Map<string, number>();
  const rest = files.entries();
  const worker = async (): Promise<void> => {
    for (const [i, file] of rest) {
      throwIfCancelled(signal);
      if (others(file)) continue;
      // What cannot be read is told when it is opened as an image.
      const header = await readDicomHeader(path.join(folder, file)).catch(() => undefined);
      why[i] = header?.whyNoPicture;
      const count = Number(header?.texts('x00280008')[0] ?? 1);
      if (why[i] === undefined && Number.isInteger(count) && count > 1) frames.set(file, count);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
  return { kept: files.filter((_, i) => why[i] === undefined), dropped: countByWhy(files, why), frames };
}

/** How many files have each reason, and the first of them. @param why aligned with the files; undefined: none */
export function countByWhy(
  files: readonly string[],
  why: readonly (string | undefined)[],
): NoPictures['dropped'] {
  const counted = new Map<string, { count: number; first: string }>();
  for (const [i, file] of files.entries()) {
    const reason = why[i];
    if (reason === undefined) continue;
    const known = counted.get(reason);
    if (known) known.count++;
    else counted.set(reason, { count: 1, first: file });
  }
  return counted;
}

/** One problem for each reason, the most frequent first. */
export function noPictureProblems({ dropped }: Pick<NoPictures, 'dropped'>): Problem[] {
  return [...dropped]
    .sort(([, a], [, b]) => b.count - a.count)
    .map(([why, { count, first }]) => ({
      severity: 'info',
      code: 'OVR306',
      message: `${count} DICOM ${count === 1 ? 'file holds' : 'files hold'} no image to be read and ${count === 1 ? 'is' : 'are'} left out (${why}), such as ${first}`,
    }));
}
