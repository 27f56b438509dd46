/** The models of test/golden/onnx_classifiers.py, and the features that PyTorch computed with them. */
import { readFileSync } from 'node:fs';
import * as path from 'node:path';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import type { Backbone, ModelInput } from '../../../src/core/networks/model';
import { sha256 } from '../../../src/core/base/files';
import { preprocessingOf } from '../../../src/core/onnxClassifier/imageInput';
import { readClassifier } from '../../../src/core/onnxClassifier/splice';
import type { OnnxWeights } from '../../../src/core/weights/model';
import { tensorGenerator } from '../../../src/core/weights/random';
import { goldenFolder } from '../networks/golden';

export const onnxFolder = path.join(goldenFolder, 'onnx');
export const goldenImages = 3;
const seed = 20240607;

/** One entry of expected.json. */
export interface Expected {
  readonly channels: 1 | 3;
  readonly size: number;
  readonly scale: number;
  readonly dim: number;
  /** base64 of float32, images × dim. */
  readonly features: string;
  readonly map?: readonly [number, number, number];
  readonly mapSum?: string;
}

export const expectedModels = Object.entries(
  JSON.parse(readFileSync(path.join(onnxFolder, 'expected.json'), 'utf8')) as Record<string, Expected>,
);

export function readGoldenModel(file: string): Uint8Array {
  return readFileSync(path.join(onnxFolder, file));
}

/** images × channels × size × size, as `draw_images` draws them. */
export function drawImages(name: string, { channels, size, scale }: Expected): Float32Array<ArrayBuffer> {
  const coarseDraws = tensorGenerator(`${name}.coarse`, seed);
  const fine = tensorGenerator(`${name}.fine`, seed);
  const planes = goldenImages * channels;
  const coarse = Array.from({ length: planes * 64 }, () => coarseDraws.normal());
  const cell = (at: number) => Math.floor((at * 8) / size);
  return Float32Array.from({ length: planes * size * size }, (_, i) => {
    const plane = Math.floor(i / size ** 2);
    const row = cell(Math.floor(i / size) % size);
    return scale * (coarse[plane * 64 + row * 8 + cell(i % size)]! + 0.3 * fine.normal());
  });
}

/** A model's bytes as weights that were found. */
export function onnxWeights(bytes: Uint8Array, input?: ModelInput, file = 'model.onnx'): OnnxWeights {
  const { model, input: declared } = readClassifier(bytes, file);
  const hash = sha256(bytes);
  return {
    kind: 'onnx',
    identity: {
      architecture: 'onnx',
      name: `onnx.file-${hash.slice(0, 12)}`,
      sha256: hash,
      preprocessing: preprocessingOf(model, declared, input),
      trainedOn: 'not declared',
      source: 'file',
      truncate: null,
    },
    notes: [],
    file,
    loadModel: () => Promise.resolve(bytes),
  };
}

/** Runs a backbone or classifier on a batch; gives every output. */
export async function runOnnx(
  onnx: Uint8Array,
  images: Float32Array,
  channels: number,
  size: number,
): Promise<Record<string, Float32Array>> {
  const session = await InferenceSession.create(onnx);
  try {
    const count = images.length / (channels * size * size);
    const result = await session.run({ image: new Tensor('float32', images, [count, channels, size, size]) });
    return Object.fromEntries(Object.entries(result).map(([name, { data }]) => [name, data as Float32Array]));
  } finally {
    await session.release();
  }
}

export async function runBackbone(
  backbone: Backbone,
  images: Float32Array,
): Promise<Record<string, Float32Array>> {
  return runOnnx(backbone.onnx, images, backbone.channels, backbone.weights.preprocessing.size);
}
