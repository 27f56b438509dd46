/** Which images of a project have no file any more, and which files the others have. */
import * as fs from 'node:fs/promises';
import { OverreadError, throwIfCancelled } from '../../base/errors';
import type { WorkOptions } from '../../base/ports';
import type { ImageResolver } from '../../dataset/imagePath';
import type { Sample } from '../../dataset/model';
import { splitFrame } from '../../images/frameReference';

/** A file that is not there; several samples are frames of one. */
export interface GoneImage {
  /** The first sample of it. */
  readonly sample: Sample;
  readonly samples: readonly Sample[];
  /** Its path in the table, without a frame. */
  readonly written: string;
  /** Where it was, absolute, as far as that is known. */
  readonly file: string | undefined;
}

/** Looks at the file of every sample. */
export async function goneImages(
  resolver: ImageResolver,
  samples: readonly Sample[],
  { signal }: WorkOptions = {},
): Promise<{ readonly gone: readonly GoneImage[]; readonly taken: ReadonlySet<string> }> {
  const gone = new Map<string, GoneImage & { readonly samples: Sample[] }>();
  const taken = new Set<string>();
  for (const sample of samples) {
    throwIfCancelled(signal);
    const written = splitFrame(sample.path).file;
    const file = locate(resolver, { ...sample, path: written });
    const known = gone.get(written);
    if (known) known.samples.push(sample);
    else if (file !== undefined && (await isFile(file))) taken.add(await fs.realpath(file));
    else gone.set(written, { sample, samples: [sample], written, file });
  }
  return { gone: [...gone.values()], taken };
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
