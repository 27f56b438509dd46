/** Opens ONNX Runtime sessions on the device that was asked for, or on the best that opens. */
import { InferenceSession } from './nativeRuntime';
import { OverreadError } from '../base/errors';
import type { Logger } from '../base/ports';
import { physicalCores } from './cores';
import { autoOrder, deviceFix, isNamed, missingHardware, type ConcreteDevice } from './devices';
import type { Device, OpenedDevice } from './model';
import { GraphBuilder } from './graphBuilder';

export interface SessionSettings {
  /** Threads of one operation on the CPU; the physical cores when absent. */
  readonly threads?: number;
  /** Failures of single runs are expected and not printed: a trial of what a model can do. */
  readonly trial?: boolean;
  /** Threads sleep between two runs, where others work then: waiting for the next in a loop they take its processor time. */
  readonly sleeps?: boolean;
}

/** A session and the device under it. The caller releases it. */
export interface OpenSession {
  readonly session: InferenceSession;
  readonly opened: OpenedDevice;
}

/**
 * Opens a model. `auto` takes the first of the platform's devices that opens, best first, and its reason
 * says what was passed over and why.
 * @throws OVR503 the device that was named does not open
 */
export async function openSession(
  onnx: Uint8Array,
  device: Device,
  log?: Logger,
  settings: SessionSettings = {},
): Promise<OpenSession> {
  if (device !== 'auto') {
    const missing = await missingAsked(device);
    if (missing !== null) throw deviceError(device, missing);
    const session = await open(onnx, device, settings).catch((error: unknown) => {
      throw deviceError(device, error);
    });
    return { session, opened: { device, reason: 'as asked for' } };
  }
  const passed: string[] = [];
  for (const candidate of autoOrder(process.platform)) {
    const missing = await missingHardware(candidate, process.platform);
    if (missing !== null) {
      passed.push(`${candidate}: ${missing}`);
      continue;
    }
    try {
      const session = await open(onnx, candidate, {
        ...settings,
        trial: settings.trial ?? candidate !== 'cpu',
      });
      const reason =
        passed.length === 0 ? 'the best of this platform' : `the best that opens (${passed.join('; ')})`;
      log?.info(`Device ${candidate}: ${reason}`);
      return { session, opened: { device: candidate, reason } };
    } catch (error) {
      if (candidate === 'cpu') throw deviceError(candidate, error);
      passed.push(`${candidate}: ${oneLine(error)}`);
    }
  }
  throw new Error('The CPU is in every list of devices');
}

/** What `overread doctor` says of one device. */
export interface DeviceProbe {
  readonly device: ConcreteDevice;
  readonly opens: boolean;
  /** Why it does not open; what opened otherwise. */
  readonly reason: string;
  /** What would make it open; null when it does. */
  readonly fix: string | null;
}

/** Opens a tiny model on every device that exists on this platform, and on CUDA. */
export async function probeDevices(): Promise<readonly DeviceProbe[]> {
  const graph = new GraphBuilder('probe');
  graph.output(graph.relu(graph.input('x', 'float32', ['N', 4]), 'y'), 'float32', ['N', 4]);
  const model = graph.toModel();
  const candidates = new Set<ConcreteDevice>(autoOrder(process.platform));
  if (process.platform === 'darwin') candidates.add('coreml');
  const probes: DeviceProbe[] = [];
  for (const device of candidates) {
    probes.push(await probe(model, device));
  }
  return probes;
}

async function probe(model: Uint8Array, device: ConcreteDevice): Promise<DeviceProbe> {
  const missing = await missingAsked(device);
  if (missing !== null) return { device, opens: false, reason: missing, fix: deviceFix(device) };
  try {
    const session = await open(model, device, { trial: true });
    await session.release();
    const reason = device === 'cpu' ? `${await physicalCores()} threads` : 'opens';
    return { device, opens: true, reason, fix: null };
  } catch (error) {
    return { device, opens: false, reason: oneLine(error), fix: deviceFix(device) };
  }
}

/** Why a device that was asked for cannot open, as far as is known before. A driver that somebody named is worth a try. */
async function missingAsked(device: ConcreteDevice): Promise<string | null> {
  if (isNamed(device, process.platform)) return null;
  return missingHardware(device, process.platform);
}

async function open(
  onnx: Uint8Array,
  device: ConcreteDevice,
  settings: SessionSettings,
): Promise<InferenceSession> {
  return InferenceSession.create(onnx, {
    // ONNX Runtime itself gives the CPU the operators that the device lacks. Named here as well, the CPU would
    // also take the place of a device that does not open, and nobody would be told.
    executionProviders: [device],
    graphOptimizationLevel: 'all',
    intraOpNumThreads: settings.threads ?? (await physicalCores()),
    interOpNumThreads: 1,
    executionMode: 'sequential',
    logSeverityLevel: settings.trial === true ? 4 : 3,
    ...(settings.sleeps === true ? { extra: { session: { intra_op: { allow_spinning: '0' } } } } : {}),
  });
}

function deviceError(device: ConcreteDevice, error: unknown): OverreadError {
  return new OverreadError({
    code: 'OVR503',
    message: `Device ${device} does not open (${oneLine(error)})`,
    fix: deviceFix(device),
    cause: error,
  });
}

/** ONNX Runtime's messages run over several lines and name its own source files first. */
function oneLine(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  const line = text
    .replaceAll(/\s+/g, ' ')
    .replace(/^.*was false\. /, '')
    .trim();
  return line.length > 200 ? `${line.slice(0, 200)}…` : line;
}
