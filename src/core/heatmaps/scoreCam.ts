/**
 * Score-CAM (Wang et al., Score-CAM: Score-weighted visual explanations for convolutional neural networks, CVPR
 * workshops 2020, algorithm 1). Each channel of the last feature map, enlarged to the input, is a mask; what the
 * network says of the masked image is the channel's weight. No gradient is needed, and nothing is asked of what
 * stands between the map and the output.
 */
import type { Preprocessing } from '../images/model';
import { normalisations } from '../images/normalisation';
import type { FeatureMap } from '../networks/model';
import { softmax } from '../training/calibrate';
import { interpolate, scaleTaps } from './bilinear';
import { scoreMasked, type MaskedRuns } from './maskedRuns';

export interface ScoreCamRequest extends MaskedRuns {
  readonly preprocessing: Pick<Preprocessing, 'size' | 'mean' | 'std'>;
  /** The last feature map of the image, channels × height × width. */
  readonly map: Float32Array;
  readonly shape: Pick<FeatureMap, 'channels' | 'height' | 'width'>;
  /** The channels with the most energy only; absent: all. */
  readonly channels?: number | undefined;
}

/**
 * Maps of every output, outputs × height × width, at least 0: ReLU(Σ_k α_k · map_k), where α is the softmax over
 * the channels of the output's uncalibrated logit for the image under mask k. The paper subtracts the logit of a
 * black image from each; the softmax does not see it. A mask is the channel, enlarged bilinearly to the input and
 * brought to [0, 1]; it multiplies the pixels in [0, 1], so that hidden is black. A channel that is the same
 * everywhere makes no mask and has no weight.
 */
export async function scoreCam(request: ScoreCamRequest): Promise<Float32Array> {
  const { map, shape, image, layer, preprocessing } = request;
  const places = shape.height * shape.width;
  const channels = chooseChannels(map, places, request.channels);
  const outputs = layer.outputs.length;
  const values = new Float32Array(outputs * places);
  if (channels.length === 0) return values;

  const { size } = preprocessing;
  const rows = scaleTaps(shape.height, size);
  const columns = scaleTaps(shape.width, size);
  const mask = new Float32Array(size * size);
  const planes = channels.map((channel) => map.subarray(channel * places, (channel + 1) * places));
  const scores = await scoreMasked(request, channels.length, (k, into) => {
    interpolate(planes[k]!, shape.width, rows, columns, mask);
    toUnitRange(mask);
    multiply(image, mask, preprocessing, into);
  });

  for (let output = 0; output < outputs; output++) {
    const weights = softmax(Float64Array.from(channels, (_, k) => scores[k * outputs + output]!));
    for (let place = 0; place < places; place++) {
      let sum = 0;
      for (let k = 0; k < planes.length; k++) sum += weights[k]! * planes[k]![place]!;
      values[output * places + place] = Math.max(0, sum);
    }
  }
  return values;
}

/** The channels that make a mask, in their order; of many those with the largest sum of squares. */
function chooseChannels(map: Float32Array, places: number, most = Infinity): readonly number[] {
  const found: { channel: number; energy: number }[] = [];
  for (let channel = 0; channel < map.length / places; channel++) {
    const values = map.subarray(channel * places, (channel + 1) * places);
    if (values.every((value) => value === values[0])) continue;
    found.push({ channel, energy: values.reduce((sum, value) => sum + value * value, 0) });
  }
  const strongest = found.sort((a, b) => b.energy - a.energy || a.channel - b.channel).slice(0, most);
  return strongest.map(({ channel }) => channel).sort((a, b) => a - b);
}

/** Least becomes 0, most 1. */
function toUnitRange(mask: Float32Array): void {
  let least = Infinity;
  let most = -Infinity;
  for (let i = 0; i < mask.length; i++) {
    least = Math.min(least, mask[i]!);
    most = Math.max(most, mask[i]!);
  }
  const scale = most > least ? 1 / (most - least) : 0;
  for (let i = 0; i < mask.length; i++) mask[i] = (mask[i]! - least) * scale;
}

/** (v · m − mean) / std of each pixel v in [0, 1], from the normalised ones. */
function multiply(
  image: Float32Array,
  mask: Float32Array,
  preprocessing: Pick<Preprocessing, 'mean' | 'std'>,
  into: Float32Array,
): void {
  const channels = normalisations(preprocessing).slice(0, image.length / mask.length);
  for (const [channel, { mean, std }] of channels.entries()) {
    const start = channel * mask.length;
    const black = -mean / std;
    for (let i = 0; i < mask.length; i++) into[start + i] = black + (image[start + i]! - black) * mask[i]!;
  }
}
