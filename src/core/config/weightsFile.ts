/** What a text given as weights means, as far as its look tells. */

/** Whether it means a file: a path, or a name with an ending of weights. */
export function isWeightsFile(weights: string): boolean {
  return /[/\\]/.test(weights) || /\.(safetensors|pth|pt|bin|ckpt|onnx)$/i.test(weights);
}

/** Whether it means a whole classifier, which brings its own graph. */
export function isOnnxFile(weights: string): boolean {
  return /\.onnx$/i.test(weights);
}
