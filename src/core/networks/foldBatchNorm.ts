/** BatchNorm as part of the convolution before it: one operation less, and the same numbers. */

/** The tensors of a BatchNorm layer, one number a channel. */
export interface BatchNormTensors {
  readonly weight: Float32Array;
  readonly bias: Float32Array;
  readonly mean: Float32Array;
  readonly variance: Float32Array;
}

/**
 * Weights and bias of a convolution with the following BatchNorm (in inference) multiplied in, in double
 * precision: w' = w · γ / √(σ² + ε), b' = β + (b − μ) · γ / √(σ² + ε).
 * @param weight row-major, output channel first
 */
export function foldBatchNorm(
  weight: Float32Array,
  bias: Float32Array | undefined,
  norm: BatchNormTensors,
  epsilon: number,
): { weight: Float32Array<ArrayBuffer>; bias: Float32Array<ArrayBuffer> } {
  const channels = norm.weight.length;
  const perChannel = weight.length / channels;
  const foldedWeight = new Float32Array(weight.length);
  const foldedBias = new Float32Array(channels);
  for (let channel = 0; channel < channels; channel++) {
    const scale = norm.weight[channel]! / Math.sqrt(norm.variance[channel]! + epsilon);
    foldedBias[channel] = norm.bias[channel]! + ((bias?.[channel] ?? 0) - norm.mean[channel]!) * scale;
    const end = (channel + 1) * perChannel;
    for (let i = channel * perChannel; i < end; i++) foldedWeight[i] = weight[i]! * scale;
  }
  return { weight: foldedWeight, bias: foldedBias };
}

/**
 * The same BatchNorm (in inference) with mean 0 and variance 1, multiplied in double precision: γ' = γ · √(1 + ε) / √(σ² + ε),
 * β' = β − μ · γ / √(σ² + ε). A variance may be larger than half precision holds, or so small that it becomes 0; these are not.
 */
export function asAffine(norm: BatchNormTensors, epsilon: number): BatchNormTensors {
  const channels = norm.weight.length;
  const weight = new Float32Array(channels);
  const bias = new Float32Array(channels);
  for (let channel = 0; channel < channels; channel++) {
    const scale = norm.weight[channel]! / Math.sqrt(norm.variance[channel]! + epsilon);
    weight[channel] = scale * Math.sqrt(1 + epsilon);
    bias[channel] = norm.bias[channel]! - norm.mean[channel]! * scale;
  }
  return { weight, bias, mean: new Float32Array(channels), variance: new Float32Array(channels).fill(1) };
}
