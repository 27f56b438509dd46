/** Reads weights from a file of any format that we take; the content tells which it is, not the name. */
import * as fs from 'node:fs/promises';
import * as path from 'node:path';
import { OverreadError } from '../../base/errors';
import { readPlainFile } from '../../base/readPlain';
import type { StateDict } from '../../networks/model';
import { PickleRefused } from './pickleReader';
import { refuseWeights } from './refusal';
import { readSafetensors } from './safetensors';
import { isTorchLegacy, readTorchLegacy } from './torchLegacy';
import { isZip, readTorchZip } from './torchZip';

/** Larger than the weights of any image network; a file is read whole, and Node reads no more at once. */
const maxFileBytes = 2 ** 31 - 1;

/** The float tensors of a weights file as float32. OVR502 when it is refused. */
export async function readStateDict(file: string): Promise<StateDict> {
  const { size } = await fs.stat(file);
  if (size > maxFileBytes)
    throw refuseWeights(path.basename(file), `it has ${size} bytes`, 'less than 2 GiB');
  return parseStateDict(await readPlainFile(file), path.basename(file));
}

/**
 * The float tensors in the bytes of a safetensors file or a PyTorch state dict (either layout).
 * @param file name for messages
 * @throws OVR502 whatever is wrong with the bytes
 */
export async function parseStateDict(bytes: Uint8Array, file: string): Promise<StateDict> {
  try {
    if (isTorchLegacy(bytes)) return await readTorchLegacy(bytes);
    if (isZip(bytes)) return await readTorchZip(bytes);
  } catch (error) {
    if (error instanceof OverreadError) throw error;
    if (error instanceof PickleRefused) throw refuseWeights(file, error.message);
    // What is left are yauzl's errors; it has no class for them.
    const message = error instanceof Error ? error.message : String(error);
    throw refuseWeights(file, `its zip is damaged (${message})`, undefined, error);
  }
  return readSafetensors(bytes, file).tensors;
}
