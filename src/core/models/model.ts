/** Architectures, weights and devices. Types only. */
import type { Preprocessing } from '../images/model';

/** Where the model runs; `auto` takes the best that opens. */
export type Device = 'auto' | 'cpu' | 'cuda' | 'webgpu' | 'dml' | 'coreml';

/** A device that was opened, and why it was taken. */
export interface OpenedDevice {
  readonly device: Exclude<Device, 'auto'>;
  readonly reason: string;
}

/** Weights that were found, checked and read: `architecture.tag`, their hash and their preprocessing. */
export interface WeightsIdentity {
  readonly architecture: string;
  /** `architecture.tag`, for instance `tf_efficientnet_lite0.in1k`; `densenet121.random-7` for seed 7. */
  readonly name: string;
  /** SHA-256 of the file; of the architecture and seed for random weights. */
  readonly sha256: string;
  readonly preprocessing: Preprocessing;
  /** What the weights were trained on; `random` weights: null. */
  readonly trainedOn: string | null;
  readonly source: 'huggingface' | 'package-index' | 'file' | 'random' | 'cache';
}

/** One weight tensor, float32, row-major. */
export interface Tensor {
  readonly shape: readonly number[];
  readonly data: Float32Array;
}

/** Named tensors with the field's own names (timm, torchvision). */
export type StateDict = ReadonlyMap<string, Tensor>;

/**
 * A backbone that is ready to run: an ONNX model with input `image` (float32, N × 3 × size × size, already
 * normalised) and output `features` (float32, N × featureSize).
 */
export interface Backbone {
  readonly weights: WeightsIdentity;
  readonly featureSize: number;
  /** The serialised ModelProto of the feature extractor. */
  readonly onnx: Uint8Array;
}
