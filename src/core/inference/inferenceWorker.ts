/**
 * The thread that runs the network, a program of its own: ONNX Runtime's binding for Node blocks the thread that
 * calls it, and images are to be prepared meanwhile. Started by threadedInference.ts with an InferenceTask.
 */
import { parentPort, workerData, type MessagePort } from 'node:worker_threads';
import { describeFailure } from './failure';
import { openInference, type Inference } from './inference';
import type { FromInference, InferenceTask, RunMessage, ToInference } from './inferenceMessages';

async function serve(port: MessagePort, task: InferenceTask): Promise<void> {
  const post = (message: FromInference, moved: readonly ArrayBuffer[] = []) =>
    port.postMessage(message, [...moved]);
  const log = {
    info: (message: string) => post({ kind: 'log', level: 'info', message }),
    warn: (message: string) => post({ kind: 'log', level: 'warn', message }),
  };
  let inference: Inference;
  try {
    const { onnx: given } = task.backbone;
    // ONNX Runtime takes no shared memory.
    const onnx = given.buffer instanceof ArrayBuffer ? given : given.slice();
    inference = await openInference({ ...task.backbone, onnx }, task.device, log, task);
    // The model is let go: the session has read it, and VGG's is half a gigabyte.
    Object.assign(task.backbone, { onnx: new Uint8Array(0) });
  } catch (error) {
    post({ kind: 'failed', id: null, failure: describeFailure(error) });
    port.close();
    return;
  }
  const run = async ({ id, images, count }: RunMessage) => {
    try {
      const { features, map, images: memory } = await inference.run(images, count);
      const moved = [features, memory, ...(map ? [map] : [])].map(({ buffer }) => buffer);
      post({ kind: 'result', id, features, map, images: memory }, moved);
    } catch (error) {
      post({ kind: 'failed', id, failure: describeFailure(error) });
    }
  };
  const close = async () => {
    await inference.close();
    port.close();
  };
  port.on('message', (message: ToInference) => void (message.kind === 'run' ? run(message) : close()));
  post({ kind: 'opened', opened: inference.opened });
}

if (parentPort) void serve(parentPort, workerData as InferenceTask);
