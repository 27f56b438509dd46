/**
 * `auto` where several devices are worth a try: the one that was measured to be the fastest for this network on this machine. It is
 * measured once, when there are so many images that the seconds it takes are few among those of the work, and remembered.
 */
import { performance } from 'node:perf_hooks';
import { OverreadError } from '../base/errors';
import type { Logger } from '../base/ports';
import { present } from '../base/present';
import type { Backbone } from '../networks/model';
import type { ConcreteDevice } from '../onnx/devices';
import { batchOf } from './batchSizes';
import type { DeviceMemory, DeviceSpeed } from './deviceSpeeds';
import type { Inference } from './inference';

export interface FastestRequest {
  readonly backbone: Pick<Backbone, 'channels' | 'weights'>;
  /** Images that are expected, at most. */
  readonly images: number;
  /** The devices that are worth a try, in the order that holds where nothing is known; the CPU among them. */
  readonly candidates: readonly ConcreteDevice[];
  /** Opens the backbone on a device. A device of which a failure was expected prints nothing. */
  readonly open: (device: ConcreteDevice) => Promise<Inference>;
  readonly memory: DeviceMemory;
  /** A device is measured for about so long, after its first batches, s. Default: 1. */
  readonly seconds?: number;
  /** ms from any moment on. Default: what the system says. */
  readonly now?: () => number;
  readonly log?: Logger | undefined;
}

/** Fewer images never take long enough. */
const fewestImages = 128;
/** Work that would take so long on the first device that opens pays for measuring the others, s. */
const worthSeconds = 60;
/** A device that may be slow is first asked for so many images. */
const probeImages = 2;
/** Where these take longer, with all that is prepared for them, nobody waits for more, s. */
const longestProbe = 10;
/** A whole batch is measured where the probe foretells that it takes less, s. */
const longestBatch = 3;
/** Each lane runs at least so many: a batch while the machine did something else is not the median of three. */
const fewestBatches = 3;

/** An open device as it was measured. */
interface Measured extends DeviceSpeed {
  readonly inference: Inference;
}

/**
 * Opens a backbone on the fastest device. `opened.reason` says how it was chosen, and so does the log, in one line.
 * @throws OVR503 none opens
 */
export async function openFastest(request: FastestRequest): Promise<Inference> {
  const { candidates, images, memory } = request;
  const known = await memory.recall();
  if (known) return openKnown(request, known);
  const passed: string[] = [];
  if (images < fewestImages) {
    const { inference } = await firstOf(request, candidates, passed);
    return chosen(
      request,
      inference,
      `the first of the usual order${told(passed)}; not measured for few images`,
    );
  }
  return openMeasured(request, passed);
}

/**
 * Opens a backbone on the fastest of the devices that were measured before; on another where it does not open any more.
 * @param known the fastest first
 * @throws OVR503 none opens
 */
export async function openKnown(
  request: Pick<FastestRequest, 'candidates' | 'open' | 'log'>,
  known: readonly DeviceSpeed[],
): Promise<Inference> {
  const order = [...known.map(({ device }) => device), ...request.candidates];
  const passed: string[] = [];
  const { inference } = await firstOf(request, [...new Set(order)], passed);
  return chosen(request, inference, `${listed(known)}, as measured before${told(passed)}`);
}

async function openMeasured(request: FastestRequest, passed: string[]): Promise<Inference> {
  const { candidates, images, memory } = request;
  let best: Measured | undefined;
  const measured: DeviceSpeed[] = [];
  for (const device of candidates) {
    const found = await measuredOn(request, device, passed);
    if (!found) continue;
    measured.push({ device, imagesPerSecond: found.imagesPerSecond });
    const isBetter = best === undefined || found.imagesPerSecond > best.imagesPerSecond;
    const loser = isBetter ? best : found;
    if (isBetter) best = found;
    await loser?.inference.close();
    const isLast = device === candidates.at(-1);
    if (measured.length === 1 && !isLast && images / found.imagesPerSecond < worthSeconds) {
      const why = 'so fast that the others are not measured';
      return chosen(
        request,
        found.inference,
        `the first of the usual order${told(passed)}; ${listed(measured)}, ${why}`,
      );
    }
  }
  // All failed: the CPU tells why.
  if (!best) return request.open('cpu');
  // A device that failed is tried again the next time.
  if (measured.length > 1) await memory.keep(measured);
  return chosen(request, best.inference, `${listed(measured)}${told(passed)}`);
}

