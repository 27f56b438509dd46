/** How many images go through the network at a time. */
import type { ConcreteDevice } from '../onnx/devices';

/** More gain nothing on the CPU and hold more memory; graphics cards want more at a time. */
const cpuBatch = 8;
const acceleratorBatch = 64;

/** Images of one inference call that are fastest on a device. */
export function batchOf(device: ConcreteDevice): number {
  return device === 'cpu' ? cpuBatch : acceleratorBatch;
}
