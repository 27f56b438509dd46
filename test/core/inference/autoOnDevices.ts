/**
 * A program for fastestDevice.test.ts: opens a network on `auto` in a process that was started with a Vulkan driver, and one of half
 * precision on WebGPU, and says what came of it.
 */
import { OverreadError } from '../../../src/core/base/errors';
import { openInference } from '../../../src/core/inference/inference';
import type { Backbone } from '../../../src/core/networks/model';
import { GraphBuilder } from '../../../src/core/onnx/graphBuilder';
import { openInferencePool } from '../../../src/core/inference/inferencePool';
import { tinyBackbone, tinyWeights } from '../features/tinyBackbone';

const [program = '', cacheDir = ''] = process.argv.slice(2);

async function open() {
  const said: string[] = [];
  const note = (message: string) => said.push(message);
  const inference = await openInferencePool(program, tinyBackbone(), 'auto', 1e9, {
    cacheDir,
    log: { info: note, warn: note },
  });
  const images = Float32Array.from({ length: 3 * 32 * 32 }, (_, i) => (i % 97) / 97);
  const { features } = await inference.run(images, 1);
  await inference.close();
  return { opened: inference.opened, said, features: [...features] };
}

/** Twice its input, in half precision. */
function halfBackbone(): Backbone {
  const graph = new GraphBuilder('half');
  const image = graph.toHalf(graph.input('image', 'float32', ['N', 3, 32, 32]));
  const doubled = graph.mul(image, graph.scalar(2));
  const flat = graph.node('Flatten', [graph.toSingle(doubled)], { axis: 1 });
  graph.node('Identity', [flat], {}, 'features');
  graph.output('features', 'float32', ['N', 3 * 32 * 32]);
  const weights = { ...tinyWeights, precision: 'fp16' as const };
  return { weights, featureSize: 3 * 32 * 32, channels: 3, map: null, onnx: graph.toModel() };
}

/** What half precision comes to on WebGPU: its first feature of an image of ones, or the error. */
async function half() {
  try {
    const inference = await openInference(halfBackbone(), 'webgpu');
    const { features } = await inference.run(new Float32Array(3 * 32 * 32).fill(1), 1);
    await inference.close();
    return { feature: features[0] };
  } catch (error) {
    if (error instanceof OverreadError) return error.toJSON();
    throw error;
  }
}

void (async () => {
  process.stdout.write(JSON.stringify({ opened: [await open(), await open()], half: await half() }));
})();
