/**
 * The components of a project's features on disk, beside the shards that they were made of: `components.bin`, one for each key of
 * features (see signedFile.ts).
 */
import { createHash } from 'node:crypto';
import { OverreadError } from '../base/errors';
import { mostComponents, spaceOf, type ComponentSpace } from '../neighbours/components';
import { readSafetensors, writeSafetensors } from '../weights/stateDict/safetensors';
import { keepSigned, readSigned, type SignedName, type SignedPlace } from './signedFile';

/** Raised when what is made of the same features changes. */
const version = 1;
const file: SignedName = { name: 'components.bin', purpose: 'components' };

/**
 * Of what components are made: 64 hexadecimal digits.
 * @param features the key of the features
 * @param state of their shards, which says for which images there are some
 * @param hashes content of each sample's image, in the order of the table
 */
export function spaceKey(features: string, state: string, hashes: readonly string[]): string {
  const hash = createHash('sha256').update(`${version} ${mostComponents} ${features}\n${state}\n`);
  for (const content of hashes) hash.update(`${content}\n`);
  return hash.digest('hex');
}

/** What was kept under this key; undefined where there is nothing that can be used. @param images rows that it must have */
export async function readKeptSpace(
  place: SignedPlace,
  key: string,
  images: number,
): Promise<ComponentSpace | undefined> {
  const bytes = await readSigned(place, file, key);
  if (bytes === undefined) return undefined;
  try {
    return decoded(bytes, images);
  } catch (error) {
    if (error instanceof OverreadError) return undefined;
    throw error;
  }
}

/** Keeps them for the next time. */
export async function keepSpace(
  place: SignedPlace,
  key: string,
  { components, deviations, mean, axes }: ComponentSpace,
): Promise<void> {
  const { rows, dim, present } = components;
  const images = present.length;
  const content = writeSafetensors(
    new Map([
      ['present', { shape: [images], data: Float32Array.from(present) }],
      ['mean', { shape: [mean.length], data: mean }],
      ['axes', { shape: [dim, mean.length], data: axes }],
      ['deviations', { shape: [dim], data: deviations }],
      ['rows', { shape: [images, dim], data: rows }],
    ]),
  );
  await keepSigned(place, file, key, content);
}

function decoded(bytes: Uint8Array, images: number): ComponentSpace | undefined {
  const { tensors } = readSafetensors(bytes, file.name);
  const [present, mean, axes, deviations, rows] = ['present', 'mean', 'axes', 'deviations', 'rows'].map(
    (tensor) => tensors.get(tensor)?.data,
  );
  if (!present || !mean || !axes || !deviations || !rows || present.length !== images) return undefined;
  const dim = deviations.length;
  return spaceOf({
    ...{ mean, axes, deviations },
    components: { rows, dim, present: Uint8Array.from(present) },
  });
}
