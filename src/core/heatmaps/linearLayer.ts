/** The last layer applied to features: to those of an image, or to those of one place of a feature map. */
import type { Head } from '../training/model';
import type { LinearLayer } from './model';

/**
 * The layer whose logits are explained. A softmax does not see what is added to the logits of all classes alike, so
 * the fit leaves that to chance (to the intercepts, and to the rounding of the weights): it is taken off, and the
 * logits of the classes add up to zero. Findings are explained as they are.
 */
export function explainedLayer({ task, outputs, dim, weights, bias }: Head): LinearLayer {
  if (task === 'multi-label') return { outputs, dim, weights, bias };
  return {
    outputs,
    dim,
    weights: centred(weights, outputs.length),
    bias: centred(bias, outputs.length),
  };
}

/** Each column less its mean, in double precision. @param values row-major, `rows` of them */
function centred(values: Float32Array, rows: number): Float64Array {
  const result = Float64Array.from(values);
  const columns = values.length / rows;
  for (let column = 0; column < columns; column++) {
    let mean = 0;
    for (let at = column; at < values.length; at += columns) mean += values[at]! / rows;
    for (let at = column; at < values.length; at += columns) result[at]! -= mean;
  }
  return result;
}

/** Uncalibrated logits, rows × outputs, of features, rows × dim. Sums are float64. */
export function logitsOf(
  { outputs, dim, weights, bias }: LinearLayer,
  features: Float32Array,
  rows: number,
): Float64Array {
  const logits = new Float64Array(rows * outputs.length);
  for (let row = 0, at = 0; row < rows; row++) {
    for (let k = 0; k < outputs.length; k++, at++) {
      let sum = bias[k]!;
      for (let i = 0; i < dim; i++) sum += weights[k * dim + i]! * features[row * dim + i]!;
      logits[at] = sum;
    }
  }
  return logits;
}

/**
 * Class activation maps (Zhou et al., Learning deep features for discriminative localization, CVPR 2016, eq. 2):
 * CAM_c(x, y) = Σ_k w_ck · map_k(x, y). Where the features are the means of the map's channels, the mean of CAM_c
 * over all places plus the bias of c is the image's logit of c.
 * @param map channels × places; the channels are the layer's inputs
 * @returns outputs × places, without the bias
 */
export function classActivationMaps(
  { outputs, dim, weights }: LinearLayer,
  map: Float32Array,
  places: number,
): Float64Array {
  const maps = new Float64Array(outputs.length * places);
  for (let k = 0; k < outputs.length; k++) {
    for (let channel = 0; channel < dim; channel++) {
      const weight = weights[k * dim + channel]!;
      for (let place = 0; place < places; place++) {
        maps[k * places + place]! += weight * map[channel * places + place]!;
      }
    }
  }
  return maps;
}
