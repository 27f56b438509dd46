/** What passes between the thread that prepares images and the one that runs the network. Types only. */
import type { ErrorReport } from '../base/report';
import type { Backbone } from '../networks/model';
import type { Device, OpenedDevice } from '../onnx/model';
import type { NetworkImages } from './inference';

/** What the thread is started with. */
export interface InferenceTask {
  readonly backbone: Backbone;
  readonly device: Device;
  /** Threads of one operation on the CPU. */
  readonly threads: number;
  /** Failures are expected, and not printed. */
  readonly trial?: boolean;
}

/** Asks for the features of a batch; `images` is moved, not copied. */
export interface RunMessage {
  readonly kind: 'run';
  readonly id: number;
  readonly images: NetworkImages;
  readonly count: number;
}

export type ToInference = RunMessage | { readonly kind: 'close' };

/** A failure as data: an error of Overread's own with its code, another as its text. */
export type Failure = { readonly report: ErrorReport } | { readonly report: null; readonly message: string };

export type FromInference =
  | { readonly kind: 'opened'; readonly opened: OpenedDevice }
  | { readonly kind: 'log'; readonly level: 'info' | 'warn'; readonly message: string }
  | {
      readonly kind: 'result';
      readonly id: number;
      readonly features: Float32Array<ArrayBuffer>;
      readonly map: Float32Array<ArrayBuffer> | null;
      readonly images: NetworkImages;
    }
  /** Without an id the network was not opened. */
  | { readonly kind: 'failed'; readonly id: number | null; readonly failure: Failure };
