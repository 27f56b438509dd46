/** A network as a file of a run. */
import type { StateDict } from '../networks/model';
import { writeSafetensors } from '../weights/stateDict/safetensors';

/** The bytes of `weights.safetensors`; the same tensors in the same order give the same bytes. */
export function serialiseNetwork(tensors: StateDict): Uint8Array {
  return writeSafetensors(tensors, { format: 'overread-network-1' });
}
