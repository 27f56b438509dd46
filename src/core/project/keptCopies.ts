/**
 * Features of the changed copies by which a check knows how alike a near duplicate is, on disk beside the features (`copies.bin`, see
 * signedFile.ts): to compute them takes a check of a small set longer than all else.
 */
import { createHash } from 'node:crypto';
import { readSafetensors, writeSafetensors } from '../weights/stateDict/safetensors';
import { keepSigned, readSigned, type SignedName, type SignedPlace } from './signedFile';

/** Raised when other copies are made of the same images. */
const version = 1;
const file: SignedName = { name: 'copies.bin', purpose: 'copies' };
const tensor = 'features';

/**
 * Those that were kept of these images, else as they are made now.
 * @param features the key of the features
 * @param hashes contents of the images, in the order of the copies
 * @param make gives them, and whether they are all there; what lacks some is not kept
 */
export async function keptCopies(
  place: SignedPlace,
  features: string,
  hashes: readonly string[],
  make: () => Promise<{ readonly features: Float32Array; readonly isWhole: boolean }>,
): Promise<Float32Array> {
  const key = createHash('sha256')
    .update([`${version} ${features}`, ...hashes].join('\n'))
    .digest('hex');
  const bytes = await readSigned(place, file, key);
  const kept = bytes && readSafetensors(bytes, file.name).tensors.get(tensor);
  if (kept) return kept.data;
  const { features: data, isWhole } = await make();
  if (isWhole) {
    const content = writeSafetensors(new Map([[tensor, { shape: [data.length], data }]]));
    await keepSigned(place, file, key, content);
  }
  return data;
}
