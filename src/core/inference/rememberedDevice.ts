/** One network on one thread for work that is too little to measure devices for: heat maps. */
import type { Logger } from '../base/ports';
import type { Backbone } from '../networks/model';
import { physicalCores } from '../onnx/cores';
import { autoCandidates } from '../onnx/devices';
import type { Device } from '../onnx/model';
import { deviceMemory } from './deviceSpeeds';
import { openKnown } from './fastestDevice';
import { openInference, type Inference } from './inference';
import { openThreadedInference } from './threadedInference';

export interface RememberedOptions {
  /** The user's cache: which device was measured to be the fastest. */
  readonly cacheDir: string;
  /** The built program of the inference thread; without it ONNX Runtime blocks the calling thread. */
  readonly inferenceProgram?: string | undefined;
  readonly log?: Logger | undefined;
}

/**
 * Opens a backbone. `auto` takes the device that was the fastest when features of this network were measured here, and another
 * where it does not open any more; the first of the usual order where nothing was measured. It measures nothing itself.
 * @throws OVR503 the device does not open
 */
export async function openOnRemembered(
  backbone: Backbone,
  device: Device,
  { cacheDir, inferenceProgram, log }: RememberedOptions,
): Promise<Inference> {
  const open = async (one: Device, itsLog?: Logger, trial = false): Promise<Inference> => {
    if (inferenceProgram === undefined) return openInference(backbone, one, itsLog, trial ? { trial } : {});
    const task = { backbone, device: one, threads: await physicalCores(), ...(trial ? { trial } : {}) };
    return openThreadedInference(inferenceProgram, task, itsLog);
  };
  const candidates = device === 'auto' ? await autoCandidates(process.platform) : [];
  // Of one there is nothing to choose.
  if (candidates.length < 2) return open(device, log);
  const known = await (await deviceMemory(cacheDir, backbone.weights, candidates)).recall();
  if (!known) return open(device, log);
  return openKnown({ candidates, log, open: (one) => open(one, undefined, one !== 'cpu') }, known);
}
