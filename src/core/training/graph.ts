/** Runs the graphs of the last layer in ONNX Runtime: typed arrays in, float32 arrays out. */
import * as ort from '../onnx/nativeRuntime';
import { OverreadError } from '../base/errors';
import type { Device } from '../onnx/model';
import { openSession } from '../onnx/runtime';

/** A tensor to feed. The array is read while `run` lasts and is not copied before. */
export type Feed = ort.Tensor;

export function float32(data: Float32Array, shape: readonly number[]): Feed {
  return new ort.Tensor('float32', data, shape);
}

export function int64(values: readonly number[]): Feed {
  return new ort.Tensor('int64', BigInt64Array.from(values, BigInt), [values.length]);
}

/** An opened graph all of whose outputs are float32. */
export interface Graph {
  /** What `auto` came to: further graphs are opened on it without looking again. */
  readonly device: Device;
  run(feeds: Readonly<Record<string, Feed>>): Promise<Readonly<Record<string, Float32Array>>>;
  close(): Promise<void>;
}

/**
 * Opens a graph on `device`.
 * @param threads of the CPU; every core when absent
 * @throws OVR503 the device does not open; `run` throws OVR504 when it fails, for instance out of memory
 */
export async function openGraph(onnx: Uint8Array, device: Device, threads?: number): Promise<Graph> {
  const settings = threads === undefined ? {} : { threads };
  const { session, opened } = await openSession(onnx, device, undefined, settings);
  return {
    device: opened.device,
    run: async (feeds) => {
      const outputs = await session.run(feeds).catch((cause: unknown) => {
        throw new OverreadError({
          code: 'OVR504',
          message: `ONNX Runtime failed while the last layer was trained (${String(cause)})`,
          fix: 'Try again with --device cpu',
          cause,
        });
      });
      const arrays = Object.entries(outputs).map(([name, tensor]) => [name, tensor.data as Float32Array]);
      return Object.fromEntries(arrays) as Readonly<Record<string, Float32Array>>;
    },
    close: () => session.release(),
  };
}
