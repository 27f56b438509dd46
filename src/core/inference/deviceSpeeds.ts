/**
 * How fast each device of this machine runs a network, as it was measured when somebody had many images: a small file in the
 * per-user cache. Everything that the figures depend on is in the key: versions, processor, graphics cards, the devices that
 * were there, the network.
 */
import * as os from 'node:os';
import * as path from 'node:path';
import { Type, type Static } from '@sinclair/typebox';
import { jsonReader } from '../base/checkedJson';
import { isErrnoException } from '../base/errnoException';
import { canonicalJson, readTextIfPresent, sha256, writeFileAtomic } from '../base/files';
import { versions } from '../base/versions';
import type { WeightsIdentity } from '../networks/model';
import { graphicsCards, type ConcreteDevice } from '../onnx/devices';

const speedSchema = Type.Object({
  device: Type.Unsafe<ConcreteDevice>({ type: 'string', enum: ['cpu', 'cuda', 'webgpu', 'dml', 'coreml'] }),
  imagesPerSecond: Type.Number({ exclusiveMinimum: 0 }),
});

const parseFile = jsonReader(
  Type.Object({
    version: Type.Literal(1),
    measured: Type.Array(
      Type.Object({
        key: Type.String({ pattern: '^[0-9a-f]{24}$' }),
        /** For people. */
        network: Type.String(),
        time: Type.String(),
        speeds: Type.Array(speedSchema, { minItems: 1 }),
      }),
    ),
  }),
);

/** A device, and how many images a second the network alone does there. */
export type DeviceSpeed = Static<typeof speedSchema>;

/** Networks that are remembered, the latest. */
const mostRemembered = 200;

/** What is remembered of one network on one machine. */
export interface DeviceMemory {
  /** The devices that were measured, the fastest first; undefined where none were. */
  recall(): Promise<readonly DeviceSpeed[] | undefined>;
  keep(speeds: readonly DeviceSpeed[]): Promise<void>;
}

/**
 * What is remembered in the user's cache of a network on this machine.
 * @param candidates the devices that are worth a try
 */
export async function deviceMemory(
  cacheDir: string,
  { architecture, preprocessing, truncate, precision }: WeightsIdentity,
  candidates: readonly ConcreteDevice[],
): Promise<DeviceMemory> {
  const { overread, 'onnxruntime-node': runtime } = versions();
  const depends = {
    ...{ overread, runtime, platform: process.platform, architecture: process.arch },
    ...{ processor: os.cpus()[0]?.model ?? '', processors: os.availableParallelism() },
    ...{ graphics: await graphicsCards(), candidates },
    network: { architecture, size: preprocessing.size, truncate, precision: precision ?? 'fp32' },
  };
  const key = sha256(canonicalJson(depends)).slice(0, 24);
  const file = path.join(cacheDir, 'devices.json');
  const read = async () => {
    const text = await readTextIfPresent(file).catch(() => undefined);
    try {
      return parseFile(text ?? 'null').measured;
    } catch {
      return [];
    }
  };
  return {
    recall: async () => {
      const found = (await read()).find((one) => one.key === key);
      return found?.speeds.toSorted((a, b) => b.imagesPerSecond - a.imagesPerSecond);
    },
    keep: async (speeds) => {
      const others = (await read()).filter((one) => one.key !== key).slice(0, mostRemembered - 1);
      const network = `${architecture} at ${preprocessing.size} px`;
      const entry = { key, network, time: new Date().toISOString(), speeds: [...speeds] };
      const content = { version: 1, measured: [entry, ...others] };
      try {
        await writeFileAtomic(file, `${JSON.stringify(content, null, 2)}\n`);
      } catch (error) {
        // A cache that cannot be written is no fault of the work: it is measured again.
        if (!isErrnoException(error)) throw error;
      }
    },
  };
}
