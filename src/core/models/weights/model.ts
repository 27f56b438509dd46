/** Weights that were found. Types only. */
import type { StateDict, WeightsIdentity } from '../model';

/** Weights that are known and can be read; nothing is read before `load`. */
export interface ResolvedWeights {
  readonly identity: WeightsIdentity;
  /** What the user must be told: that another model was taken, and why. Whole sentences. */
  readonly notes: readonly string[];
  /** Reads all tensors under timm's names; OVR502 when the file is not what it was. */
  load(): Promise<StateDict>;
}
