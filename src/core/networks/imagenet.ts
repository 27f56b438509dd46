/** What the published weights of most architectures share: ImageNet-1k, timm's preprocessing, timm's hub. */
import type { Preprocessing } from '../images/model';
import type { PublishedWeights } from './architecture';

/** Mean and deviation of ImageNet's training images; timm's `IMAGENET_DEFAULT_MEAN` and `_STD`. */
const statistics = { mean: [0.485, 0.456, 0.406], std: [0.229, 0.224, 0.225] };

/** To the range −1 … 1, as TensorFlow's networks take images; timm's `IMAGENET_INCEPTION_MEAN` and `_STD`. */
export const plusMinusOne = { mean: [0.5, 0.5, 0.5], std: [0.5, 0.5, 0.5] };

/** Values in 0 … 1 as they are. */
export const unscaled = { mean: [0, 0, 0], std: [1, 1, 1] };

/** What timm calls the default, with what differs from it. */
export function timmPreprocessing(differences: Partial<Preprocessing> = {}): Preprocessing {
  return {
    size: 224,
    cropPct: 0.875,
    interpolation: 'bicubic',
    channels: 3,
    ...statistics,
    crop: 'timm',
    ...differences,
  };
}

/** Weights in timm's hub under `timm/NAME.TAG`, trained on ImageNet-1k unless said otherwise. */
export function timmWeights(
  name: string,
  tag: string,
  preprocessing: Preprocessing,
  more: Partial<PublishedWeights> = {},
): PublishedWeights {
  return {
    tag,
    preprocessing,
    trainedOn: 'ImageNet-1k',
    licence: 'Apache-2.0',
    hubRepository: `timm/${name}.${tag}`,
    ...more,
  };
}
