/** Which devices of this machine open. A module of its own: the threads of inference build no graph. */
import { physicalCores } from './cores';
import { autoOrder, deviceFix, type ConcreteDevice } from './devices';
import { GraphBuilder } from './graphBuilder';
import { createSession, missingAsked, oneLine } from './runtime';

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
    const session = await createSession(model, device, { trial: true });
    await session.release();
    const reason = device === 'cpu' ? `${await physicalCores()} threads` : 'opens';
    return { device, opens: true, reason, fix: null };
  } catch (error) {
    return { device, opens: false, reason: oneLine(error), fix: deviceFix(device) };
  }
}
