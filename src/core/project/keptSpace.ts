/**
 * The components of a project's features on disk, beside the shards that they were made of: `components.bin`, one for each key of
 * features. It says what it was made of and is signed as the features are; what is damaged, torn, of other features or of another
 * user is none, and is made anew. It is replaced by rename, so that processes may make it at once: they make the same.
 */
import { createHash } from 'node:crypto';
import { macBytes, type CacheMac } from '../base/cacheMac';
import { OverreadError } from '../base/errors';
import { isErrnoException } from '../base/errnoException';
import type { ProjectFolder } from '../base/projectFolder';
import { openPlainFile } from '../base/readPlain';
import { mostComponents, spaceOf, type ComponentSpace } from '../neighbours/components';
import { readSafetensors, writeSafetensors } from '../weights/stateDict/safetensors';

/** Raised when what is made of the same features changes. */
const version = 1;
const name = 'components.bin';
const purpose = 'components';
const keyBytes = 32;

/** Where it lies, and who signs it. */
export interface SpaceFile {
  readonly folder: ProjectFolder;
  readonly mac: CacheMac;
  /** The folder of the features below the project's root, parts separated by `/`. */
  readonly place: string;
}

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
  { folder, mac, place }: SpaceFile,
  key: string,
  images: number,
): Promise<ComponentSpace | undefined> {
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
      if (!mac.verify(head.subarray(keyBytes), purpose, key, bytes)) return undefined;
      return decoded(bytes, images);
    } finally {
      await handle.close();
    }
  } catch (error) {
    if (isErrnoException(error) || error instanceof OverreadError) return undefined;
    throw error;
  }
}

/** Keeps them for the next time. That they cannot be kept, or the workspace is not trusted, is no error: they cost time alone. */
export async function keepSpace(
  { folder, mac, place }: SpaceFile,
  key: string,
  { components, deviations, mean, axes }: ComponentSpace,
): Promise<void> {
  if (folder.readOnly || !mac.isKept) return;
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
  const head = [Buffer.from(key, 'hex'), mac.of(purpose, key, content)];
  try {
    await folder.writeFile(`${place}/${name}`, Buffer.concat([...head, content]));
  } catch (error) {
    if (!(error instanceof OverreadError)) throw error;
  }
}

function decoded(bytes: Uint8Array, images: number): ComponentSpace | undefined {
  const { tensors } = readSafetensors(bytes, name);
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
