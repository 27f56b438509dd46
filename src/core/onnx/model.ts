/** Devices on which ONNX Runtime runs. Types only. */

/** Where the model runs; `auto` takes the best that opens. */
export type Device = 'auto' | 'cpu' | 'cuda' | 'webgpu' | 'dml' | 'coreml';

/** A device that was opened, and why it was taken. */
export interface OpenedDevice {
  readonly device: Exclude<Device, 'auto'>;
  readonly reason: string;
}
