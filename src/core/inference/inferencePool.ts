/**
 * Several inference threads side by side. On the CPU whole batches in parallel use the cores better than one batch
 * on all of them: nothing waits at the end of each operation, and no thread of ONNX Runtime spins while images are
 * prepared. EfficientNet-Lite0 took 6.5 ms of processor time an image on one thread, 12 on two that share a batch
 * (2 cores, busy with other work); DenseNet-121 34 against 60.
 */
import * as os from 'node:os';
import type { Logger } from '../base/ports';
import { present } from '../base/present';
import { physicalCores } from '../onnx/cores';
import { autoCandidates } from '../onnx/devices';
import type { Backbone } from '../networks/model';
import type { Device, OpenedDevice } from '../onnx/model';
import { deviceMemory } from './deviceSpeeds';
import { openFastest } from './fastestDevice';
import type { Inference, InferenceResult, NetworkImages } from './inference';
import { openThreadedInference } from './threadedInference';

export interface PoolOptions {
  readonly log?: Logger | undefined;
  /** The user's cache: which device was measured to be the fastest. */
  readonly cacheDir?: string | undefined;
}

/** Images that are worth opening a lane for. */
const imagesPerLane = 32;
/** The activations of a batch of eight, about (DenseNet-121: 150 MB; VGG-16: 300 MB). */
const bytesOfBatch = 200 * 2 ** 20;
/** All lanes together may hold this part of the machine's memory, weights included; at least as much as a small one has. */
const partOfMemory = 8;
const leastBytes = 1.5 * 2 ** 30;

/**
 * How the cores of the machine are shared for so many images: lanes, and threads of one operation in each. A lane for each
 * core, where memory allows: VGG, whose weights are half a gigabyte, has two on a small machine.
 * @param bytes of the model
 * @param memory of the machine, bytes
 */
export function shareCores(
  cores: number,
  images: number,
  bytes: number,
  memory: number,
): { readonly lanes: number; readonly threads: number } {
  const all = Math.max(leastBytes, memory / partOfMemory);
  const affordable = Math.floor(all / (bytes + bytesOfBatch));
  const lanes = Math.max(1, Math.min(affordable, cores, Math.ceil(images / imagesPerLane)));
  return { lanes, threads: Math.max(1, Math.floor(cores / lanes)) };
}

/**
 * Opens a backbone on threads of its own: several on the CPU, one before any other device. `auto` takes the device that is
 * the fastest as measured, where the user's cache is named to remember it in.
 *
 * @param program the built inferenceWorker
 * @param images that are expected, at most
 * @throws OVR503 the device does not open
 */
export async function openInferencePool(
  program: string,
  backbone: Backbone,
  device: Device,
  images: number,
  options: PoolOptions = {},
): Promise<Inference> {
  const { log, cacheDir } = options;
  const candidates = device === 'auto' ? await autoCandidates(process.platform) : [];
  const surelyCpu = device === 'cpu' || (device === 'auto' && candidates.length === 1);
  // Of one there is nothing to choose, and the runtime says why the others are none.
  if (cacheDir === undefined || candidates.length < 2)
    return openOn(program, backbone, device, images, { log, surelyCpu });
  return openFastest({
    ...{ backbone, images, candidates, log },
    memory: await deviceMemory(cacheDir, backbone.weights, candidates),
    open: (one) => openOn(program, backbone, one, images, { trial: one !== 'cpu', surelyCpu: one === 'cpu' }),
  });
}

interface Opening {
  readonly log?: Logger | undefined;
  readonly trial?: boolean;
  /** Nothing but the CPU can come of it, so that all lanes open at once. */
  readonly surelyCpu: boolean;
}

async function openOn(
  program: string,
  backbone: Backbone,
  device: Device,
  images: number,
  { log, trial, surelyCpu }: Opening,
): Promise<Inference> {
  const bytes = backbone.onnx.byteLength;
  const { lanes, threads } = shareCores(await physicalCores(), images, bytes, machineMemory());
  const shared = { ...backbone, onnx: inSharedMemory(backbone.onnx) };
  const task = { backbone: shared, threads, ...(trial === undefined ? {} : { trial }) };
  const openOthers = (): Promise<Inference>[] =>
    Array.from({ length: lanes - 1 }, () => openThreadedInference(program, { ...task, device: 'cpu' }));
  const early = surelyCpu ? openOthers() : undefined;
  // Heard when the first is open.
  for (const other of early ?? []) other.catch(() => undefined);
  const [first] = await allOrNone([openThreadedInference(program, { ...task, device }, log)], early);
  if (!first || first.opened.device !== 'cpu' || lanes === 1) return present(first, 'the first lane');
  return new InferencePool(first, await allOrNone(early ?? openOthers(), [first]));
}

/** Bytes that every thread sees: else this one would copy the model for each lane before the next can start. */
function inSharedMemory(bytes: Uint8Array): Uint8Array {
  const shared = new Uint8Array(new SharedArrayBuffer(bytes.byteLength));
  shared.set(bytes);
  return shared;
}

/** What opens; where one does not, all of them are closed, and what else is open. @throws what the first of them throws */
async function allOrNone(
  opening: readonly Promise<Inference>[],
  others: readonly (Inference | Promise<Inference>)[] = [],
): Promise<Inference[]> {
  try {
    return await Promise.all(opening);
  } catch (error) {
    for (const one of await Promise.allSettled([...opening, ...others])) {
      if (one.status === 'fulfilled') await one.value.close();
    }
    throw error;
  }
}

/** Of the machine, or what its container allows. */
function machineMemory(): number {
  const constrained = process.constrainedMemory();
  return constrained > 0 ? Math.min(constrained, os.totalmem()) : os.totalmem();
}

class InferencePool implements Inference {
  private readonly members: readonly { readonly inference: Inference; load: number }[];

  /** @param first the one whose device is told: all have the same */
  constructor(
    private readonly first: Inference,
    others: readonly Inference[],
  ) {
    this.members = [first, ...others].map((inference) => ({ inference, load: 0 }));
  }

  get opened(): OpenedDevice {
    return this.first.opened;
  }

  get lanes(): number {
    return this.members.length;
  }

  async run<T extends NetworkImages>(images: T, count: number): Promise<InferenceResult<T>> {
    const idlest = this.members.reduce((least, member) => (member.load < least.load ? member : least));
    idlest.load++;
    try {
      return await idlest.inference.run(images, count);
    } finally {
      idlest.load--;
    }
  }

  async close(): Promise<void> {
    await Promise.all(this.members.map(({ inference }) => inference.close()));
  }
}
