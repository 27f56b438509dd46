/** Architectures and weights. Types only. */
import type { Preprocessing } from '../images/model';

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
  readonly source: 'huggingface' | 'package-index' | 'file' | 'random' | 'cache' | 'run';
  /** The block after which the network is cut; its features are the global average pool there. null: whole. */
  readonly truncate: string | null;
  /** Present where the network keeps its weights and computes in half precision. */
  readonly precision?: 'fp16';
}

/** Of the network whose features are computed; the last layer is always fitted in single precision. */
export type Precision = 'fp32' | 'fp16';

/** How an ONNX classifier takes its images, as overread.yaml says (`model.input`). */
export interface ModelInput {
  /** Absent: what the file says, else 3. */
  readonly channels?: 1 | 3 | undefined;
  /** Side of the square input, px; absent: what the file says. */
  readonly size?: number | undefined;
  /** What black and white become: two numbers. */
  readonly range?: readonly number[] | undefined;
  /** Per channel, on values in [0, 1]. */
  readonly mean?: readonly number[] | undefined;
  readonly std?: readonly number[] | undefined;
  readonly crop_pct: number;
  readonly interpolation: 'bicubic' | 'bilinear';
}

/** One weight tensor, float32, row-major. */
export interface Tensor {
  readonly shape: readonly number[];
  readonly data: Float32Array;
}

/** Named tensors with the field's own names (timm, torchvision). */
export type StateDict = ReadonlyMap<string, Tensor>;

/** Shape of the last feature map, and what becomes of it. */
export interface FeatureMap {
  readonly channels: number;
  readonly height: number;
  readonly width: number;
  /** Whether the feature vector is the mean over the map's pixels: class activation maps are defined then. */
  readonly pooledLinearly: boolean;
}

/**
 * A backbone that is ready to run: an ONNX model with input `image` (float32, N × channels × size × size, already
 * normalised, unless `bytes`) and output `features` (float32, N × featureSize).
 */
export interface Backbone {
  readonly weights: WeightsIdentity;
  readonly featureSize: number;
  /** Channels of its input: 1 also where a network of three channels was folded for grey images. */
  readonly channels: 1 | 3;
  /** Its input is grey levels (uint8), which it normalises itself: a quarter of the bytes to a device. */
  readonly bytes?: true;
  /** The last feature map, when it was asked for: output `map` (float32, N × channels × height × width). */
  readonly map: FeatureMap | null;
  /** The serialised ModelProto of the feature extractor. */
  readonly onnx: Uint8Array;
}
