/** The client of inferenceWorker.ts: inference on a thread of its own. */
import { Worker } from 'node:worker_threads';
import { errorCodes, OverreadError, type ErrorCode } from '../base/errors';
import type { Logger } from '../base/ports';
import type { OpenedDevice } from '../onnx/model';
import type { Inference, InferenceResult } from './inference';
import type { Failure, FromInference, InferenceTask, ToInference } from './inferenceMessages';

/**
 * Opens a backbone on another thread.
 *
 * @param program the built inferenceWorker
 * @throws OVR503 the device does not open
 */
export async function openThreadedInference(
  program: string,
  task: InferenceTask,
  log?: Logger,
): Promise<Inference> {
  const inference = new ThreadedInference(new Worker(program, { workerData: task }), log);
  await inference.whenOpened;
  return inference;
}

interface Waiting<T> {
  resolve(value: T): void;
  reject(error: Error): void;
}

class ThreadedInference implements Inference {
  readonly lanes = 1;
  readonly whenOpened: Promise<OpenedDevice>;
  private device: OpenedDevice | undefined;
  private opening: Waiting<OpenedDevice> | undefined;
  private readonly runs = new Map<number, Waiting<InferenceResult>>();
  private readonly ended: Promise<void>;
  private lastRun = 0;
  /** Why the thread is no more: nobody would answer a run. */
  private failure: Error | undefined;

  constructor(
    private readonly worker: Worker,
    log: Logger | undefined,
  ) {
    this.whenOpened = new Promise((resolve, reject) => {
      this.opening = { resolve, reject };
    });
    this.ended = new Promise((resolve) => {
      worker.once('exit', (code) => {
        this.failAll(new Error(`The inference thread ended (${code})`));
        resolve();
      });
    });
    worker.on('error', (error) => this.failAll(error));
    worker.on('message', (message: FromInference) => this.receive(message, log));
  }

  get opened(): OpenedDevice {
    if (!this.device) throw new Error('The device is not open yet');
    return this.device;
  }

  run(images: Float32Array<ArrayBuffer>, count: number): Promise<InferenceResult> {
    const id = ++this.lastRun;
    if (this.failure) return Promise.reject(this.failure);
    return new Promise((resolve, reject) => {
      this.runs.set(id, { resolve, reject });
      this.send({ kind: 'run', id, images, count }, [images.buffer]);
    });
  }

  async close(): Promise<void> {
    this.send({ kind: 'close' });
    await this.ended;
  }

  private send(message: ToInference, moved: readonly ArrayBuffer[] = []): void {
    this.worker.postMessage(message, [...moved]);
  }

  private receive(message: FromInference, log: Logger | undefined): void {
    switch (message.kind) {
      case 'opened':
        this.device = message.opened;
        this.opening?.resolve(message.opened);
        break;
      case 'log':
        log?.[message.level](message.message);
        break;
      case 'result':
        this.runs.get(message.id)?.resolve(message);
        this.runs.delete(message.id);
        break;
      case 'failed': {
        const waiting = message.id === null ? this.opening : this.runs.get(message.id);
        waiting?.reject(errorFrom(message.failure));
        if (message.id !== null) this.runs.delete(message.id);
        break;
      }
    }
  }

  private failAll(error: Error): void {
    this.failure ??= error;
    this.opening?.reject(error);
    for (const run of this.runs.values()) run.reject(error);
    this.runs.clear();
  }
}

function errorFrom(failure: Failure): Error {
  if (failure.report === null) return new Error(failure.message);
  const { code, ...rest } = failure.report;
  return code in errorCodes
    ? new OverreadError({ code: code as ErrorCode, ...rest })
    : new Error(failure.report.message);
}