/** The first that opens. @throws what the CPU throws */
async function firstOf(
  { open }: Pick<FastestRequest, 'open'>,
  order: readonly ConcreteDevice[],
  passed: string[],
): Promise<{ readonly inference: Inference }> {
  for (const device of order) {
    try {
      return { inference: await open(device) };
    } catch (error) {
      // Nothing that comes behind the CPU is worth a try without a measurement.
      if (device === 'cpu') throw error;
      passed.push(whyNot(device, error));
    }
  }
  throw new Error('The CPU is among the devices');
}

/** A device with its speed; undefined, and told in `passed`, where it does not open or fails at work. */
async function measuredOn(
  request: FastestRequest,
  device: ConcreteDevice,
  passed: string[],
): Promise<Measured | undefined> {
  let inference: Inference | undefined;
  try {
    inference = await request.open(device);
    return { device, inference, imagesPerSecond: await speedOf(inference, request) };
  } catch (error) {
    if (!(error instanceof OverreadError) || error.kind === 'cancelled') throw error;
    await inference?.close();
    passed.push(whyNot(device, error));
    return undefined;
  }
}

/**
 * Images a second, every lane at work, the first batches not counted: they choose algorithms and take memory. The median batch
 * counts and not the sum of all, since one that waited while the machine did something else says nothing of the device.
 */
async function speedOf(
  inference: Inference,
  { backbone: { channels, weights }, seconds: atLeast = 1, now = () => performance.now() }: FastestRequest,
): Promise<number> {
  const { device } = inference.opened;
  const length = channels * weights.preprocessing.size ** 2;
  const levels = (count: number): Uint8Array<ArrayBuffer> =>
    Uint8Array.from({ length: count * length }, (_, i) => (i * 31) % 251);
  const whole = batchOf(device);
  const run = async (images: Uint8Array<ArrayBuffer>, count: number) => {
    const begun = now();
    const { images: buffer } = await inference.run(images, count);
    return { buffer, seconds: (now() - begun) / 1000 };
  };
  // A graphics device that is software takes minutes for a batch. CUDA is none, and prepares itself anew for each size.
  if (device !== 'cpu' && device !== 'cuda') {
    const first = await run(levels(probeImages), probeImages);
    if (first.seconds > longestProbe) return probeImages / first.seconds;
    const isSlow = (seconds: number): boolean => (seconds * whole) / probeImages > longestBatch;
    const second = await run(first.buffer, probeImages);
    let { seconds } = second;
    // Asked once more: this one may have waited for the machine.
    if (isSlow(seconds)) seconds = Math.min(seconds, (await run(second.buffer, probeImages)).seconds);
    if (isSlow(seconds)) return probeImages / seconds;
  }
  const buffers = await Promise.all(
    Array.from({ length: inference.lanes }, async () => (await run(levels(whole), whole)).buffer),
  );
  const begun = now();
  const batches = await Promise.all(
    buffers.map(async (first) => {
      const taken: number[] = [];
      let buffer = first;
      do {
        const ran = await run(buffer, whole);
        buffer = ran.buffer;
        taken.push(ran.seconds);
      } while (taken.length < fewestBatches || (now() - begun) / 1000 < atLeast);
      return taken;
    }),
  );
  // Each batch had the others beside it.
  return (inference.lanes * whole) / median(batches.flat());
}

/** The lower one of two in the middle. @param values not none */
function median(values: readonly number[]): number {
  return present(values.toSorted((a, b) => a - b)[(values.length - 1) >> 1], 'a value');
}

/** `cpu: 12 images/s, webgpu: 40 images/s` */
function listed(speeds: readonly DeviceSpeed[]): string {
  return speeds
    .map(({ device, imagesPerSecond }) => `${device}: ${Number(imagesPerSecond.toPrecision(2))} images/s`)
    .join(', ');
}

function told(passed: readonly string[]): string {
  return passed.length === 0 ? '' : ` (${passed.join('; ')})`;
}

function whyNot(device: ConcreteDevice, error: unknown): string {
  return `${device}: ${error instanceof Error ? error.message : String(error)}`;
}

/** The same inference, which says why it runs where it does. */
function chosen({ log }: Pick<FastestRequest, 'log'>, inference: Inference, reason: string): Inference {
  const { device } = inference.opened;
  log?.info(`${reason}: ${device} is used`);
  return {
    opened: { device, reason },
    lanes: inference.lanes,
    run: (images, count) => inference.run(images, count),
    close: () => inference.close(),
  };
}
