/** Pairs that look alike, held against each other pixel by pixel. */
import { OverreadError, throwIfCancelled } from '../../base/errors';
import type { WorkOptions } from '../../base/ports';
import { finer, readPlanes, type Planes } from '../registration/readPlane';
import { register, registerFiner } from '../registration/register';
import type { SimilarPair } from './pairs';

/**
 * The agreement from which two images are one, under a similarity transform, on pictures of 192 px. Measured: near duplicates
 * of breast ultrasound have 0.69 to 1, most above 0.9; two films of one patient's chest reach 0.54. Two drawings by one template
 * reach 0.75, so pixels alone have to say more than pixels of images whose features are alike too.
 */
export const sameAgreement = { alike: 0.68, byPixels: 0.85 } as const;
/** Features are alike from this cosine similarity on, in a space of so many components: in fewer strangers are. */
const alike = { similarity: 0.55, components: 32 } as const;
/** On 96 px, before the larger ones are looked at: there two films of one patient reach 0.77. */
const coarseAgreement = 0.7;

export interface ConfirmedPair extends SimilarPair {
  /** Correlation of the registered images, -1 to 1. */
  readonly agreement: number;
}

/** Images that are kept, about 180 kB each. */
const keptPlanes = 500;

/**
 * The pairs whose images register onto each other; of pairs whose images cannot be read none.
 * @param files absolute path of each sample's image
 * @param components of the space in which they are alike
 * @throws OVR002
 */
export async function confirmPairs(
  pairs: readonly SimilarPair[],
  files: readonly (string | undefined)[],
  components: number,
  options: WorkOptions,
): Promise<ConfirmedPair[]> {
  const planes = new Map<number, Promise<Planes | undefined>>();
  const planeOf = (sample: number): Promise<Planes | undefined> => {
    const known = planes.get(sample);
    if (known) return known;
    if (planes.size >= keptPlanes) planes.clear();
    const read = readPlanes(files[sample] ?? '').catch(asUnreadable);
    planes.set(sample, read);
    return read;
  };
  const confirmed: ConfirmedPair[] = [];
  for (const [k, pair] of pairs.entries()) {
    throwIfCancelled(options.signal);
    const [first, second] = await Promise.all([planeOf(pair.first), planeOf(pair.second)]);
    if (first && second) {
      const agreement = agreementOf(first, second);
      const isAlike = components >= alike.components && pair.similarity >= alike.similarity;
      if (agreement >= (isAlike ? sameAgreement.alike : sameAgreement.byPixels))
        confirmed.push({ ...pair, agreement });
    }
    options.onProgress?.({ stage: 'register', done: k + 1, total: pairs.length });
  }
  return confirmed;
}

function asUnreadable(error: unknown): undefined {
  if (error instanceof OverreadError && error.code !== 'OVR002') return undefined;
  throw error;
}

function agreementOf(first: Planes, second: Planes): number {
  const coarse = register(first.coarse, second.coarse);
  if (coarse.agreement < coarseAgreement) return Math.min(coarse.agreement, 0);
  return registerFiner(first.fine, second.fine, coarse, finer).agreement;
}
