/** Reads weights in any format that we take; the content tells which it is, not the name. */
import { OverreadError } from '../../base/errors';
import type { StateDict } from '../../networks/model';
import { PickleRefused } from './pickleReader';
import { refuseWeights } from './refusal';
import { readSafetensors } from './safetensors';
import { isTorchLegacy, readTorchLegacy } from './torchLegacy';
import { isZip, readTorchZip } from './torchZip';

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
