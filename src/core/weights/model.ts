/** Weights that were found. Types only. */
import type { StateDict, WeightsIdentity } from '../networks/model';

interface Found {
  readonly identity: WeightsIdentity;
  /** What the user must be told: that another model was taken, and why. Whole sentences. */
  readonly notes: readonly string[];
  /**
   * What the project declares that weights of a file were trained on; null: it declares nothing. Absent where the
   * weights are no file of the user's.
   */
  readonly declaredTraining?: readonly string[] | null;
}

/** Weights of one of the architectures; nothing is read before `load`. */
export interface NetworkWeights extends Found {
  readonly kind: 'network';
  /** Reads all tensors under the architecture's names; OVR502 when the file is not what it was. */
  load(): Promise<StateDict>;
}

/** A classifier in a file of its own, whose graph comes with it; nothing is read before `loadModel`. */
export interface OnnxWeights extends Found {
  readonly kind: 'onnx';
  /** Its path, for messages. */
  readonly file: string;
  /** The bytes of the model with all its weights; OVR502 when it is not what it was. */
  loadModel(): Promise<Uint8Array>;
}

/** Weights that are known and can be read. */
export type ResolvedWeights = NetworkWeights | OnnxWeights;
