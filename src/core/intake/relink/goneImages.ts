/** Which samples of a project have no file any more, and which files the others have. */
import * as fs from 'node:fs/promises';
import { OverreadError, throwIfCancelled } from '../../base/errors';
import type { WorkOptions } from '../../base/ports';
import type { ImageResolver } from '../../dataset/imagePath';
import type { Sample } from '../../dataset/model';

/** A sample whose file is not there. */
export interface GoneImage {
  readonly sample: Sample;
  /** Where it was, absolute, as far as that is known. */
  readonly file: string | undefined;
}

/** Looks at the file of every sample. */
export async function goneImages(
  resolver: ImageResolver,
  samples: readonly Sample[],
  { signal }: WorkOptions = {},
): Promise<{ readonly gone: readonly GoneImage[]; readonly taken: ReadonlySet<string> }> {
  const gone: GoneImage[] = [];
  const taken = new Set<string>();
  for (const sample of samples) {
    throwIfCancelled(signal);
    const file = locate(resolver, sample);
    const isThere = file !== undefined && (await isFile(file));
    if (isThere) taken.add(await fs.realpath(file));
    else gone.push({ sample, file });
  }
  return { gone, taken };
}

function locate(resolver: ImageResolver, sample: Sample): string | undefined {
  try {
    return resolver.resolve(sample);
  } catch (error) {
    if (error instanceof OverreadError) return undefined;
    throw error;
  }
}

function isFile(file: string): Promise<boolean> {
  return fs.stat(file).then(
    (stat) => stat.isFile(),
    () => false,
  );
}
