/** Runs one image through the network again and again, a part of it hidden each time, and scores every output. */
import { throwIfCancelled } from '../base/errors';
import type { WorkOptions } from '../base/ports';
import type { Inference } from '../inference/inference';
import { logitsOf } from './linearLayer';
import type { LinearLayer } from './model';

/** Images of one inference call: on the CPU more gain nothing, graphics cards want more. */
const cpuBatch = 8;
const acceleratorBatch = 32;

export interface MaskedRuns extends WorkOptions {
  readonly inference: Pick<Inference, 'run' | 'opened'>;
  readonly layer: LinearLayer;
  /** The whole image as the network takes it, channels × size × size, normalised. */
  readonly image: Float32Array;
}

/**
 * Uncalibrated logits, count × outputs.
 * @param hide writes the image with its `i`-th part hidden into memory as long as the image
 * @throws OVR002 cancelled; OVR504
 */
export async function scoreMasked(
  { inference, layer, image, signal, onProgress }: MaskedRuns,
  count: number,
  hide: (i: number, into: Float32Array) => void,
): Promise<Float64Array> {
  const size = Math.min(count, inference.opened.device === 'cpu' ? cpuBatch : acceleratorBatch);
  const outputs = layer.outputs.length;
  const scores = new Float64Array(count * outputs);
  let memory = new Float32Array(size * image.length);
  for (let from = 0; from < count; from += size) {
    throwIfCancelled(signal);
    onProgress?.({ stage: 'explain', done: from, total: count });
    const batch = Math.min(size, count - from);
    for (let i = 0; i < batch; i++) {
      hide(from + i, memory.subarray(i * image.length, (i + 1) * image.length));
    }
    const { features, images } = await inference.run(memory, batch);
    memory = images;
    scores.set(logitsOf(layer, features, batch), from * outputs);
  }
  onProgress?.({ stage: 'explain', done: count, total: count });
  return scores;
}
